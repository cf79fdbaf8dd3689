package operations_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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

func TestDegrade(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ capabilities, way string }{
		"a leader that reads its flag": {everything, "degrade.flag"},
		"a leader that reads none":     {"", "degrade.lock"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.addWorker("w-1", "node-a", test.capabilities)
			next := c.addWorker("w-2", "node-b", test.capabilities)
			c.lead("w-1")
			if err := c.redis.Set(t.Context(), "scheduler:subleader:lock", "w-2", time.Minute).Err(); err != nil {
				t.Fatal(err)
			}
			plan := c.planned(c.PlanDegradeLeader(t.Context()))
			if plan.Way != test.way || plan.Target != "w-1" || touched(plan, "subleaders") != 1 || plan.Tier != operations.Confirm {
				t.Errorf("the preview: %+v", plan.Preview)
			}
			go next.succeed(t.Context())
			outcome := c.perform(plan)
			c.want(outcome, operations.Done, "operation.new_leader", operations.NoMatter, operations.Yes, operations.Yes)
			if outcome.Args["leader"] != "w-2" || outcome.Args["epoch"] != "8" {
				t.Errorf("the outcome: %+v", outcome)
			}
			c.wantAudit(plan.ID, "leader.degrade.requested", "leader.degrade.succeeded")
		})
	}
}

func TestDegradeWithoutASuccessorIsDangerous(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	if _, err := c.PlanDegradeLeader(t.Context()); reasonOf(err) != "operation.no_leader" {
		t.Errorf("without a leader: %v", err)
	}
	c.addWorker("w-1", "node-a", everything)
	c.lead("w-1")
	plan := c.planned(c.PlanDegradeLeader(t.Context()))
	if plan.Tier != operations.Dangerous || !noted(plan, "degrade_nobody") {
		t.Errorf("the preview: %+v", plan.Preview)
	}
}

func TestALockIsTakenOnlyFromItsHolder(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lead("w-2")
	if taken, err := c.Ports.Flags.TakeLock(t.Context(), "w-1"); taken || err != nil {
		t.Errorf("from somebody else: %t, %v", taken, err)
	}
	if taken, err := c.Ports.Flags.TakeLock(t.Context(), "w-2"); !taken || err != nil {
		t.Errorf("from its holder: %t, %v", taken, err)
	}
	if taken, err := c.Ports.Flags.TakeLock(t.Context(), "w-2"); taken || err != nil {
		t.Errorf("when it is free: %t, %v", taken, err)
	}
}

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
