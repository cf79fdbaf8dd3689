package operations

import (
	"context"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// cancelCurrent ends the run that a worker has in hand, whichever that is.
type cancelCurrent struct{ id string }

// PlanCancelCurrent previews ending the run that a worker has in hand.
func (c *Commands) PlanCancelCurrent(ctx context.Context, worker string) (Plan, error) {
	return c.plan(ctx, cancelCurrent{worker})
}

func (o cancelCurrent) look(ctx context.Context, c *Commands) (sight, error) {
	s, err := c.around(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	status, err := c.status(ctx, s.worker)
	if err != nil {
		return sight{}, err
	}
	id, err := strconv.ParseInt(status.CurrentRun, 10, 64)
	if err != nil {
		return sight{}, conflict("operation.nothing_running", "Worker %q has no run in hand.", o.id).With("worker", o.id)
	}
	run, err := c.Ports.Runs.Run(ctx, scheduler.RunID(id))
	if err != nil {
		return sight{}, err
	}
	if run.State.Final() || run.AssignedWorker != o.id {
		return sight{}, conflict("operation.nothing_running", "Worker %q has no run in hand.", o.id).With("worker", o.id)
	}
	seen := sight{
		Preview: Preview{
			Action: "worker.cancel_current", Target: o.id, Tier: Confirm, Way: wayCancelWorker, Epoch: s.Leadership.Epoch,
			Touches: []Touch{touch("running", runNames([]scheduler.Run{run})...)}, Notes: []Note{info("cancel_keeps_log")},
		},
		basis: basis{"run": runText(run.ID)},
	}
	h := held{run: run, worker: s.worker, lives: true}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.journal(ctx, h.detail(seen.Way), h.cancel(p))
	}
	return seen, nil
}
