package operations_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestJobsAreMadeChangedCopiedAndDeleted(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	admin := c.as(c.logins.Admin)
	job := scheduler.Job{
		Name: "日次集計", Enabled: true, Type: scheduler.TimeJob, Command: "aggregate", DefaultArgs: json.RawMessage(`{"day": 1}`),
		Schedule: json.RawMessage(`{"kind":"daily","time":"02:30"}`), Timeout: 90 * time.Second, MaxRetries: 2, ConcurrencyPolicy: scheduler.Forbid,
	}
	made := c.performAs(admin, c.planned(admin.PlanCreateJob(t.Context(), job)))
	c.want(made, operations.Done, "", operations.NoMatter, operations.Yes)
	id := scheduler.JobID(value[int64](c, "select id from scheduler_job_definitions where name = '日次集計'"))
	stored, err := admin.Ports.Jobs.Job(t.Context(), id)
	if err != nil || stored.Command != "aggregate" || stored.Timeout != 90*time.Second || made.CreatedID == "" {
		t.Fatalf("%+v, %v; %+v", stored, err, made)
	}
	job.Command = "aggregate_all"
	plan := c.planned(admin.PlanUpdateJob(t.Context(), id, stored.UpdatedAt, job))
	if !noted(plan, "job_other_command") || plan.Tier != operations.Confirm {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	c.want(c.performAs(admin, plan), operations.Done, "")
	if _, err := admin.PlanUpdateJob(t.Context(), id, stored.UpdatedAt, job); reasonOf(err) != "job.changed" || scheduler.CodeOf(err) != scheduler.Stale {
		t.Errorf("over somebody's change: %v", err)
	}
	off := c.planned(admin.PlanEnableJob(t.Context(), id, false))
	c.want(c.performAs(admin, off), operations.Done, "")
	c.wantAudit(off.ID, "job.disable")
	if _, err := admin.PlanEnableJob(t.Context(), id, false); reasonOf(err) != "operation.already_disabled" {
		t.Errorf("once more: %v", err)
	}
	copied := c.performAs(admin, c.planned(admin.PlanDuplicateJob(t.Context(), id, "copy")))
	c.want(copied, operations.Done, "")
	if copied.CreatedID == "" || value[bool](c, "select enabled from scheduler_job_definitions where name = 'copy'") {
		t.Errorf("the copy: %+v", copied)
	}
	c.exec(`update scheduler_job_runs set job_definition_id = $1 where id = $2`, int64(id), int64(c.addRun(scheduler.Failed, "", 0)))
	del := c.planned(admin.PlanDeleteJob(t.Context(), id))
	if del.Tier != operations.Dangerous || del.TypedName != "日次集計" || touched(del, "deleted_runs") != 1 {
		t.Errorf("the preview: %+v", del.Preview)
	}
	c.want(c.performAs(admin, del), operations.Done, "")
	if n := value[int](c, "select count(*) from scheduler_job_runs where job_definition_id = $1", int64(id)); n != 0 {
		t.Errorf("%d of its runs are left", n)
	}
}

func TestARefusalOfTheGateNamesTheField(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	admin := c.as(c.logins.Admin)
	job := scheduler.Job{
		Name: "job", Type: scheduler.TimeJob, Command: "two words", Schedule: json.RawMessage(`{"kind":"daily","time":"02:30"}`),
		ConcurrencyPolicy: scheduler.Forbid,
	}
	refused := c.performAs(admin, c.planned(admin.PlanCreateJob(t.Context(), job)))
	c.want(refused, operations.Refused, "job.invalid", operations.NoMatter, operations.No)
	if refused.Args["field"] != "command_name" {
		t.Errorf("a command of two words: %v", refused.Args)
	}
	set := c.performAs(admin, c.planned(admin.PlanSetSetting(t.Context(), "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS", `{}`)))
	c.want(set, operations.Refused, "setting.invalid")
	if set.Args["problem"] != "type" {
		t.Errorf("a heartbeat of an object: %v", set.Args)
	}
}

func TestJobsThatNobodyCouldRunAreNotMade(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	good := scheduler.Job{
		Name: "a", Type: scheduler.TimeJob, Command: "x", Schedule: json.RawMessage(`{"kind":"hourly","minute":1}`), ConcurrencyPolicy: scheduler.Allow,
	}
	for reason, spoil := range map[string]func(*scheduler.Job){
		"job.bad_name":        func(j *scheduler.Job) { j.Name = "" },
		"json.no_document":    func(j *scheduler.Job) { j.DefaultArgs = json.RawMessage("3") },
		"json.bad":            func(j *scheduler.Job) { j.DefaultArgs = json.RawMessage("{") },
		"json.bad_character":  func(j *scheduler.Job) { j.DefaultArgs = json.RawMessage(`{"a": "\u0000"}`) },
		"schedule.bad_minute": func(j *scheduler.Job) { j.Schedule = json.RawMessage(`{"kind":"hourly","minute":61}`) },
	} {
		job := good
		spoil(&job)
		if _, err := c.PlanCreateJob(t.Context(), job); reasonOf(err) != reason || scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	admin := c.as(c.logins.Admin)
	const key = "SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS"
	c.exec(`insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json, constraints_json,
	  examples_json, is_secret, updated_at) values ($1, '', '', '', true, 'text', '[]', '{"min": 0}', '[]', false, now())`, key)
	first := c.performAs(admin, c.planned(admin.PlanSetSetting(t.Context(), key, "600")))
	c.want(first, operations.Done, "", operations.NoMatter, operations.Yes)
	if got := value[string](c, "select value_json::text from scheduler_settings where key = $1", key); got != `{"value": 600}` {
		t.Errorf("stored as %s", got)
	}
	plan := c.planned(admin.PlanSetSetting(t.Context(), key, "700"))
	c.exec("update scheduler_settings set updated_at = now() where key = $1", key)
	outcome := c.performAs(admin, plan)
	c.want(outcome, operations.Stale, "operation.changed")
	if outcome.Args["what"] != "setting" {
		t.Errorf("%+v", outcome)
	}
	c.want(c.performAs(admin, c.planned(admin.PlanSetSetting(t.Context(), key, "-1"))), operations.Refused, "setting.invalid")
	c.want(c.performAs(admin, c.planned(admin.PlanResetSetting(t.Context(), key))), operations.Done, "")
	if _, err := admin.PlanResetSetting(t.Context(), key); reasonOf(err) != "operation.not_set" {
		t.Errorf("once more: %v", err)
	}
	if _, err := admin.PlanSetSetting(t.Context(), "SCHEDULER_X", "{"); reasonOf(err) != "json.bad" {
		t.Errorf("no JSON: %v", err)
	}
	apply := c.planned(admin.PlanApplySettings(t.Context()))
	if !noted(apply, "apply_no_leader") {
		t.Errorf("it does not say that nobody leads: %+v", apply.Preview)
	}
	applied := c.performAs(admin, apply)
	c.want(applied, operations.Done, "")
	if got := value[string](c, "select requested_by || ' ' || status from scheduler_config_reload_requests where id = $1::bigint", applied.CreatedID); got != "admin PENDING" {
		t.Errorf("the request: %s", got)
	}
}

func TestAnEventStartsTheJobsThatWaitForIt(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addJob("on order", "event", `{"event_types":["order.paid","order.sent"]}`)
	plan := c.planned(c.PlanIngestEvent(t.Context(), "order.paid", `{"id": 1}`, "order-1"))
	if touched(plan, "event_jobs") != 1 {
		t.Errorf("the preview: %+v", plan.Preview)
	}
	outcome := c.perform(plan)
	c.want(outcome, operations.Done, "", operations.NoMatter, operations.Yes)
	if n := value[int](c, "select count(*) from scheduler_job_runs where idempotency_key like 'event:order.paid:order-1:job:%'"); n != 1 || outcome.CreatedID == "" {
		t.Errorf("%d runs; %+v", n, outcome)
	}
	if nobody := c.planned(c.PlanIngestEvent(t.Context(), "order.lost", "{}", "")); !noted(nobody, "event_nobody_waits") || !noted(nobody, "event_no_key") {
		t.Errorf("the preview: %+v", nobody.Preview)
	}
	if _, err := c.PlanIngestEvent(t.Context(), "", "{}", ""); reasonOf(err) != "event.bad_type" {
		t.Errorf("without a type: %v", err)
	}
}

// What an operator may not do is refused by the database, and written down.
func TestWhoMayNotIsRefused(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.addWorker("w-1", "node-a", everything)
	c.addWorker("w-2", "node-a", everything)
	viewer := c.as(c.logins.Viewer)
	run := c.addRun(scheduler.Pending, "", 0)
	for name, test := range map[string]struct {
		by     *operations.Commands
		plan   func(*operations.Commands) (operations.Plan, error)
		action string
	}{
		"a viewer detaches": {viewer, func(o *operations.Commands) (operations.Plan, error) { return o.PlanDetachWorker(t.Context(), "w-1") }, "worker.detach"},
		"a viewer drains":   {viewer, func(o *operations.Commands) (operations.Plan, error) { return o.PlanDrainWorker(t.Context(), "w-1") }, "worker.drain"},
		"a viewer cancels":  {viewer, func(o *operations.Commands) (operations.Plan, error) { return o.PlanCancelRun(t.Context(), run) }, "job_run.cancel"},
		"an operator deletes a job": {c.Commands, func(o *operations.Commands) (operations.Plan, error) {
			return o.PlanDeleteJob(t.Context(), scheduler.JobID(c.job))
		}, "job.delete"},
	} {
		plan := c.planned(test.plan(test.by))
		c.want(c.performAs(test.by, plan), operations.Refused, "right.missing", operations.NoMatter, operations.No)
		if got := c.audit(plan.ID); len(got) != 1 || got[0] != test.action+".refused" {
			t.Errorf("%s: the audit has %v", name, got)
		}
	}
	if orders, _ := w.obeyed(); orders != 0 || c.flag("w-1") != nil || c.state(run) != scheduler.Pending {
		t.Errorf("something was done: %d orders, flag %v, run %s", orders, c.flag("w-1"), c.state(run))
	}
	c.exec("update auth_user set is_active = false where username = 'operator'")
	plan := c.planned(c.PlanCancelRun(t.Context(), run))
	c.want(c.perform(plan), operations.Refused, "operator.inactive")
}
