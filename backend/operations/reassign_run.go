package operations

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The ways to give a run to another worker.
const (
	wayReassignRequeue = "reassign.requeue" // it goes back in line
	wayReassignNew     = "reassign.new"     // it is too late for that: it is canceled, and a new run takes its place
)

// skipAfterKey is the setting past which leaders skip a run instead of starting it, and skipAfter what they do without it.
const (
	skipAfterKey = "SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS"
	skipAfter    = 300
)

// reassignRun lets another worker do a run whose own doesn't. A running run whose worker lives is never reassigned: it
// would run twice.
type reassignRun struct{ id scheduler.RunID }

// PlanReassignRun previews giving a run to another worker.
func (c *Commands) PlanReassignRun(ctx context.Context, id scheduler.RunID) (Plan, error) {
	return c.plan(ctx, reassignRun{id})
}

func (o reassignRun) look(ctx context.Context, c *Commands) (sight, error) {
	run, fleet, err := c.openRun(ctx, o.id)
	if err != nil {
		return sight{}, err
	}
	worker, lives := holder(fleet, run)
	seen := sight{
		Preview: Preview{
			Action: "job_run.reassign", Target: runText(o.id), Tier: Confirm, Way: wayReassignRequeue, Epoch: fleet.Leadership.Epoch,
		},
		basis: basis{"run": runVersion(run), "worker": boolText(lives)},
	}
	switch {
	case run.State == scheduler.Pending:
		return sight{}, conflict("operation.not_assigned", "Run %d waits for a worker already.", run.ID).With("run", runText(run.ID))
	case run.State == scheduler.Running && lives:
		return sight{}, conflict("operation.worker_lives",
			"Worker %q lives and has run %d in hand: reassigned, it would run twice. Cancel it first.", worker.ID, run.ID).
			With("worker", worker.ID).With("run", runText(run.ID))
	case run.State == scheduler.Running:
		seen.Tier = Dangerous
		seen.Touches = []Touch{touch("running", runNames([]scheduler.Run{run})...)}
		seen.Notes = append(seen.Notes, danger("may_run_twice", "worker", worker.ID))
	default:
		seen.Touches = []Touch{touch("assigned", runNames([]scheduler.Run{run})...)}
	}
	limit, err := c.skipAfter(ctx)
	if err != nil {
		return sight{}, err
	}
	if late(run, limit, c.Now()) {
		seen.Way = wayReassignNew
		seen.Notes = append(seen.Notes, warning("reassign_new_run"))
	}
	seen.act = func(ctx context.Context, p performance) Outcome {
		return p.direct(ctx, "run_reassign", map[string]any{
			"run_id": int64(run.ID), "seen_version": run.Version, "worker_gone": run.State == scheduler.Running && !lives,
			"skip_after_seconds": limit,
		})
	}
	return seen, nil
}

func late(run scheduler.Run, limit int, now time.Time) bool {
	return limit > 0 && (run.ScheduledFor == nil || now.Sub(*run.ScheduledFor) > time.Duration(limit)*time.Second)
}

// skipAfter is the limit in seconds past which leaders skip a waiting run; 0 = they never do.
func (c *Commands) skipAfter(ctx context.Context) (int, error) {
	setting, err := c.Ports.Records.Setting(ctx, skipAfterKey)
	if scheduler.CodeOf(err) == scheduler.NotFound {
		return skipAfter, nil
	}
	if err != nil {
		return 0, err
	}
	if seconds, ok := setting.number(); ok {
		return seconds, nil
	}
	return skipAfter, nil
}
