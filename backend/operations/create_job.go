package operations

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// createJob makes a job.
type createJob struct{ job scheduler.Job }

// PlanCreateJob previews making a job of this content; id and times are the database's.
func (c *Commands) PlanCreateJob(ctx context.Context, job scheduler.Job) (Plan, error) {
	return c.plan(ctx, createJob{job})
}

func (o createJob) look(context.Context, *Commands) (sight, error) {
	if err := checkJob(o.job); err != nil {
		return sight{}, err
	}
	seen := sight{Preview: Preview{
		Action: "job.create", Target: o.job.Name, Tier: Plain, Reversible: true, Touches: []Touch{touch("new_job", o.job.Name)},
	}}
	if o.job.Enabled {
		seen.Notes = []Note{info("job_starts_firing")}
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_create", map[string]any{"job": jobRow(o.job)})
	}
	return seen, nil
}
