package operations

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// enableJob lets a job fire, or stops it from firing. Runs that are there already stay.
type enableJob struct {
	id     scheduler.JobID
	enable bool
}

// PlanEnableJob previews switching a job on or off.
func (c *Commands) PlanEnableJob(ctx context.Context, id scheduler.JobID, enable bool) (Plan, error) {
	return c.plan(ctx, enableJob{id, enable})
}

func (o enableJob) look(ctx context.Context, c *Commands) (sight, error) {
	job, err := c.Ports.Jobs.Job(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	if job.Enabled == o.enable {
		if o.enable {
			return sight{}, conflict("operation.already_enabled", "Job %d is enabled already.", o.id).With("job", jobText(o.id))
		}
		return sight{}, conflict("operation.already_disabled", "Job %d is disabled already.", o.id).With("job", jobText(o.id))
	}
	seen := sight{
		Preview: Preview{
			Action: "job.disable", Target: jobText(o.id), Tier: Plain, Reversible: true, Touches: []Touch{touch("job", job.Name)},
			Notes: []Note{warning("job_stops_firing")},
		},
		basis: basis{"job": jobVersion(job)},
	}
	if o.enable {
		seen.Action, seen.Notes = "job.enable", []Note{info("job_starts_firing")}
		if _, err := scheduler.ParseSchedule(job.Type, job.Schedule); err != nil {
			seen.Notes = append(seen.Notes, warning("job_never_fires"))
		}
	} else if open, err := c.besides(ctx, job); err != nil {
		return sight{}, err
	} else if len(open) > 0 {
		seen.Notes = append(seen.Notes, info("job_open_runs_keep"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_set_enabled", map[string]any{"job_id": int64(o.id), "seen": job.UpdatedAt, "enabled": o.enable})
	}
	return seen, nil
}
