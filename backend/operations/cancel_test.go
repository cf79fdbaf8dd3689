package operations_test

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestCancelOfARunThatNobodyStarted(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for _, state := range []scheduler.RunState{scheduler.Pending, scheduler.Assigned, scheduler.Orphaned} {
		id := c.addRun(state, "", 0)
		plan := c.planned(c.PlanCancelRun(t.Context(), id))
		c.want(c.perform(plan), operations.Done, "", operations.NoMatter, operations.Yes)
		if got := c.state(id); plan.Way != "cancel.waiting" || got != scheduler.Canceled {
			t.Errorf("%s: by %s it is %s", state, plan.Way, got)
		}
		c.wantAudit(plan.ID, "job_run.cancel")
	}
	over := c.addRun(scheduler.Failed, "", 0)
	if _, err := c.PlanCancelRun(t.Context(), over); reasonOf(err) != "operation.run_over" {
		t.Errorf("a run that is over: %v", err)
	}
	changed := c.addRun(scheduler.Pending, "", 0)
	plan := c.planned(c.PlanCancelRun(t.Context(), changed))
	c.exec("update scheduler_job_runs set version = version + 1 where id = $1", int64(changed))
	c.want(c.perform(plan), operations.Stale, "operation.changed")
}

func TestCancelOfARunningRun(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before         func(*cluster, *worker, scheduler.RunID)
		between        func(*cluster, *worker, scheduler.RunID)
		way            string
		result         operations.Result
		reason         string
		accepted, seen operations.Fact
		state          scheduler.RunState
		audit          []string
	}{
		"its worker ends it": {
			way: "cancel.worker", result: operations.Done, accepted: operations.Yes, seen: operations.Yes, state: scheduler.Canceled,
			audit: []string{"job_run.cancel.requested", "job_run.cancel.succeeded"},
		},
		"its worker does not know it": {
			before: func(_ *cluster, w *worker, _ scheduler.RunID) { w.has(0) },
			way:    "cancel.worker", result: operations.Done, accepted: operations.No, seen: operations.Yes, state: scheduler.Canceled,
			audit: []string{"job_run.cancel.requested", "job_run.cancel.written", "job_run.cancel.succeeded"},
		},
		"it ends first": {
			between: func(c *cluster, w *worker, id scheduler.RunID) {
				w.has(0)
				c.At = func(step string) {
					if step == "begun" {
						c.exec("update scheduler_job_runs set state = 'SUCCEEDED', version = version + 1 where id = $1", int64(id))
					}
				}
			},
			way: "cancel.worker", result: operations.Failed, reason: "operation.ended_first", accepted: operations.No, seen: operations.No,
			state: scheduler.Succeeded, audit: []string{"job_run.cancel.requested", "job_run.cancel.failed"},
		},
		"its worker knows a newer epoch": {
			before: func(_ *cluster, w *worker, _ scheduler.RunID) { w.epoch = 9 },
			way:    "cancel.worker", result: operations.Failed, reason: "operation.epoch_moved", accepted: operations.No, seen: operations.No,
			state: scheduler.Running, audit: []string{"job_run.cancel.requested", "job_run.cancel.failed"},
		},
		"its worker accepts and does nothing": {
			before: func(_ *cluster, w *worker, _ scheduler.RunID) { w.deaf = true },
			way:    "cancel.worker", result: operations.Unknown, reason: "operation.not_obeyed_yet", accepted: operations.Yes, seen: operations.No,
			state: scheduler.Running, audit: []string{"job_run.cancel.requested", "job_run.cancel.unknown"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			w := c.addWorker("w-1", "node-a", everything)
			id := c.addRun(scheduler.Running, "w-1", 0)
			w.has(id)
			if test.before != nil {
				test.before(c, w, id)
			}
			plan := c.planned(c.PlanCancelRun(t.Context(), id))
			if plan.Way != test.way || plan.Target != text(id) {
				t.Errorf("the preview: %+v", plan.Preview)
			}
			if test.between != nil {
				test.between(c, w, id)
			}
			outcome := c.perform(plan)
			c.want(outcome, test.result, test.reason)
			if outcome.Accepted != test.accepted || outcome.Observed != test.seen {
				t.Errorf("the outcome: %+v", outcome)
			}
			if got := c.state(id); got != test.state {
				t.Errorf("the run is %s", got)
			}
			c.wantAudit(plan.ID, test.audit...)
		})
	}
}

func TestCancelOfARunWhoseWorkerIsGone(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	id := c.addRun(scheduler.Running, "gone", 0)
	plan := c.planned(c.PlanCancelRun(t.Context(), id))
	if plan.Way != "cancel.lost" || plan.Tier != operations.Dangerous || !noted(plan, "may_still_run") {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	c.want(c.perform(plan), operations.Done, "", operations.NoMatter, operations.Yes, operations.Yes)
	if got := c.state(id); got != scheduler.Canceled {
		t.Errorf("the run is %s", got)
	}
}

func TestCancelOfWhatAWorkerHasInHand(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	if _, err := c.PlanCancelCurrent(t.Context(), "w-1"); reasonOf(err) != "operation.nothing_running" {
		t.Errorf("an idle worker: %v", err)
	}
	id := c.addRun(scheduler.Running, "w-1", 0)
	w.has(id)
	plan := c.planned(c.PlanCancelCurrent(t.Context(), "w-1"))
	c.want(c.perform(plan), operations.Done, "", operations.Yes, operations.Yes, operations.Yes)
	if got := c.state(id); got != scheduler.Canceled || plan.Target != "w-1" {
		t.Errorf("the run of %s is %s", plan.Target, got)
	}
}
