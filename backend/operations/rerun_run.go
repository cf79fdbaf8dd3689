package operations

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// rerunRun makes a new run of a run that is over, due now.
type rerunRun struct{ id scheduler.RunID }

// PlanRerunRun previews running a run that is over once more.
func (c *Commands) PlanRerunRun(ctx context.Context, id scheduler.RunID) (Plan, error) {
	return c.plan(ctx, rerunRun{id})
}

func (o rerunRun) look(ctx context.Context, c *Commands) (sight, error) {
	run, err := c.Ports.Runs.Run(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	if !run.State.Final() {
		return sight{}, conflict("operation.run_open", "Run %d is not over: it is %s.", run.ID, run.State).
			With("run", runText(run.ID)).With("state", string(run.State))
	}
	seen := sight{
		Preview: Preview{
			Action: "job_run.rerun", Target: runText(o.id), Tier: Plain,
			Touches: []Touch{touch("new_run", run.JobName)}, Notes: []Note{info("rerun_as_now")},
		},
		basis: basis{"run": runVersion(run)},
	}
	if run.State == scheduler.Succeeded {
		seen.Tier = Confirm
		seen.Notes = append(seen.Notes, warning("rerun_succeeded"))
	}
	job, err := c.Ports.Jobs.Job(ctx, run.JobID)
	if err != nil {
		return sight{}, err
	}
	notes, err := c.besides(ctx, job)
	if err != nil {
		return sight{}, err
	}
	seen.Notes = append(seen.Notes, notes...)
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "run_rerun", map[string]any{"run_id": int64(run.ID), "seen_version": run.Version})
	}
	return seen, nil
}
