package operations_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// pairOf is two gated environments: what is promoted goes from staging to production.
type pairOf struct {
	staging, production *cluster
	from                *operations.Commands // staging's, of somebody who may only look there
	to                  *operations.Commands // production's, of its administrator
}

func newPair(t *testing.T) pairOf {
	t.Helper()
	p := pairOf{staging: newCluster(t), production: newCluster(t)}
	p.from, p.to = p.staging.as(p.staging.logins.Viewer), p.production.as(p.production.logins.Admin)
	return p
}

func (p pairOf) source() operations.PromotionSource {
	return operations.PromotionSource{ID: "staging", Name: "Staging", Commands: p.from}
}

var target = operations.PromotionTarget{ID: "production", Name: "Production"}

// items are a job that is changed, one that is new, and a setting.
func (p pairOf) items() []operations.PromotionItem {
	p.production.Helper()
	changed, err := p.to.Ports.Jobs.Job(p.production.Context(), scheduler.JobID(p.production.job))
	if err != nil {
		p.production.Fatal(err)
	}
	seen := changed.UpdatedAt
	changed.MaxRetries = 9
	made := changed
	made.ID, made.Name = 0, "made anew"
	return []operations.PromotionItem{
		{Job: &changed, JobSeen: seen}, {Job: &made}, {Setting: "SCHEDULER_LEADER_LOCK_TTL_SECONDS", Value: json.RawMessage("12")},
	}
}

func (p pairOf) perform(ctx context.Context, plan operations.BulkPlan) operations.BulkProgress {
	p.production.Helper()
	end, err := p.to.PerformBulk(ctx, plan, operations.Order{Reason: "because", TypedName: plan.TypedName}, func(operations.BulkProgress) {})
	if err != nil {
		p.production.Fatal(err)
	}
	return end
}

func TestPromotionIsWrittenDownOnBothSides(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	plan, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items())
	if err != nil {
		t.Fatal(err)
	}
	single := operations.Plan{Preview: plan.Preview}
	if plan.Size() != 3 || touched(single, "promote_job") != 1 || touched(single, "promote_new_job") != 1 || touched(single, "promote_setting") != 1 ||
		!noted(single, "promote_noted") || !noted(single, "job_starts_firing") || !noted(single, "setting_needs_apply") {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	end := p.perform(t.Context(), plan)
	if !end.Over || end.Reason != "" || end.Counts[operations.Done] != 3 {
		t.Fatalf("%+v", end)
	}
	if retries := value[int](p.production, "select max_retries from scheduler_job_definitions where name = 'report'"); retries != 9 {
		t.Errorf("the changed job has %d retries", retries)
	}
	if made := value[int](p.production, "select count(*) from scheduler_job_definitions where name = 'made anew'"); made != 1 {
		t.Errorf("%d jobs were made", made)
	}
	p.production.wantAudit(plan.ID, "environment.promote.requested", "environment.promote.succeeded")
	parts := value[int](p.production, `select count(*) from scheduler_admin_action_logs where payload_json -> 'note' ->> 'part_of' = $1
	  and action in ('job.update', 'job.create', 'setting.set')`, string(plan.ID))
	if parts != 3 {
		t.Errorf("%d parts are in the audit with their whole", parts)
	}
	there := value[string](p.staging, `select string_agg(action || ' ' || target || ' ' || (payload_json -> 'detail' ->> 'operation_there'), ',' order by id)
	  from scheduler_admin_action_logs where action = 'environment.promote_from.requested'`)
	if there != "environment.promote_from.requested production "+string(plan.ID) {
		t.Errorf("the source's audit: %s", there)
	}
	if open, err := p.from.Ports.Gate.Open(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open at the source: %+v, %v", open, err)
	}
	if retries := value[int](p.staging, "select max_retries from scheduler_job_definitions where name = 'report'"); retries != 0 {
		t.Errorf("the source was changed: %d retries", retries)
	}
}

