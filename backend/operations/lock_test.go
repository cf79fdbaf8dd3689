package operations_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// under makes the operator's commands follow the policy of a kind and a clock that the test moves.
func (c *cluster) under(kind string) (pass func(time.Duration)) {
	config := c.Config
	config.Policy = operations.PolicyOf(kind)
	var passed atomic.Int64
	config.Now = func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	c.Commands = operations.New(config)
	return func(d time.Duration) { passed.Add(int64(d)) }
}

func (c *cluster) unlock(d time.Duration) operations.Outcome {
	c.Helper()
	o, err := c.Unlock(c.Context(), operations.UnlockRequest{Reason: "incident 7", For: d})
	if err != nil {
		c.Fatal(err)
	}
	return o
}

func (c *cluster) entries() int64 {
	return value[int64](c, "select count(*) from scheduler_admin_action_logs")
}

// Every way to do something, as a page might try it.
func (c *cluster) tries(id scheduler.RunID) map[string]error {
	ctx := c.Context()
	_, cancel := c.PlanCancelRun(ctx, id)
	_, detach := c.PlanDetachWorker(ctx, "w-1")
	_, degrade := c.PlanDegradeLeader(ctx)
	_, run := c.PlanRunNow(ctx, scheduler.JobID(c.job), "")
	_, setting := c.PlanSetSetting(ctx, "k", "1")
	_, event := c.PlanIngestEvent(ctx, "e", "{}", "")
	_, bulk := c.PlanBulk(ctx, operations.BulkCancel, operations.Selection{IDs: []scheduler.RunID{id}})
	_, reconcile := c.Reconcile(ctx, operations.NewID())
	_, all := c.ReconcileAll(ctx)
	return map[string]error{
		"cancel": cancel, "detach": detach, "degrade": degrade, "run now": run, "setting": setting, "event": event, "bulk": bulk,
		"reconcile": reconcile, "reconcile all": all,
	}
}

func TestNothingIsDoneInALockedEnvironment(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"staging", "production", "", "prod"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.under(kind)
			id, before := c.addRun(scheduler.Pending, "", 0), c.entries()
			for name, err := range c.tries(id) {
				if reasonOf(err) != operations.ReasonLocked {
					t.Errorf("%s: %v", name, err)
				}
			}
			if !c.Locked() || c.state(id) != scheduler.Pending || c.entries() != before {
				t.Errorf("the run is %s, and the audit has %d new entries", c.state(id), c.entries()-before)
			}
		})
	}
}

func TestUnlockingIsWrittenDownAndEnds(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	pass := c.under("production")
	first, second := c.addRun(scheduler.Pending, "", 0), c.addRun(scheduler.Pending, "", 0)
	outcome := c.unlock(15 * time.Minute)
	if outcome.Result != operations.Done || outcome.AuditID == 0 || c.Locked() {
		t.Fatalf("%+v", outcome)
	}
	entry := value[string](c, "select concat_ws(' ', action, actor, payload_json ->> 'reason') from scheduler_admin_action_logs where id = $1", outcome.AuditID)
	if entry != "session.unlock operator incident 7" {
		t.Errorf("the audit says %q", entry)
	}
	plan := c.planned(c.PlanCancelRun(t.Context(), first))
	if plan.TypedName != text(first) {
		t.Errorf("what can't be taken back wants the name %q typed", plan.TypedName)
	}
	c.want(c.perform(plan), operations.Done, "", operations.NoMatter, operations.Yes, operations.NoMatter)

	// What was previewed before the time was over is refused after it.
	plan = c.planned(c.PlanCancelRun(t.Context(), second))
	pass(15 * time.Minute)
	if _, err := c.Perform(t.Context(), plan, operations.Order{Reason: "r", TypedName: plan.TypedName}); reasonOf(err) != operations.ReasonLocked {
		t.Errorf("once the time is over: %v", err)
	}
	if until := c.Unlocked(); !until.IsZero() {
		t.Errorf("still unlocked until %s", until)
	}
	c.unlock(time.Hour)
	c.Lock()
	if _, err := c.Perform(t.Context(), plan, operations.Order{Reason: "r", TypedName: plan.TypedName}); reasonOf(err) != operations.ReasonLocked {
		t.Errorf("after it was locked: %v", err)
	}
	if c.state(second) != scheduler.Pending {
		t.Errorf("the run is %s", c.state(second))
	}
}

func TestUnlockingWantsAReasonATimeAndARight(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	operator := c.Commands
	c.under("production")
	for name, test := range map[string]struct {
		request operations.UnlockRequest
		reason  string
	}{
		"no reason": {operations.UnlockRequest{For: time.Hour}, "operation.no_reason"},
		"no time":   {operations.UnlockRequest{Reason: "r"}, "unlock.bad_time"},
		"too long":  {operations.UnlockRequest{Reason: "r", For: 4*time.Hour + time.Minute}, "unlock.bad_time"},
	} {
		if _, err := c.Unlock(t.Context(), test.request); reasonOf(err) != test.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.Commands = c.as(c.logins.Viewer)
	c.under("production")
	if o := c.unlock(time.Hour); o.Result != operations.Refused || o.Reason != "right.missing" || !c.Locked() {
		t.Errorf("a viewer: %+v", o)
	}
	if _, err := operator.Unlock(t.Context(), operations.UnlockRequest{Reason: "r", For: time.Hour}); reasonOf(err) != "unlock.needless" {
		t.Errorf("the sandbox: %v", err)
	}
}

func TestABulkOperationStopsAtItsPolicysLimitAndWhenLocked(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.under("production")
	c.unlock(time.Hour)
	var ids []scheduler.RunID
	for range 101 {
		ids = append(ids, c.addRun(scheduler.Pending, "", 0))
	}
	_, err := c.PlanBulk(t.Context(), operations.BulkCancel, operations.Selection{IDs: ids})
	if reasonOf(err) != "bulk.limit" || !strings.Contains(err.Error(), "101") {
		t.Errorf("over the limit: %v", err)
	}
	plan, err := c.PlanBulk(t.Context(), operations.BulkCancel, operations.Selection{IDs: ids[:12]})
	if err != nil || plan.TypedName != "12" {
		t.Fatalf("%+v, %v", plan.Preview, err)
	}
	end, err := c.PerformBulk(context.WithoutCancel(t.Context()), plan, operations.Order{Reason: "r", TypedName: "12"}, func(operations.BulkProgress) { c.Lock() })
	if err != nil || end.Counts[operations.Done] == 0 || end.Counts[operations.Refused] == 0 || end.Failures[0].Outcome.Reason != operations.ReasonLocked {
		t.Errorf("locked after its first part: %+v, %v", end, err)
	}
	if canceled := value[int64](c, "select count(*) from scheduler_job_runs where state = 'CANCELED'"); int(canceled) != end.Counts[operations.Done] {
		t.Errorf("%d are canceled, %s were said to be", canceled, strconv.Itoa(end.Counts[operations.Done]))
	}
}

// A profile may close its environment sooner than its kind does, and never later.
func TestIdleTimesAreBoundedByTheKind(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]map[time.Duration]time.Duration{
		"production":  {0: 30 * time.Minute, 5 * time.Minute: 5 * time.Minute, time.Hour: 30 * time.Minute},
		"development": {0: 0, 5 * time.Minute: 5 * time.Minute, 10 * time.Hour: 10 * time.Hour},
	} {
		for wanted, idle := range want {
			if got := operations.PolicyOf(kind).Idle(wanted); got != idle {
				t.Errorf("%s, %s: %s", kind, wanted, got)
			}
		}
	}
}
