package operations_test

import (
	"context"
	"testing"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestDetachOfAWorkerThatReadsItsFlag(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	c.addWorker("w-2", "node-a", everything)
	running := c.addRun(scheduler.Running, "w-1", 0)
	w.has(running)
	c.addRun(scheduler.Assigned, "w-1", 0)

	plan := c.planned(c.PlanDetachWorker(t.Context(), "w-1"))
	if plan.Tier != operations.Confirm || plan.Way != "detach.flag" || plan.Reversible || *plan.Epoch != 7 {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	if touched(plan, "running") != 1 || touched(plan, "assigned") != 1 || touched(plan, "workers_left") != 1 || !noted(plan, "detach_confirms") {
		t.Errorf("what it touches: %+v", plan.Preview)
	}
	outcome := c.perform(plan)
	c.want(outcome, operations.Done, "", operations.NoMatter, operations.Yes, operations.Yes)
	flag := c.flag("w-1")
	if flag["by"] != "operator" || flag["reason"] != "because" || flag["action_id"] != string(plan.ID) {
		t.Errorf("the flag: %v", flag)
	}
	c.wantAudit(plan.ID, "worker.detach.requested", "worker.detach.succeeded")
	if _, err := c.PlanDetachWorker(t.Context(), "w-1"); reasonOf(err) != "operation.already_detached" {
		t.Errorf("once more: %v", err)
	}
}

func TestDetachOfAWorkerThatReadsNoFlag(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("501", "node-a", "")
	c.addWorker("502", "node-b", "")
	waiting := c.addRun(scheduler.Assigned, "501", 0)

	plan := c.planned(c.PlanDetachWorker(t.Context(), "501"))
	if plan.Way != "detach.drain" || !plan.Reversible || !noted(plan, "detach_not_native") {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	c.want(c.perform(plan), operations.Done, "", operations.Yes, operations.Yes, operations.Yes)
	if _, draining := w.obeyed(); !draining || c.flag("501") == nil {
		t.Errorf("draining %t, flag %v", draining, c.flag("501"))
	}
	if got := c.state(waiting); got != scheduler.Orphaned {
		t.Errorf("its waiting run is %s", got)
	}
	c.wantAudit(plan.ID, "worker.detach.requested", "worker.detach.written", "worker.detach.succeeded")

	undock := c.planned(c.PlanUndockWorker(t.Context(), "501"))
	if !noted(undock, "undock_drain_ends") {
		t.Errorf("the preview: %+v", undock.Preview)
	}
	c.want(c.perform(undock), operations.Done, "")
	if _, draining := w.obeyed(); draining || c.flag("501") != nil {
		t.Errorf("after undock: draining %t, flag %v", draining, c.flag("501"))
	}
	if _, err := c.PlanUndockWorker(t.Context(), "501"); reasonOf(err) != "operation.not_detached" {
		t.Errorf("once more: %v", err)
	}
}

func TestTheLastWorkerWantsItsNameTyped(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addWorker("w-1", "node-a", everything)
	c.addWorker("w-2", "node-b", everything)
	c.want(c.perform(c.planned(c.PlanDrainWorker(t.Context(), "w-2"))), operations.Done, "", operations.Yes, operations.NoMatter, operations.Yes)
	c.eventually("w-2 is seen draining", func(ctx context.Context) bool {
		fleet, err := c.Ports.Fleet.Fleet(ctx)
		return err == nil && len(fleet.Workers) == 2 && fleet.Workers[1].Draining
	})
	for name, plan := range map[string]operations.Plan{
		"detach": c.planned(c.PlanDetachWorker(t.Context(), "w-1")), "drain": c.planned(c.PlanDrainWorker(t.Context(), "w-1")),
	} {
		if plan.Tier != operations.Dangerous || plan.TypedName != "w-1" || !noted(plan, "last_worker") {
			t.Errorf("%s: %+v", name, plan.Preview)
		}
		_, err := c.Perform(t.Context(), plan, operations.Order{Reason: "because", TypedName: "w-2"})
		if reasonOf(err) != "operation.wrong_name" || c.flag("w-1") != nil {
			t.Errorf("%s under a wrong name: %v", name, err)
		}
	}
}

func TestDrainOfAWorkerWhoseLeaderCantSeeIt(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("501", "node-a", "")
	c.addWorker("502", "node-a", "")
	waiting := c.addRun(scheduler.Assigned, "501", 0)
	plan := c.planned(c.PlanDrainWorker(t.Context(), "501"))
	if plan.Way != "drain.release" {
		t.Errorf("the way: %s", plan.Way)
	}
	c.want(c.perform(plan), operations.Done, "")
	if got := c.state(waiting); got != scheduler.Orphaned {
		t.Errorf("its waiting run is %s", got)
	}
	if _, err := c.PlanDrainWorker(t.Context(), "501"); reasonOf(err) != "operation.already_draining" {
		t.Errorf("once more: %v", err)
	}
	c.want(c.perform(c.planned(c.PlanUndrainWorker(t.Context(), "501"))), operations.Done, "", operations.Yes, operations.NoMatter, operations.Yes)
	if _, draining := w.obeyed(); draining {
		t.Error("it still drains")
	}
}
