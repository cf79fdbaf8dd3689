package operations

import (
	"context"
	"slices"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// undockWorker takes back that a worker was asked to leave, as long as it has not left.
type undockWorker struct{ id string }

// PlanUndockWorker previews taking a worker's detach flag away.
func (c *Commands) PlanUndockWorker(ctx context.Context, id string) (Plan, error) {
	return c.plan(ctx, undockWorker{id})
}

func (o undockWorker) look(ctx context.Context, c *Commands) (sight, error) {
	flag, err := c.Ports.Flags.DetachFlag(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	if flag == nil {
		return sight{}, conflict("operation.not_detached", "Nobody asked worker %q to detach.", o.id).With("worker", o.id)
	}
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return sight{}, err
	}
	s := scene{Fleet: fleet, worker: scheduler.Worker{ID: o.id}}
	seen := sight{
		Preview: Preview{Action: "worker.undock", Target: o.id, Tier: Plain, Reversible: true, Epoch: fleet.Leadership.Epoch},
		basis:   basis{"flag": flag.ActionID},
	}
	at := slices.IndexFunc(fleet.Workers, func(w scheduler.Worker) bool { return w.ID == o.id && !w.Silent() })
	drained := false
	if at < 0 {
		seen.Notes = append(seen.Notes, info("undock_gone"))
	} else {
		s.worker = fleet.Workers[at]
		if s.obeys(scheduler.CanDetach) {
			seen.Notes = append(seen.Notes, warning("undock_leaving"))
		} else if status, err := c.status(ctx, s.worker); err != nil {
			return sight{}, err
		} else if drained = status.Draining; drained {
			seen.Notes = append(seen.Notes, info("undock_drain_ends"))
		}
	}
	seen.basis["worker"] = s.worker.Address + boolText(drained)
	seen.Notes = append(seen.Notes, info("undock_new_id"))
	seen.act = func(ctx context.Context, p performance) Outcome {
		detail := s.detail("")
		detail["drained"] = drained
		return p.journal(ctx, detail, func(ctx context.Context) effect { return s.undock(ctx, p, drained) })
	}
	return seen, nil
}

func (s scene) undock(ctx context.Context, p performance, drained bool) effect {
	e := effect{result: Done, accepted: NoMatter, written: Yes, observed: NoMatter}
	err := p.Ports.Flags.ClearDetach(ctx, s.worker.ID)
	p.at("unflagged")
	found, look := p.Ports.Flags.DetachFlag(ctx, s.worker.ID)
	e.observed = yesNo(look == nil && found == nil)
	if look != nil {
		e.observed = Unclear
	}
	if err != nil && e.observed != Yes {
		e.written = fact(err)
		return e.failure(err)
	}
	if drained {
		e = s.drain(ctx, p, false, e)
		if e.result == Failed {
			e.result = Unknown // the flag is gone, and the worker may still take nothing
		}
	}
	return e
}
