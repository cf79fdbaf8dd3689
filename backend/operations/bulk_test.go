package operations_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// bulk performs a plan and gives how it ended.
func (c *cluster) bulk(ctx context.Context, plan operations.BulkPlan, progress func(operations.BulkProgress)) operations.BulkProgress {
	c.Helper()
	end, err := c.PerformBulk(ctx, plan, operations.Order{Reason: "too many", TypedName: plan.TypedName}, progress)
	if err != nil {
		c.Fatal(err)
	}
	return end
}

func TestBulkActsOnWhatWasFrozen(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	running := c.addRun(scheduler.Running, "w-1", 0)
	w.has(running)
	waiting, changing := c.addRun(scheduler.Pending, "", 0), c.addRun(scheduler.Assigned, "w-1", 0)
	over, lost := c.addRun(scheduler.Failed, "", 0), c.addRun(scheduler.Running, "gone", 0)
	job := scheduler.JobID(c.job)

	plan, err := c.PlanBulk(t.Context(), operations.BulkCancel, operations.Selection{Filter: console.RunFilter{JobID: job}})
	if err != nil {
		t.Fatal(err)
	}
	single := operations.Plan{Preview: plan.Preview}
	if plan.Size() != 3 || touched(single, "bulk_eligible") != 3 || touched(single, "bulk_left_over") != 1 || touched(single, "bulk_left_lost") != 1 {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	later := c.addRun(scheduler.Pending, "", 0)
	c.exec("update scheduler_job_runs set version = version + 1 where id = $1", int64(changing))
	var told int
	end := c.bulk(t.Context(), plan, func(operations.BulkProgress) { told++ })
	if !end.Over || end.Stopped || end.Counts[operations.Done] != 2 || end.Counts[operations.Stale] != 1 || told != 4 {
		t.Errorf("%+v after %d reports", end, told)
	}
	if len(end.Failures) != 1 || end.Failures[0].Run != changing || end.Failures[0].Outcome.Reason != operations.ReasonChanged {
		t.Errorf("the part that was not done: %+v", end.Failures)
	}
	for id, want := range map[scheduler.RunID]scheduler.RunState{
		running: scheduler.Canceled, waiting: scheduler.Canceled, changing: scheduler.Assigned, over: scheduler.Failed,
		lost: scheduler.Running, later: scheduler.Pending,
	} {
		if got := c.state(id); got != want {
			t.Errorf("run %d is %s, not %s", id, got, want)
		}
	}
	c.wantAudit(plan.ID, "bulk.cancel.requested", "bulk.cancel.succeeded")
	parts := value[int](c, `select count(*) from scheduler_admin_action_logs where payload_json -> 'note' ->> 'part_of' = $1
	  and action in ('job_run.cancel', 'job_run.cancel.requested')`, string(plan.ID))
	if parts != 2 {
		t.Errorf("%d parts are in the audit with their whole", parts)
	}
	if _, err := c.PerformBulk(t.Context(), plan, operations.Order{Reason: "again", TypedName: plan.TypedName}, func(operations.BulkProgress) {}); reasonOf(err) != operations.ReasonPerformed {
		t.Errorf("a second time: %v", err)
	}
}

func TestBulkStopsBetweenTwoParts(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for range 40 {
		c.addRun(scheduler.Failed, "", time.Minute)
	}
	plan, err := c.PlanBulk(t.Context(), operations.BulkRerun, operations.Selection{Filter: console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}})
	if err != nil || plan.Tier != operations.Dangerous || plan.TypedName != "40" {
		t.Fatalf("%+v, %v", plan.Preview, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	end := c.bulk(ctx, plan, func(b operations.BulkProgress) {
		if b.Handled() == 3 {
			stop()
		}
	})
	made := value[int](c, "select count(*) from scheduler_job_runs where state = 'PENDING'")
	if !end.Stopped || made != end.Counts[operations.Done] || made < 3 || made > 12 {
		t.Errorf("%d new runs: %+v", made, end)
	}
	c.wantAudit(plan.ID, "bulk.rerun.requested", "bulk.rerun.failed")
}

func TestBulkNeedsTheRightAndSomethingToDo(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	id := c.addRun(scheduler.Pending, "", 0)
	ids := operations.Selection{IDs: []scheduler.RunID{id}}
	if _, err := c.PlanBulk(t.Context(), operations.BulkRerun, ids); reasonOf(err) != "bulk.nothing" {
		t.Errorf("nothing to rerun: %v", err)
	}
	if _, err := c.PlanBulk(t.Context(), "burn", ids); reasonOf(err) != "bulk.unknown_kind" {
		t.Errorf("an unknown kind: %v", err)
	}
	many := operations.Selection{IDs: slices.Repeat([]scheduler.RunID{id}, operations.MaxBulk+1)}
	if _, err := c.PlanBulk(t.Context(), operations.BulkCancel, many); reasonOf(err) != "bulk.too_many" {
		t.Errorf("too many: %v", err)
	}
	viewer := c.as(c.logins.Viewer)
	plan, err := viewer.PlanBulk(t.Context(), operations.BulkCancel, ids)
	if err != nil {
		t.Fatal(err)
	}
	end, err := viewer.PerformBulk(t.Context(), plan, operations.Order{Reason: "because"}, func(operations.BulkProgress) {})
	if err != nil || end.Reason != "right.missing" || end.Handled() != 0 || c.state(id) != scheduler.Pending {
		t.Errorf("a viewer: %+v, %v", end, err)
	}
}
