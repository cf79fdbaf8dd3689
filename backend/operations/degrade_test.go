package operations_test

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
)

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
