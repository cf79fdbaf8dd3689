package operations_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const everything = "detach,drain,degrade,continuation"

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}

func text(id scheduler.RunID) string { return strconv.FormatInt(int64(id), 10) }

func touched(p operations.Plan, key string) int {
	for _, t := range p.Touches {
		if t.Key == key {
			return t.Count
		}
	}
	return -1
}

func noted(p operations.Plan, key string) bool {
	return slices.ContainsFunc(p.Notes, func(n operations.Note) bool { return n.Key == key })
}

func TestOrdersAreCheckedAndUsedOnce(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("w-1", "node-a", everything)
	plan := c.planned(c.PlanDrainWorker(t.Context(), "w-1"))
	for reason, want := range map[string]string{
		"": "operation.no_reason", " \n": "operation.no_reason", strings.Repeat("あ", 501): "operation.bad_reason", "a\x00b": "operation.bad_reason",
		"\xff": "operation.bad_reason",
	} {
		_, err := c.Perform(t.Context(), plan, operations.Order{Reason: reason, TypedName: "w-1"})
		if reasonOf(err) != want {
			t.Errorf("the reason %q: %v", reason, err)
		}
	}
	other := c.as(c.logins.Operator) // the same servers, opened once more
	if _, err := other.Perform(t.Context(), plan, operations.Order{Reason: "because", TypedName: "w-1"}); reasonOf(err) != "operation.no_plan" {
		t.Errorf("in another environment: %v", err)
	}
	c.want(c.perform(plan), operations.Done, "")
	if _, err := c.Perform(t.Context(), plan, operations.Order{Reason: "again", TypedName: "w-1"}); reasonOf(err) != "operation.performed" {
		t.Errorf("a second time: %v", err)
	}
}

func TestNothingIsDoneOnceThingsHaveChanged(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	c.addWorker("w-2", "node-b", everything)
	for what, change := range map[string]func(){
		"epoch": func() { c.setEpoch(8) },
		"run":   func() { c.addRun(scheduler.Running, "w-1", 0) },
		"role":  func() { c.lead("w-1") },
	} {
		plan := c.planned(c.PlanDetachWorker(t.Context(), "w-1"))
		change()
		outcome := c.perform(plan)
		c.want(outcome, operations.Stale, "operation.changed", operations.NoMatter, operations.No)
		if outcome.Args["what"] != what {
			t.Errorf("it names %q, not %q", outcome.Args["what"], what)
		}
		if orders, _ := w.obeyed(); orders != 0 || c.flag("w-1") != nil || len(c.audit(plan.ID)) != 0 {
			t.Errorf("%s: something was done: %d orders, flag %v, audit %v", what, orders, c.flag("w-1"), c.audit(plan.ID))
		}
	}
}

// What nobody knew when it ended is closed once the cluster shows it.
func TestWhatWasUnknownIsClosedLater(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	w.deaf = true
	id := c.addRun(scheduler.Running, "w-1", 0)
	w.has(id)
	plan := c.planned(c.PlanCancelRun(t.Context(), id))
	c.want(c.perform(plan), operations.Unknown, "operation.not_obeyed_yet")
	open, err := c.Open(t.Context())
	if err != nil || len(open) != 1 || !open[0].Unknown || open[0].Going {
		t.Fatalf("%+v, %v", open, err)
	}
	c.exec("update scheduler_job_runs set state = 'CANCELED', version = version + 1 where id = $1", int64(id))
	if closed, err := c.ReconcileAll(t.Context()); err != nil || closed != 1 {
		t.Errorf("%d closed, %v", closed, err)
	}
	c.wantAudit(plan.ID, "job_run.cancel.requested", "job_run.cancel.unknown", "job_run.cancel.succeeded")
}
