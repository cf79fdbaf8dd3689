package leader

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// startedGrace is how long after its start a run may be missing from what its worker says it has in hand: the worker
// tells with its next beat.
const startedGrace = 5 * time.Second

// plan is what a transaction leaves to do outside of it.
type plan struct {
	startable []store.StartableRun
	nextDue   *time.Time
}

// plan is the leader's transaction. The number of statements does not depend on the number of workers, jobs or runs.
func (l *Leader) plan(ctx context.Context, tx *store.LeaderTx, members []cluster.Member, now time.Time) (plan, error) {
	settings, err := l.settings(ctx, tx)
	if err != nil {
		return plan{}, err
	}
	crew := muster(members, l.refusals.avoided(now))
	if err := l.sweep(ctx, tx, crew, settings, now); err != nil {
		return plan{}, err
	}
	jobs, err := tx.TimeJobs(ctx)
	if err != nil {
		return plan{}, err
	}
	horizon := now.Add(settings.assignAhead).Truncate(time.Minute)
	made, err := tx.CreateSlots(ctx, l.slots(jobs, now.Truncate(time.Minute), horizon))
	if err != nil {
		return plan{}, err
	}
	if err := l.assign(ctx, tx, crew, settings, later(horizon, now), now); err != nil {
		return plan{}, err
	}
	if made > 0 {
		l.config.Log.Debug("made runs", "count", made)
	}
	var p plan
	if p.startable, err = tx.Startable(ctx); err != nil {
		return plan{}, err
	}
	p.nextDue, err = tx.NextDue(ctx)
	return p, err
}

// later keeps runs that somebody asked for by hand, due now, from waiting for the next whole minute.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sweep gives up what is late and takes back what is lost.
func (l *Leader) sweep(ctx context.Context, tx *store.LeaderTx, crew crew, s settings, now time.Time) error {
	type step struct {
		what string
		do   func() (int64, error)
	}
	steps := []step{
		{"trusted again", func() (int64, error) { return tx.TrustRunning(ctx, crew.said) }},
	}
	if s.skipLate > 0 {
		steps = append(steps, step{"skipped", func() (int64, error) { return tx.SkipLate(ctx, now.Add(-s.skipLate)) }})
	}
	if now.Sub(l.since) >= settleTicks*l.config.Tick {
		steps = append(steps,
			step{"taken back before their start", func() (int64, error) {
				return tx.OrphanAssigned(ctx, crew.present, now.Add(-s.reassignAfter))
			}},
			step{"doubted", func() (int64, error) {
				return tx.DoubtRunning(ctx, crew.active, crew.said, now.Add(-startedGrace), now.Add(s.confirm))
			}},
			step{"taken back while running", func() (int64, error) { return tx.OrphanRunning(ctx) }},
		)
	}
	for _, step := range steps {
		changed, err := step.do()
		if err != nil {
			return err
		}
		if changed > 0 {
			l.config.Log.Info("runs "+step.what, "count", changed)
		}
	}
	return nil
}

func (l *Leader) assign(ctx context.Context, tx *store.LeaderTx, crew crew, s settings, horizon, now time.Time) error {
	if _, err := tx.ReleaseWaiting(ctx, crew.ids(), crew.leaving); err != nil {
		return err
	}
	loads, err := tx.Loads(ctx)
	if err != nil {
		return err
	}
	waiting, err := tx.Waiting(ctx, horizon, l.refusals.held(now))
	if err != nil {
		return err
	}
	_, err = tx.Assign(ctx, choose(waiting, crew.usable, loads, s))
	return err
}
