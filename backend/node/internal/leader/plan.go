package leader

import (
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// startedGrace is how long after its start a run may be missing from what its worker says it has in hand, when this
// leader looked: the worker tells with its next beat. Its lease counts on four of these seconds.
const startedGrace = 5 * time.Second

// plan is what a transaction leaves to do outside of it.
type plan struct {
	now       time.Time // the database's
	startable []store.StartableRun
	stop      []stop
	answered  bool                 // the answer to the last request for a reload
	reload    *store.ReloadRequest // the next one
	backlog   bool                 // due runs found no room
	nextDue   *time.Time
	fleet     *metrics.Fleet
	slots     []store.Slot // that were made, or were there
}

// planner is one transaction of a leader. The number of its statements does not depend on the number of workers, jobs
// or runs.
type planner struct {
	*Leader
	tx       transaction
	settings settings.Values
	crew     crew
	now      time.Time
	due      int // runs that somebody has been given and that should have started
	plan     plan
}

func (l *Leader) plan(ctx context.Context, tx transaction, members []cluster.Member, refused []store.RefusedRun) (plan, error) {
	p := &planner{
		Leader: l, tx: tx, settings: l.config.Settings.Values(), now: tx.Now(),
		crew: muster(members, l.refusals.avoided(l.config.Now())), plan: plan{now: tx.Now()},
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return p.takeBack(ctx, refused) },
		p.sweep,
		p.retry,
		p.makeRuns,
		p.giveOut,
		p.rebalance,
		p.lookAhead,
		p.requests,
		p.oddRows,
	} {
		if err := step(ctx); err != nil {
			return plan{}, err
		}
	}
	return p.plan, nil
}

// takeBack puts runs back in line that are not to be started where they are.
func (p *planner) takeBack(ctx context.Context, refused []store.RefusedRun) error {
	if len(refused) == 0 {
		return nil
	}
	_, err := p.tx.ReturnRefused(ctx, refused)
	return err
}

// sweep gives up what is late and takes back what is lost.
func (p *planner) sweep(ctx context.Context) error {
	type step struct {
		what string
		do   func() (int64, error)
	}
	s, tx, now := p.settings, p.tx, p.now
	steps := []step{
		{"trusted again", func() (int64, error) { return tx.TrustRunning(ctx, p.crew.trusted) }},
	}
	if s.SkipLate > 0 {
		steps = append(steps, step{"skipped", func() (int64, error) { return tx.SkipLate(ctx, now.Add(-s.SkipLate)) }})
	}
	if p.mayJudge() {
		steps = append(steps,
			step{"taken back before their start", func() (int64, error) {
				return tx.OrphanAssigned(ctx, p.crew.present, now.Add(-s.ReassignAfter))
			}},
			step{"doubted", func() (int64, error) {
				return tx.DoubtRunning(ctx, p.crew.active, p.gone(), p.crew.said, now.Add(-p.config.Now().Sub(p.looked)-startedGrace), s.Confirm)
			}},
			step{"taken back while running", func() (int64, error) { return tx.OrphanRunning(ctx) }},
		)
	}
	for _, step := range steps {
		changed, err := step.do()
		if err != nil {
			return err
		}
		p.decided(step.what, changed)
	}
	return nil
}

// mayJudge tells whether this leader may find workers absent. Where Redis does not know it as leader, it has forgotten
// more than that: after a failover all workers are absent until their next beat.
func (p *planner) mayJudge() bool {
	known := slices.ContainsFunc(p.crew.all, func(m cluster.Member) bool { return m.ID == p.config.ID && m.Role == scheduler.Leader })
	if known {
		for _, id := range p.crew.active {
			p.met[id] = true
		}
	}
	return known && p.config.Now().Sub(p.since) >= settleTicks*p.interval()
}

// gone lists the absent workers whose runs may be doubted: at first only those whom this leader has met. A worker's
// lease counts on its heartbeats for as long as they last, and this term may have begun because Redis lost them. When
// a heartbeat's lifetime has passed, nil: all.
func (p *planner) gone() []string {
	if p.config.Now().Sub(p.since) > p.settings.HeartbeatTTL {
		return nil
	}
	gone := []string{}
	for id := range p.met {
		if !slices.Contains(p.crew.active, id) {
			gone = append(gone, id)
		}
	}
	return gone
}

func (p *planner) retry(ctx context.Context) error { return p.retries(ctx, p.tx) }

