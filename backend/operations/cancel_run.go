package operations

import (
	"context"
	"slices"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The ways to cancel a run.
const (
	wayCancelWaiting = "cancel.waiting" // nobody has started it
	wayCancelWorker  = "cancel.worker"  // the worker that has it ends it
	wayCancelLost    = "cancel.lost"    // no worker has it any more
)

// cancelRun ends a run. One that runs is ended by its worker, which also writes the row; only where no worker holds it is
// the row written from here.
type cancelRun struct{ id scheduler.RunID }

// PlanCancelRun previews ending a run.
func (c *Commands) PlanCancelRun(ctx context.Context, id scheduler.RunID) (Plan, error) {
	return c.plan(ctx, cancelRun{id})
}

func (o cancelRun) look(ctx context.Context, c *Commands) (sight, error) {
	run, fleet, err := c.openRun(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{Action: "job_run.cancel", Target: runText(o.id), Tier: Confirm, Epoch: fleet.Leadership.Epoch},
		basis:   basis{"run": runVersion(run)},
	}
	if run.State != scheduler.Running {
		seen.Way = wayCancelWaiting
		seen.Touches = []Touch{touch("waiting", runNames([]scheduler.Run{run})...)}
		seen.act = func(ctx context.Context, p performance) Outcome {
			return p.direct(ctx, "run_cancel_waiting", map[string]any{"run_id": int64(run.ID), "seen_version": run.Version})
		}
		return seen, nil
	}
	seen.Touches = []Touch{touch("running", runNames([]scheduler.Run{run})...)}
	worker, lives := holder(fleet, run)
	if !lives {
		seen.Way, seen.Tier = wayCancelLost, Dangerous
		seen.Notes = append(seen.Notes, danger("may_still_run", "worker", run.AssignedWorker))
	} else {
		seen.Way = wayCancelWorker
		if run.Continuation == scheduler.Confirming {
			seen.Notes = append(seen.Notes, warning("cancel_doubted"))
		}
		if _, err := c.status(ctx, worker); err != nil {
			return sight{}, err
		}
	}
	seen.Notes = append(seen.Notes, info("cancel_keeps_log"))
	h := held{run: run, worker: worker, lives: lives}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.journal(ctx, h.detail(seen.Way), h.cancel(p))
	}
	return seen, nil
}

// openRun reads a run that is not over, and the fleet.
func (c *Commands) openRun(ctx context.Context, id scheduler.RunID) (scheduler.Run, scheduler.Fleet, error) {
	run, err := c.Ports.Runs.Run(ctx, id)
	if err != nil {
		return run, scheduler.Fleet{}, err
	}
	if run.State.Final() {
		return run, scheduler.Fleet{}, over(run)
	}
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	return run, fleet, err
}

func over(run scheduler.Run) error {
	return conflict("operation.run_over", "Run %d is over: it is %s.", run.ID, run.State).
		With("run", runText(run.ID)).With("state", string(run.State))
}

// holder is the worker that has a run, and whether it lives.
func holder(fleet scheduler.Fleet, run scheduler.Run) (scheduler.Worker, bool) {
	at := slices.IndexFunc(fleet.Workers, func(w scheduler.Worker) bool { return w.ID == run.AssignedWorker && !w.Silent() })
	if run.AssignedWorker == "" || at < 0 {
		return scheduler.Worker{ID: run.AssignedWorker}, false
	}
	return fleet.Workers[at], true
}

// held is a running run with the worker that has it.
type held struct {
	run    scheduler.Run
	worker scheduler.Worker
	lives  bool
}

func (h held) detail(way string) map[string]any {
	return map[string]any{
		"way": way, "run": runText(h.run.ID), "version": h.run.Version, "worker": h.worker.ID, "address": h.worker.Address,
	}
}

func (h held) cancel(p performance) func(context.Context) effect {
	return func(ctx context.Context) effect {
		e := effect{result: Done, accepted: NoMatter, written: No, observed: No}
		if !h.lives {
			return h.writeCanceled(ctx, p, e)
		}
		answer, err := p.Ports.Orders.CancelJob(ctx, h.worker.Address, epochNumber(p.plan.Epoch), h.run.ID, p.reason)
		p.at("ordered")
		e.seen = map[string]any{"answer": answer}
		switch {
		case err != nil && !lost(err):
			e.accepted = No
			return e.failure(err)
		case err != nil:
			e.accepted = Unclear
		case answer == CancelOldEpoch:
			e.result, e.reason, e.accepted = Failed, "operation.epoch_moved", No
			return e
		case answer == CancelNotFound:
			return h.notThere(ctx, p, e)
		default:
			e.accepted = yesNo(answer == CancelAccepted)
		}
		return h.watch(ctx, p, e, err)
	}
}

// notThere decides what it means that the worker doesn't know the run: it ended just now, or no worker holds it.
func (h held) notThere(ctx context.Context, p performance, e effect) effect {
	e.accepted = No
	run, err := p.Ports.Runs.Run(ctx, h.run.ID)
	if err != nil {
		return e.failure(err)
	}
	if run.State.Final() {
		return h.ended(run, e)
	}
	status, err := p.status(ctx, h.worker)
	if err != nil {
		return e.failure(err)
	}
	if status.CurrentRun == runText(h.run.ID) {
		e.result, e.reason = Failed, "operation.not_obeyed"
		return e
	}
	return h.writeCanceled(ctx, p, e)
}

// watch waits for the run's row, which its worker writes once the command has ended.
func (h held) watch(ctx context.Context, p performance, e effect, err error) effect {
	var run scheduler.Run
	over := wait(ctx, obeyed, func(ctx context.Context) bool {
		var look error
		run, look = p.Ports.Runs.Run(ctx, h.run.ID)
		return look == nil && run.State.Final()
	})
	if over {
		return h.ended(run, e)
	}
	e.result, e.reason, e.written = Unknown, "operation.not_obeyed_yet", Unclear
	if err != nil {
		e = e.failure(err)
		e.result, e.observed = Unknown, Unclear
	}
	return e
}

// ended is the effect when the run is over, by whatever.
func (h held) ended(run scheduler.Run, e effect) effect {
	if e.seen == nil {
		e.seen = map[string]any{}
	}
	e.seen["state"] = run.State
	if run.State == scheduler.Canceled {
		e.result, e.written, e.observed = Done, Yes, Yes
		return e
	}
	e.result, e.reason, e.written = Failed, "operation.ended_first", No
	e.args = []string{"state", string(run.State)}
	return e
}

// writeCanceled writes the row that no worker holds.
func (h held) writeCanceled(ctx context.Context, p performance, e effect) effect {
	verdict, err := p.inside(ctx, "run_cancel_lost", map[string]any{"run_id": int64(h.run.ID), "seen_version": h.run.Version})
	p.at("written")
	e.written = fact(err)
	if err != nil {
		return e.failure(err)
	}
	if verdict.Result != "done" {
		e.result, e.reason, e.written, e.observed = Failed, verdict.Reason, No, NoMatter
		return e
	}
	e.observed = Yes
	return e
}
