package operations

import (
	"context"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// deleteJob removes a job and every run it ever had.
type deleteJob struct{ id scheduler.JobID }

// PlanDeleteJob previews removing a job with its history.
func (c *Commands) PlanDeleteJob(ctx context.Context, id scheduler.JobID) (Plan, error) {
	return c.plan(ctx, deleteJob{id})
}

func (o deleteJob) look(ctx context.Context, c *Commands) (sight, error) {
	job, err := c.Ports.Jobs.Job(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	runs, err := c.Ports.Records.CountRunsOf(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{
			Action: "job.delete", Target: jobText(o.id), Tier: Dangerous, TypedName: job.Name,
			Touches: []Touch{touch("job", job.Name), touchCount("deleted_runs", int(runs))}, Notes: []Note{danger("delete_history")},
		},
		basis: basis{"job": jobVersion(job), "runs": strconv.FormatInt(runs, 10)},
	}
	if job.Enabled {
		seen.Notes = append(seen.Notes, warning("delete_disable_first"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_delete", map[string]any{"job_id": int64(o.id), "seen": job.UpdatedAt, "seen_runs": runs})
	}
	return seen, nil
}