// makeRuns puts the runs in line that schedules and events ask for.
func (p *planner) makeRuns(ctx context.Context) error {
	jobs, err := p.tx.Jobs(ctx)
	if err != nil {
		return err
	}
	p.read(jobs)
	planned, err := p.tx.Planned(ctx)
	if err != nil {
		return err
	}
	first, horizon := since(p.now, planned, p.settings.SkipLate), p.horizon()
	p.plan.slots = p.slots(jobs, first, p.now, horizon)
	made, err := p.tx.CreateSlots(ctx, p.plan.slots)
	if err != nil {
		return err
	}
	p.config.Metrics.Decided("made by schedule", made)
	if err := p.tx.PlanUntil(ctx, horizon); err != nil {
		return err
	}
	return p.events(ctx, p.tx, jobs)
}

func (p *planner) horizon() time.Time { return p.now.Add(p.settings.AssignAhead).Truncate(time.Minute) }

// giveOut applies the concurrency policies and gives workers what is left in line.
func (p *planner) giveOut(ctx context.Context) error {
	horizon := p.horizon()
	if p.now.After(horizon) { // runs that somebody asked for by hand don't wait for the next whole minute
		horizon = p.now
	}
	waiting, err := p.tx.Waiting(ctx, horizon, p.refusals.held(p.config.Now()))
	if err != nil {
		return err
	}
	contenders, err := p.tx.Contenders(ctx)
	if err != nil {
		return err
	}
	ruling := judge(append(contenders, waiting...))
	if len(ruling.end) > 0 {
		ended, err := p.tx.EndUnstarted(ctx, ruling.end)
		if err != nil {
			return err
		}
		p.decided("ended by their job's concurrency policy", ended)
	}
	if err := p.takeBack(ctx, ruling.back); err != nil {
		return err
	}
	p.plan.stop = ruling.stop
	if _, err := p.tx.ReleaseWaiting(ctx, p.crew.room(p.flights.loads()), p.crew.leaving, p.flights.starting()); err != nil {
		return err
	}
	loads, err := p.tx.Loads(ctx)
	if err != nil {
		return err
	}
	waiting = ruling.goOn(waiting)
	choices := choose(waiting, p.crew.usable, loads, p.settings)
	p.plan.backlog = len(choices) < len(waiting) && waiting[0].Due
	for _, load := range loads {
		p.due += load.Due
	}
	for _, choice := range choices {
		if choice.Run.Due {
			p.due++
		}
	}
	p.plan.fleet = fleet(p.crew, loads, waiting, choices)
	assigned, err := p.tx.Assign(ctx, choices)
	p.config.Metrics.Decided("assigned", assigned)
	return err
}

// fleet is what metrics tell about the cluster.
func fleet(c crew, loads []store.Load, waiting []store.OpenRun, given []store.Choice) *metrics.Fleet {
	f := &metrics.Fleet{Online: len(c.active), Running: map[string]int{}, Assigned: map[string]int{}}
	for _, id := range c.active {
		f.Running[id], f.Assigned[id] = 0, 0
	}
	for _, load := range loads {
		f.Running[load.WorkerID], f.Assigned[load.WorkerID] = load.Running, load.Assigned
	}
	for _, run := range waiting {
		if run.Due {
			f.Waiting++
		}
	}
	for _, choice := range given {
		if choice.Run.Due {
			f.Waiting--
		}
	}
	return f
}

// decided counts and logs what was done to runs.
func (l *Leader) decided(what string, runs int64) {
	if runs == 0 {
		return
	}
	l.config.Metrics.Decided(what, runs)
	l.config.Log.Info("runs "+what, "count", runs)
}

// rebalance spreads what is assigned ahead anew when workers have come or gone.
func (p *planner) rebalance(ctx context.Context) error {
	if !p.settings.Rebalance || len(p.crew.usable) == 0 {
		return nil
	}
	movable, err := p.tx.Movable(ctx, p.now.Add(p.settings.RebalanceMinFuture), p.now.Add(-p.settings.RebalanceCooldown))
	if err != nil || len(movable) == 0 {
		return err
	}
	loads, err := p.tx.Loads(ctx)
	if err != nil {
		return err
	}
	moves := rebalance(movable, p.crew.usable, loads, p.settings)
	if len(moves) == 0 {
		return nil
	}
	moved, err := p.tx.Move(ctx, moves)
	p.decided("moved to workers with less to do", moved)
	return err
}

// lookAhead watches what may have to be tried again, and finds what starts now and when the next run is due.
func (p *planner) lookAhead(ctx context.Context) (err error) {
	if _, err = p.tx.WatchRuns(ctx); err != nil {
		return err
	}
	if p.plan.startable, err = p.tx.Startable(ctx, p.crew.room(p.flights.loads()), p.flights.starting()); err != nil {
		return err
	}
	p.plan.backlog = p.plan.backlog || p.due > len(p.plan.startable)
	p.plan.nextDue, err = p.tx.NextDue(ctx)
	return err
}
