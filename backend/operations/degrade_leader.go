package operations

import (
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The ways to make a leader step down.
const (
	wayDegradeFlag = "degrade.flag" // it reads the flag
	wayDegradeLock = "degrade.lock" // it doesn't: the flag is set, and its lock is taken away
)

// degradeLasts is how long a leader is asked to step down, as the contract has it.
const degradeLasts = 30 * time.Second

// degradeLeader makes the leader step down, so that another worker leads.
type degradeLeader struct{}

// PlanDegradeLeader previews making the leader step down.
func (c *Commands) PlanDegradeLeader(ctx context.Context) (Plan, error) {
	return c.plan(ctx, degradeLeader{})
}

func (o degradeLeader) look(ctx context.Context, c *Commands) (sight, error) {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return sight{}, err
	}
	leader := fleet.Leadership.LeaderID
	if leader == "" {
		return sight{}, conflict("operation.no_leader", "Nobody leads now: there is nobody to step down.")
	}
	if fleet.Leadership.Degrading {
		return sight{}, conflict("operation.already_degrading", "The leader has been asked to step down already. Wait half a minute.")
	}
	s := scene{Fleet: fleet, worker: scheduler.Worker{ID: leader}}
	if at := slices.IndexFunc(fleet.Workers, func(w scheduler.Worker) bool { return w.ID == leader }); at >= 0 {
		s.worker = fleet.Workers[at]
	}
	seen := sight{
		Preview: Preview{
			Action: "leader.degrade", Target: leader, Tier: Confirm, Way: wayDegradeFlag, Epoch: fleet.Leadership.Epoch,
		},
	}
	if !s.obeys(scheduler.CanDegrade) {
		seen.Way = wayDegradeLock
		seen.Notes = append(seen.Notes, warning("degrade_not_native"))
	}
	successors, standby := successorsOf(s)
	seen.Touches = []Touch{touch("subleaders", standby...), touch("successors", successors...)}
	seen.basis = basis{"leader": leader, "successor": boolText(len(successors) > 0)}
	switch {
	case len(successors) == 0:
		seen.Tier = Dangerous
		seen.Notes = append(seen.Notes, danger("degrade_nobody"))
	case len(standby) == 0:
		seen.Notes = append(seen.Notes, warning("degrade_no_subleader"))
	}
	seen.Notes = append(seen.Notes, info("degrade_runs_go_on"))
	seen.act = func(ctx context.Context, p performance) Outcome {
		detail := map[string]any{"way": seen.Way, "leader": leader, "epoch": epochText(seen.Epoch)}
		return p.journal(ctx, detail, func(ctx context.Context) effect { return s.degrade(ctx, p) })
	}
	return seen, nil
}

// successorsOf lists who could lead next, and those of them that stand by already.
func successorsOf(s scene) (all, standby []string) {
	for _, w := range s.Workers {
		if w.ID == s.worker.ID || w.Silent() {
			continue
		}
		all = append(all, w.ID)
		if w.Role == scheduler.SubLeader {
			standby = append(standby, w.ID)
		}
	}
	return all, standby
}

func (s scene) degrade(ctx context.Context, p performance) effect {
	e := effect{result: Done, accepted: NoMatter, written: Yes, observed: No, seen: map[string]any{}}
	flag := Flag{By: p.by(ctx), Reason: p.reason, ActionID: string(p.plan.ID), Epoch: p.plan.Epoch}
	err := p.Ports.Flags.AskDegrade(ctx, flag, degradeLasts)
	p.at("flagged")
	e.written = fact(err)
	if err != nil && !lost(err) {
		e.observed = NoMatter
		return e.failure(err)
	}
	if p.plan.Way == wayDegradeLock {
		// The epoch lies in another slot than the lock, so it can't be part of the transaction; it is read just before.
		if now, look := p.Ports.Fleet.Fleet(ctx); look == nil && s.moved(now.Leadership) {
			e.reason, e.observed = "operation.leader_changed", NoMatter
			e.result = Failed // the flag names the old epoch: nobody obeys it
			return e
		}
		var taken bool
		if taken, err = p.Ports.Flags.TakeLock(ctx, s.worker.ID); err != nil {
			e.written = fact(err)
		}
		p.at("lock_taken")
		e.seen["lock_taken"] = taken
	}
	changed := wait(ctx, obeyed, func(ctx context.Context) bool {
		now, look := p.Ports.Fleet.Fleet(ctx)
		if look != nil || !s.moved(now.Leadership) || now.Leadership.LeaderID == "" {
			return false
		}
		e.seen["leader"], e.seen["epoch"] = now.Leadership.LeaderID, epochText(now.Leadership.Epoch)
		e.args = []string{"leader", now.Leadership.LeaderID, "epoch", epochText(now.Leadership.Epoch)}
		return true
	})
	if changed {
		e.observed, e.reason, e.written = Yes, "operation.new_leader", Yes
		return e
	}
	return s.stillLeads(ctx, p, e, err)
}

// stillLeads says what is known when no new leader was seen in time.
func (s scene) stillLeads(ctx context.Context, p performance, e effect, err error) effect {
	now, look := p.Ports.Fleet.Fleet(ctx)
	switch {
	case look != nil:
		e.observed = Unclear
		e = e.failure(look)
		e.result = Unknown
	case now.Leadership.LeaderID == "":
		e.reason = "operation.nobody_leads_yet"
		e.seen["leader"] = ""
	case err != nil:
		e = e.failure(err)
		e.result = Unknown
	default:
		e.result, e.reason = Unknown, "operation.not_obeyed_yet"
	}
	return e
}

// moved tells whether the leadership is another one than the look's.
func (s scene) moved(now scheduler.Leadership) bool {
	return now.LeaderID != s.worker.ID || epochText(now.Epoch) != epochText(s.Leadership.Epoch)
}
