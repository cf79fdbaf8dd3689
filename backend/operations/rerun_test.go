package operations_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestReassign(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("w-1", "node-a", everything)
	for name, test := range map[string]struct {
		state  scheduler.RunState
		worker string
		late   time.Duration
		refuse string
		way    string
		tier   operations.Tier
		after  scheduler.RunState
	}{
		"a run that waits for its worker":       {state: scheduler.Assigned, worker: "w-1", way: "reassign.requeue", tier: operations.Confirm, after: scheduler.Orphaned},
		"a run that its leader would skip":      {state: scheduler.Assigned, worker: "w-1", late: time.Hour, way: "reassign.new", tier: operations.Confirm, after: scheduler.Canceled},
		"a running run whose worker is gone":    {state: scheduler.Running, worker: "gone", way: "reassign.requeue", tier: operations.Dangerous, after: scheduler.Orphaned},
		"a running run whose worker lives":      {state: scheduler.Running, worker: "w-1", refuse: "operation.worker_lives"},
		"a run that waits for any worker":       {state: scheduler.Pending, refuse: "operation.not_assigned"},
		"a run that is over":                    {state: scheduler.Succeeded, refuse: "operation.run_over"},
		"an orphaned run that would be skipped": {state: scheduler.Orphaned, late: time.Hour, way: "reassign.new", tier: operations.Confirm, after: scheduler.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.T = t
			id := c.addRun(test.state, test.worker, test.late)
			plan, err := c.PlanReassignRun(t.Context(), id)
			if test.refuse != "" {
				if reasonOf(err) != test.refuse {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil || plan.Way != test.way || plan.Tier != test.tier {
				t.Fatalf("%+v, %v", plan.Preview, err)
			}
			outcome := c.perform(plan)
			c.want(outcome, operations.Done, "")
			if got := c.state(id); got != test.after {
				t.Errorf("the run is %s", got)
			}
			if isNew := outcome.CreatedID != ""; isNew != (test.way == "reassign.new") {
				t.Errorf("the outcome: %+v", outcome)
			}
		})
	}
}

func TestRerunAndRunNow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	failed := c.addRun(scheduler.Failed, "w-1", time.Hour)
	plan := c.planned(c.PlanRerunRun(t.Context(), failed))
	outcome := c.perform(plan)
	c.want(outcome, operations.Done, "", operations.NoMatter, operations.Yes)
	id, err := strconv.ParseInt(outcome.CreatedID, 10, 64)
	if err != nil || c.state(scheduler.RunID(id)) != scheduler.Pending {
		t.Errorf("the new run %q: %v", outcome.CreatedID, err)
	}
	if _, err := c.PlanRerunRun(t.Context(), scheduler.RunID(id)); reasonOf(err) != "operation.run_open" {
		t.Errorf("a run that is open: %v", err)
	}
	now := c.planned(c.PlanRunNow(t.Context(), scheduler.JobID(c.job), ""))
	if !noted(now, "another_open") {
		t.Errorf("it says nothing of the open run: %+v", now.Preview)
	}
	c.want(c.perform(now), operations.Done, "")
	with := c.planned(c.PlanRunNow(t.Context(), scheduler.JobID(c.job), `{"day": 3}`))
	c.want(c.perform(with), operations.Refused, "args.unsupported", operations.NoMatter, operations.No)
	c.wantAudit(with.ID, "job.run.refused")
	if _, err := c.PlanRunNow(t.Context(), scheduler.JobID(c.job), "{\n\"day\": }"); reasonOf(err) != "json.bad" {
		t.Errorf("arguments that are no JSON: %v", err)
	}
}

// A scheduler that knows no arguments of a run's own would start it with the job's, and say nothing.
func TestRunNowWithArgumentsNeedsALeaderThatGivesThem(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("ours", "node-a", "detach,drain,degrade,continuation,args")
	c.addWorker("field", "node-b", "")
	c.lead("ours")
	plan := c.planned(c.PlanRunNow(t.Context(), scheduler.JobID(c.job), `{"day": 3}`))
	if !noted(plan, "run_now_args_lost") {
		t.Errorf("it does not warn of the other worker: %+v", plan.Preview)
	}
	c.lead("")
	c.want(c.perform(plan), operations.Stale, "operation.changed")
	c.lead("field")
	_, err := c.PlanRunNow(t.Context(), scheduler.JobID(c.job), `{"day": 3}`)
	if reasonOf(err) != "operation.leader_no_args" || !strings.Contains(err.Error(), "field") {
		t.Errorf("under a leader that gives none: %v", err)
	}
	c.planned(c.PlanRunNow(t.Context(), scheduler.JobID(c.job), ""))
}
