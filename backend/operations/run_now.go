package operations

import (
	"context"
	"encoding/json"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// runNow makes a run of a job that is due now, with the job's arguments or others.
type runNow struct {
	id   scheduler.JobID
	args json.RawMessage // nil: the job's own
}

// PlanRunNow previews running a job now. args is JSON text, "" for the job's own arguments.
func (c *Commands) PlanRunNow(ctx context.Context, id scheduler.JobID, args string) (Plan, error) {
	o := runNow{id: id}
	if args != "" {
		o.args = json.RawMessage(args)
	}
	return c.plan(ctx, o)
}

func (o runNow) look(ctx context.Context, c *Commands) (sight, error) {
	job, err := c.Ports.Jobs.Job(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{
			Action: "job.run", Target: jobText(o.id), Tier: Plain, Touches: []Touch{touch("new_run", job.Name)},
		},
		basis: basis{"job": jobVersion(job)},
	}
	if o.args != nil {
		if err := checkDocument(o.args); err != nil {
			return sight{}, err
		}
		seen.Notes = append(seen.Notes, info("run_now_args"))
	}
	if !job.Enabled {
		seen.Notes = append(seen.Notes, info("run_now_disabled"))
	}
	notes, err := c.besides(ctx, job)
	if err != nil {
		return sight{}, err
	}
	seen.Notes = append(seen.Notes, notes...)
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_run_now", map[string]any{"job_id": int64(o.id), "seen": job.UpdatedAt, "args": o.args})
	}
	return seen, nil
}

// besides warns where a run of the job is open already: what happens then is up to the job's policy, if the scheduler
// obeys it.
func (c *Commands) besides(ctx context.Context, job scheduler.Job) ([]Note, error) {
	open := []scheduler.RunState{scheduler.Pending, scheduler.Assigned, scheduler.Running, scheduler.Orphaned}
	runs, _, err := c.Ports.Runs.ListRuns(ctx, console.RunFilter{JobID: job.ID, States: open}, console.Cursor{}, 1)
	if err != nil || len(runs) == 0 {
		return nil, err
	}
	return []Note{warning("another_open", "run", runText(runs[0].ID), "policy", string(job.ConcurrencyPolicy))}, nil
}