func TestNothingIsPromotedOverSomebodyElsesChange(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	plan, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items())
	if err != nil {
		t.Fatal(err)
	}
	p.production.exec("update scheduler_job_definitions set timeout_seconds = 7, updated_at = clock_timestamp() where name = 'report'")
	p.production.addJob("made anew", "time", `{"kind":"hourly","minute":5}`)
	p.production.exec(`insert into scheduler_settings (key, value_json, updated_at) values ('SCHEDULER_LEADER_LOCK_TTL_SECONDS', '{"value": 20}', now())`)
	end := p.perform(t.Context(), plan)
	if end.Counts[operations.Stale] != 3 || len(end.Failures) != 3 {
		t.Fatalf("%+v", end)
	}
	var said []string
	for _, f := range end.Failures {
		said = append(said, f.Name+": "+f.Outcome.Reason)
	}
	slices.Sort(said)
	want := "promote_job report: job.changed\npromote_new_job made anew: promote.job_exists\npromote_setting SCHEDULER_LEADER_LOCK_TTL_SECONDS: promote.setting_changed"
	if got := strings.Join(said, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
	if now := value[string](p.production, "select value_json::text from scheduler_settings where key = 'SCHEDULER_LEADER_LOCK_TTL_SECONDS'"); now != `{"value": 20}` {
		t.Errorf("the setting is %s", now)
	}
}

func TestNothingIsPromotedThatTheSourceCantWriteDown(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	plan, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items())
	if err != nil {
		t.Fatal(err)
	}
	p.staging.exec("update auth_user set is_active = false")
	end := p.perform(t.Context(), plan)
	if !end.Over || end.Handled() != 0 || end.Reason != "promote.source_refused" || end.Args["why"] != "operator.inactive" {
		t.Errorf("%+v", end)
	}
	p.production.wantAudit(plan.ID)
}

func TestPromotionNeedsTheRightAtItsTarget(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	p.to = p.production.as(p.production.logins.Operator) // may operate, not administer
	plan, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items())
	if err != nil {
		t.Fatal(err)
	}
	end := p.perform(t.Context(), plan)
	if !end.Over || end.Handled() != 0 || end.Reason != "right.missing" {
		t.Errorf("%+v", end)
	}
	p.production.wantAudit(plan.ID, "environment.promote.refused")
	if open, err := p.from.Ports.Gate.Open(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("open at the source: %+v, %v", open, err)
	}
	ended := value[int](p.staging, "select count(*) from scheduler_admin_action_logs where action = 'environment.promote_from.failed'")
	if ended != 1 {
		t.Error("the source doesn't know that nothing came of it")
	}
}

func TestPromotionIsUnderTheTargetsPolicy(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	config := p.to.Config
	config.Policy = operations.PolicyOf("production")
	p.to = operations.New(config)
	if _, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items()); reasonOf(err) != "operation.locked" {
		t.Fatalf("while locked: %v", err)
	}
	if o, err := p.to.Unlock(t.Context(), operations.UnlockRequest{Reason: "because", For: time.Minute}); err != nil || o.Result != operations.Done {
		t.Fatalf("%+v, %v", o, err)
	}
	plan, err := p.to.PlanPromotion(t.Context(), p.source(), target, p.items())
	if err != nil || plan.Tier != operations.Dangerous || plan.TypedName != "Production" {
		t.Fatalf("%+v, %v", plan.Preview, err)
	}
	many := slices.Repeat(p.items(), operations.MaxPromotion)
	for _, items := range [][]operations.PromotionItem{nil, many} {
		if _, err := p.to.PlanPromotion(t.Context(), p.source(), target, items); reasonOf(err) != "promote.count" {
			t.Errorf("%d items: %v", len(items), err)
		}
	}
	_, err = p.to.PerformBulk(t.Context(), plan, operations.Order{Reason: "because", TypedName: "production"}, func(operations.BulkProgress) {})
	if reasonOf(err) != "operation.wrong_name" {
		t.Errorf("under a wrong name: %v", err)
	}
	if end := p.perform(t.Context(), plan); end.Counts[operations.Done] != 3 {
		t.Errorf("%+v", end)
	}
}
