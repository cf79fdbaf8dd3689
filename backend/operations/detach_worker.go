package operations

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The ways to take a worker out of the cluster.
const (
	wayDetachFlag  = "detach.flag"  // it reads the flag
	wayDetachDrain = "detach.drain" // it doesn't: it is drained, and its waiting runs are sent back
)

// detachWorker takes a worker out of the cluster: nothing new is assigned to it. A worker that reads the flag asks whether
// it may finish its run, leaves, and rejoins under a new id, never under this one.
type detachWorker struct{ id string }

// PlanDetachWorker previews taking a worker out of the cluster.
func (c *Commands) PlanDetachWorker(ctx context.Context, id string) (Plan, error) {
	return c.plan(ctx, detachWorker{id})
}

func (o detachWorker) look(ctx context.Context, c *Commands) (sight, error) {
	s, err := c.around(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{Action: "worker.detach", Target: o.id, Way: wayDetachFlag, Epoch: s.Leadership.Epoch},
		basis:   s.basis(),
	}
	if !s.obeys(scheduler.CanDetach) {
		seen.Way, seen.Reversible = wayDetachDrain, true
	}
	if s.worker.Detached || s.worker.DetachFlag && (seen.Way == wayDetachFlag || s.worker.Draining) {
		return sight{}, conflict("operation.already_detached", "Worker %q is detached already, or has been asked to.", o.id).With("worker", o.id)
	}
	seen.Tier, seen.Touches, seen.Notes = s.withdrawal()
	switch {
	case s.worker.Role == scheduler.Leader && seen.Way == wayDetachFlag:
		seen.Notes = append(seen.Notes, warning("detach_leader_leaves"))
	case s.worker.Role == scheduler.Leader:
		seen.Notes = append(seen.Notes, warning("detach_leader"))
	}
	if seen.Way == wayDetachDrain {
		if _, err := c.status(ctx, s.worker); err != nil {
			return sight{}, err // only a call makes it stop: nothing is gained by the flag alone
		}
		seen.Notes = append(seen.Notes, warning("detach_not_native"))
		seen.act = func(ctx context.Context, p performance) Outcome {
			return p.journal(ctx, s.detail(seen.Way), s.detachByDrain(p))
		}
		return seen, nil
	}
	if len(s.running) > 0 || s.worker.CurrentRun != "" {
		seen.Notes = append(seen.Notes, warning("detach_confirms"))
	}
	seen.Notes = append(seen.Notes, info("detach_new_id"))
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.journal(ctx, s.detail(seen.Way), s.detachByFlag(p))
	}
	return seen, nil
}

// detail is what the audit keeps of a worker that is taken out of service, for whoever reconciles it.
func (s scene) detail(way string) map[string]any {
	return map[string]any{
		"way": way, "node": s.worker.NodeID, "address": s.worker.Address, "running": runIDs(s.running), "assigned": s.open.Assigned,
	}
}

// flag writes the worker's flag. Where the answer is lost it looks whether the flag is there.
func (s scene) flag(ctx context.Context, p performance, e effect) effect {
	flag := Flag{By: p.by(ctx), Reason: p.reason, ActionID: string(p.plan.ID), Epoch: p.plan.Epoch}
	err := p.Ports.Flags.SetDetach(ctx, s.worker.ID, flag)
	if err != nil {
		found, look := p.Ports.Flags.DetachFlag(ctx, s.worker.ID)
		if look != nil || found == nil || found.ActionID != flag.ActionID {
			e = e.failure(err)
			e.written = fact(err)
			return e
		}
	}
	p.at("flagged")
	e.written = Yes
	return e
}

func (s scene) detachByFlag(p performance) func(context.Context) effect {
	return func(ctx context.Context) effect {
		e := s.flag(ctx, p, effect{result: Done, accepted: NoMatter, observed: NoMatter})
		if e.result != Done {
			return e
		}
		e.observed = No
		if wait(ctx, obeyed, func(ctx context.Context) bool { return p.hasDetached(ctx, s.worker.ID) }) {
			e.observed = Yes
		} else {
			e.reason = "operation.not_obeyed_yet"
		}
		e.seen = map[string]any{"flag": true}
		return e
	}
}

// hasDetached tells whether a worker says that it is detached, or has left. One look that fails shows nothing.
func (c *Commands) hasDetached(ctx context.Context, id string) bool {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return false
	}
	for _, w := range fleet.Workers {
		if w.ID == id {
			return w.Detached || w.Silent()
		}
	}
	return true
}

func (s scene) detachByDrain(p performance) func(context.Context) effect {
	return func(ctx context.Context) effect {
		e := s.flag(ctx, p, effect{result: Done, accepted: NoMatter, observed: NoMatter})
		if e.result != Done {
			return e
		}
		e = s.drain(ctx, p, true, e)
		if e.result == Failed {
			// A flag that nobody obeys would only mislead. If it can't be taken back, the operation is not known to have failed.
			if p.Ports.Flags.ClearDetach(ctx, s.worker.ID) != nil {
				e.result, e.written = Unknown, Unclear
			} else {
				e.written = No
			}
			return e
		}
		return s.release(ctx, p, e)
	}
}

// release sends the runs back that wait for a worker which will not start them.
func (s scene) release(ctx context.Context, p performance, e effect) effect {
	verdict, err := p.inside(ctx, "run_release", map[string]any{"worker_id": s.worker.ID})
	p.at("released")
	if e.seen == nil {
		e.seen = map[string]any{}
	}
	switch {
	case err != nil:
		f := e.failure(err)
		f.seen["released"] = false
		if f.result == Failed {
			f.result = Unknown // the worker has stopped taking runs; only its old ones may still wait for it
		}
		return f
	case verdict.Result != "done":
		e.result, e.reason = Unknown, verdict.Reason
		e.seen["released"] = false
	default:
		e.seen["released"] = verdict.Detail
	}
	return e
}

// settle is how long a worker may take to publish what it was told.
const settle = 3 * time.Second
