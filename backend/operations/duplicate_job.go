package operations

import (
	"context"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// duplicateJob copies a job under another name. The copy is disabled.
type duplicateJob struct {
	id   scheduler.JobID
	name string
}

// PlanDuplicateJob previews copying a job under another name.
func (c *Commands) PlanDuplicateJob(ctx context.Context, id scheduler.JobID, name string) (Plan, error) {
	return c.plan(ctx, duplicateJob{id, strings.TrimSpace(name)})
}

func (o duplicateJob) look(ctx context.Context, c *Commands) (sight, error) {
	if err := checkJobName(o.name); err != nil {
		return sight{}, err
	}
	job, err := c.Ports.Jobs.Job(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	seen := sight{
		Preview: Preview{
			Action: "job.duplicate", Target: jobText(o.id), Tier: Plain, Reversible: true,
			Touches: []Touch{touch("new_job", o.name)}, Notes: []Note{info("copy_is_disabled")},
		},
		basis: basis{"job": jobVersion(job)},
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "job_duplicate", map[string]any{"job_id": int64(o.id), "seen": job.UpdatedAt, "name": o.name})
	}
	return seen, nil
}
