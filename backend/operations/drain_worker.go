package operations

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The ways to drain a worker.
const (
	wayDrainKnown   = "drain.known"   // the leader sees that it drains
	wayDrainRelease = "drain.release" // the leader doesn't: what waits for it is sent back once
)

// drainWorker lets a worker finish what it has and take nothing new, or ends that.
type drainWorker struct {
	id     string
	enable bool
}

// PlanDrainWorker previews letting a worker take nothing new.
func (c *Commands) PlanDrainWorker(ctx context.Context, id string) (Plan, error) {
	return c.plan(ctx, drainWorker{id, true})
}

// PlanUndrainWorker previews letting a drained worker work again.
func (c *Commands) PlanUndrainWorker(ctx context.Context, id string) (Plan, error) {
	return c.plan(ctx, drainWorker{id, false})
}

func (o drainWorker) look(ctx context.Context, c *Commands) (sight, error) {
	s, err := c.around(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	status, err := c.status(ctx, s.worker)
	if err != nil {
		return sight{}, err
	}
	if status.Draining == o.enable {
		if o.enable {
			return sight{}, conflict("operation.already_draining", "Worker %q is draining already.", o.id).With("worker", o.id)
		}
		return sight{}, conflict("operation.not_draining", "Worker %q is not draining.", o.id).With("worker", o.id)
	}
	if !o.enable {
		return o.undrain(s), nil
	}
	seen := sight{
		Preview: Preview{Action: "worker.drain", Target: o.id, Way: wayDrainKnown, Reversible: true, Epoch: s.Leadership.Epoch},
		basis:   s.basis(),
	}
	seen.Tier, seen.Touches, seen.Notes = s.withdrawal()
	if !s.obeys(scheduler.CanDrain) {
		seen.Way = wayDrainRelease
		seen.Notes = append(seen.Notes, warning("drain_not_known"))
	}
	seen.Notes = append(seen.Notes, info("drain_until_restart"))
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.journal(ctx, s.detail(seen.Way), func(ctx context.Context) effect {
			e := s.drain(ctx, p, true, effect{result: Done, written: NoMatter, observed: NoMatter})
			if e.result == Done && seen.Way == wayDrainRelease {
				e = s.release(ctx, p, e)
			}
			return e
		})
	}
	return seen, nil
}

func (o drainWorker) undrain(s scene) sight {
	seen := sight{
		Preview: Preview{Action: "worker.undrain", Target: o.id, Tier: Plain, Reversible: true, Epoch: s.Leadership.Epoch},
		basis:   basis{"worker": s.worker.Address, "flag": boolText(s.worker.DetachFlag)},
	}
	if s.worker.DetachFlag {
		seen.Notes = []Note{warning("undrain_detached")}
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.journal(ctx, s.detail(""), func(ctx context.Context) effect {
			return s.drain(ctx, p, false, effect{result: Done, written: NoMatter, observed: NoMatter})
		})
	}
	return seen
}

// drain tells the worker, and looks at what it says afterwards. Where the answer was lost, what it says decides.
func (s scene) drain(ctx context.Context, p performance, enable bool, e effect) effect {
	draining, err := p.Ports.Orders.Drain(ctx, s.worker.Address, epochNumber(p.plan.Epoch), enable)
	p.at("ordered")
	e.accepted = fact(err)
	e.observed = Unclear
	wait(ctx, settle, func(ctx context.Context) bool {
		status, err := p.status(ctx, s.worker)
		if err == nil {
			e.observed = yesNo(status.Draining == enable)
		}
		return e.observed == Yes || err != nil && ctx.Err() != nil
	})
	switch {
	case err == nil && draining == enable:
		return e
	case e.observed == Yes && (err == nil || lost(err)):
		return e
	case err != nil:
		return e.failure(err)
	}
	e.result, e.reason, e.accepted = Failed, "operation.not_obeyed", No
	return e
}

func yesNo(is bool) Fact {
	if is {
		return Yes
	}
	return No
}

func boolText(is bool) string { return string(yesNo(is)) }
