package operations

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// updateJob replaces a job's definition, unless somebody else changed it since the operator read it.
type updateJob struct {
	id   scheduler.JobID
	seen time.Time
	job  scheduler.Job
}

// PlanUpdateJob previews replacing a job's definition. seen is the UpdatedAt of the definition that was edited.
func (c *Commands) PlanUpdateJob(ctx context.Context, id scheduler.JobID, seen time.Time, job scheduler.Job) (Plan, error) {
	return c.plan(ctx, updateJob{id, seen, job})
}

func (o updateJob) look(ctx context.Context, c *Commands) (sight, error) {
	job, err := c.Ports.Jobs.Job(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	if !job.UpdatedAt.Equal(o.seen) {
		return sight{}, scheduler.Errorf(scheduler.Stale, "job.changed",
			"Somebody else changed job %d since it was read. Compare both versions and decide.", o.id).With("job", jobText(o.id))
	}
	if err := checkJob(o.job); err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{
			Action: "job.update", Target: jobText(o.id), Tier: Plain, Reversible: true,
			Touches: []Touch{touch("job", job.Name)},
		},
		basis: basis{"job": jobVersion(job)},
	}
	if job.Enabled && !o.job.Enabled {
		seen.Notes = append(seen.Notes, warning("job_stops_firing"))
	}
	if !job.Enabled && o.job.Enabled {
		seen.Notes = append(seen.Notes, info("job_starts_firing"))
	}
	if job.Command != o.job.Command {
		seen.Tier = Confirm
		seen.Notes = append(seen.Notes, warning("job_other_command", "before", job.Command, "after", o.job.Command))
	}
	if open, err := c.besides(ctx, job); err != nil {
		return sight{}, err
	} else if len(open) > 0 {
		seen.Notes = append(seen.Notes, info("job_open_runs_keep"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_update", map[string]any{"job_id": int64(o.id), "seen": o.seen, "job": jobRow(o.job)})
	}
	return seen, nil
}
