package operations

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

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
		notes, giver, err := c.givesArguments(ctx)
		if err != nil {
			return sight{}, err
		}
		seen.basis["leader"] = giver
		seen.Notes = append(seen.Notes, notes...)
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

// givesArguments makes sure that the leader gives a run arguments of its own, and warns of those who would not if they led:
// they start the run with the job's arguments and say nothing.
func (c *Commands) givesArguments(ctx context.Context) (notes []Note, leader string, err error) {
	fleet, err := c.Ports.Fleet.Fleet(ctx)
	if err != nil {
		return nil, "", err
	}
	notes = []Note{info("run_now_args")}
	var others []string
	for _, w := range fleet.Workers {
		if w.Silent() || slices.Contains(w.Capabilities, scheduler.CanArgs) {
			continue
		}
		if w.ID == fleet.Leadership.LeaderID {
			return nil, "", scheduler.Errorf(scheduler.Unavailable, "operation.leader_no_args",
				"Worker %q leads, and its kind of scheduler gives runs no arguments of their own. Run the job with its own arguments, or change them in its definition.",
				w.ID).With("worker", w.ID)
		}
		others = append(others, w.ID)
	}
	if len(others) > 0 {
		notes = append(notes, warning("run_now_args_lost", "workers", strings.Join(others[:min(len(others), maxNames)], ", ")))
	}
	return notes, fleet.Leadership.LeaderID, nil
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
