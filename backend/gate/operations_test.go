package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestJobs(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	made := g.want(g.admin, call{function: "job_create", args: []any{`{"name": "night", "type": "time", "command_name": "report",
		"schedule": {"kind": "daily", "time": "02:30"}, "default_args_json": {"day": 1, "api_key": "k1", "url": "redis://u:pw@h/0"}}`}}, "done")
	id := made.id("job_id")
	g.wantValue(g.owner, `{"day": 1, "url": "redis://u:pw@h/0", "api_key": "k1"}`, "select default_args_json from scheduler_job_definitions where id = $1", id)
	g.wantValue(g.viewer, `{"day": 1, "url": "redis://u:<masked>@h/0", "api_key": "<masked>"}`, "select default_args_json from opsdeck.job_definition where id = $1", id)
	g.wantValue(g.viewer, "true", "select args_masked from opsdeck.job_definition where id = $1", id)
	g.wantValue(g.owner, "job.create admin "+g.value(g.owner, "select $1::bigint", id), "select action || ' ' || actor || ' ' || target from scheduler_admin_action_logs where id = $1", made.AuditID)
	if trail := g.value(g.owner, "select payload_json from scheduler_admin_action_logs where id = $1", made.AuditID); strings.Contains(trail, "k1") || strings.Contains(trail, "pw@") {
		t.Errorf("a secret reached the trail: %s", trail)
	}

	for given, want := range map[string]string{
		`{"name": " ", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}}`:                         "refused job.invalid",
		`{"name": "n", "type": "time", "command_name": "two words", "schedule": {"kind": "hourly", "minute": 1}}`:                 "refused job.invalid",
		`{"name": "n", "type": "cron", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}}`:                         "refused job.invalid",
		`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}, "timeout_seconds": -1}`:  "refused job.invalid",
		`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}, "default_args_json": 3}`: "refused job.invalid",
		`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}, "owner": "x"}`:           "refused job.invalid",
		`[]`: "refused job.invalid",
		`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 60}}`:                                        "refused schedule.invalid",
		`{"name": "n", "type": "event", "command_name": "c", "schedule": {}}`:                                                                     "refused schedule.invalid",
		`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 1}, "default_args_json": {"p": "<masked>"}}`: "refused args.masked",
	} {
		g.want(g.admin, call{function: "job_create", args: []any{given}}, want)
	}

	seen := g.seen(id)
	changed := g.want(g.admin, call{function: "job_update", args: []any{id, seen, `{"name": "nightly", "default_args_json": {"day": 2, "api_key": "<masked>", "url": "redis://u:<masked>@h/0"}}`}}, "done")
	g.wantValue(g.owner, `{"day": 2, "url": "redis://u:pw@h/0", "api_key": "k1"}`, "select default_args_json from scheduler_job_definitions where id = $1", id)
	if fields := changed.Detail["changed"].(map[string]any); len(fields) != 2 {
		t.Errorf("changed: %v", fields)
	}
	g.want(g.admin, call{function: "job_update", args: []any{id, seen, `{"name": "late"}`}}, "stale job.changed")
	g.want(g.admin, call{function: "job_set_enabled", args: []any{id, seen, false}}, "stale job.changed")
	g.want(g.admin, call{function: "job_set_enabled", args: []any{id, g.seen(id), nil}}, "refused job.invalid")
	g.want(g.admin, call{function: "job_set_enabled", args: []any{id, g.seen(id), false}}, "done")
	g.wantValue(g.owner, "job.disable", "select action from scheduler_admin_action_logs order by id desc limit 1")

	copied := g.want(g.admin, call{function: "job_duplicate", args: []any{id, g.seen(id), "copy"}}, "done")
	g.wantValue(g.owner, "copy false k1", "select name || ' ' || enabled || ' ' || (default_args_json ->> 'api_key') from scheduler_job_definitions where id = $1", copied.id("job_id"))
	g.want(g.admin, call{function: "job_duplicate", args: []any{id, g.seen(id), ""}}, "refused job.invalid")

	running := g.run(id, "RUNNING", time.Minute, "w1")
	g.run(id, "FAILED", time.Hour, "w1")
	g.want(g.admin, call{function: "job_delete", args: []any{id, g.seen(id), int64(2)}}, "refused job.has_open_runs")
	g.exec(g.owner, "update scheduler_job_runs set state = 'SUCCEEDED' where id = $1", running)
	g.want(g.admin, call{function: "job_delete", args: []any{id, g.seen(id), int64(1)}}, "stale job.changed")
	gone := g.want(g.admin, call{function: "job_delete", args: []any{id, g.seen(id), int64(2)}}, "done")
	g.wantValue(g.owner, "nightly 2", "select (payload_json ->> 'name') || ' ' || (payload_json ->> 'deleted_job_runs') from scheduler_admin_action_logs where id = $1", gone.AuditID)
	g.wantValue(g.owner, "0", "select count(*) from scheduler_job_runs where job_definition_id = $1", id)
	g.want(g.admin, call{function: "job_delete", args: []any{id, seen, int64(2)}}, "stale job.missing")
}

func (g *gated) seen(job int64) (seen time.Time) {
	g.Helper()
	if err := g.owner.QueryRow(g.Context(), "select updated_at from scheduler_job_definitions where id = $1", job).Scan(&seen); err != nil {
		g.Fatal(err)
	}
	return seen
}

func TestRuns(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, seen := g.job("report", `{"token": "t1"}`)

	made := g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, nil}}, "done")
	g.wantValue(g.owner, "PENDING 0 true", "select state || ' ' || version || ' ' || (scheduled_for is not null) from scheduler_job_runs where id = $1", made.id("run_id"))
	g.want(g.operator, call{function: "job_run_now", args: []any{job, seen.Add(time.Second), nil}}, "stale job.changed")
	g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, `{"a": 1}`}}, "refused args.unsupported")
	g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, `7`}}, "refused job.invalid")

	failed := g.run(job, "FAILED", time.Hour, "w1")
	again := g.want(g.operator, call{function: "run_rerun", args: []any{failed, 7}}, "done")
	payload := object(g.value(g.owner, "select payload_json from scheduler_admin_action_logs where id = $1", again.AuditID))
	for _, key := range []string{"from_run_id", "new_run_id", "job_definition_id", "job_definition_name", "from_state", "from_scheduled_for", "new_scheduled_for"} {
		if payload[key] == nil {
			t.Errorf("job_run.rerun: the payload lacks %s, which Django writes: %v", key, payload)
		}
	}
	g.want(g.operator, call{function: "run_rerun", args: []any{failed, 6}}, "stale run.changed")
	g.want(g.operator, call{function: "run_rerun", args: []any{made.id("run_id"), 0}}, "refused run.state")
	g.want(g.operator, call{function: "run_rerun", args: []any{int64(99999), 0}}, "stale run.missing")

	for _, state := range []string{"PENDING", "ASSIGNED", "ORPHANED"} {
		run := g.run(job, state, time.Minute, "")
		g.want(g.operator, call{function: "run_cancel_waiting", args: []any{run, 8}}, "stale run.changed")
		g.want(g.operator, call{function: "run_cancel_waiting", args: []any{run, 7}}, "done")
		g.wantValue(g.owner, "CANCELED 8 canceled by operator: because true",
			"select state || ' ' || version || ' ' || error_summary || ' ' || (finished_at is not null) from scheduler_job_runs where id = $1", run)
	}
	for _, state := range []string{"RUNNING", "SUCCEEDED"} {
		g.want(g.operator, call{function: "run_cancel_waiting", args: []any{g.run(job, state, time.Minute, "w1"), 7}}, "refused run.state")
	}
}

func TestReassign(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, _ := g.job("report", `{}`)
	for name, c := range map[string]struct {
		state string
		ago   time.Duration
		gone  bool
		limit any
		want  string
		way   string
	}{
		"assigned":                  {"ASSIGNED", time.Minute, false, 300, "done", "requeued"},
		"running, alive":            {"RUNNING", time.Minute, false, 300, "refused run.state", ""},
		"running, gone":             {"RUNNING", time.Minute, true, 300, "done", "requeued"},
		"orphaned":                  {"ORPHANED", time.Minute, false, 300, "done", "requeued"},
		"orphaned, late":            {"ORPHANED", time.Hour, false, 300, "done", "new_run"},
		"late without a limit":      {"ASSIGNED", time.Hour, false, 0, "done", "requeued"},
		"late by the usual limit":   {"ASSIGNED", time.Hour, false, nil, "done", "new_run"},
		"in line":                   {"PENDING", time.Minute, true, 300, "refused run.state", ""},
		"over":                      {"SUCCEEDED", time.Minute, true, 300, "refused run.state", ""},
		"running, gone and too old": {"RUNNING", time.Hour, true, 300, "done", "new_run"},
	} {
		run := g.run(job, c.state, c.ago, "w1")
		o := g.want(g.operator, call{function: "run_reassign", args: []any{run, 7, c.gone, c.limit}}, c.want)
		if c.want != "done" {
			g.wantValue(g.owner, c.state+" 7", "select state || ' ' || version from scheduler_job_runs where id = $1", run)
			continue
		}
		if o.Detail["way"] != c.way {
			t.Errorf("%s: %v", name, o.Detail)
		}
		if c.way == "requeued" {
			g.wantValue(g.owner, "ORPHANED 8 ", "select state || ' ' || version || ' ' || assigned_worker_id from scheduler_job_runs where id = $1 and started_at is null and assigned_at is null", run)
		} else {
			g.wantValue(g.owner, "CANCELED PENDING", "select a.state || ' ' || b.state from scheduler_job_runs a, scheduler_job_runs b where a.id = $1 and b.id = $2", run, o.id("run_id"))
		}
	}
}

// Two runs at the same microsecond give way to each other.
func TestRunsAtTheSameMomentGiveWay(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, seen := g.job("report", `{}`)
	g.exec(g.owner, `insert into scheduler_job_runs (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt,
		version, error_summary, log_ref, continuation_state, created_at, updated_at)
		select $1, clock_timestamp() + n * interval '1 microsecond', 'SUCCEEDED', '', '', 0, 0, '', '', 'NONE', now(), now()
		from generate_series(1, 200000) n`, job) // the next fifth of a second is taken
	made := g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, nil}}, "done")
	if made.id("run_id") == 0 {
		t.Errorf("%+v", made)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	g.exec(g.owner, `insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json, constraints_json,
		examples_json, is_secret, updated_at)
		select 'SCHEDULER_' || key, '', '', '', editable, type, enum::jsonb, bounds::jsonb, '[]', secret, now() from (values
		('PORT', true, 'text', '[]', '{"min": 1, "max": 65535}', false), ('ON', true, 'bool', '[]', '{}', false),
		('MODE', true, 'enum', '["local", "k8s"]', '{}', false), ('FIXED', false, 'text', '[]', '{}', false),
		('PIN', true, 'text', '[]', '{}', true), ('NAME', true, 'text', '[]', '{}', false)) v (key, editable, type, enum, bounds, secret)`)
	for _, c := range []struct{ key, value, want, stored string }{
		{"SCHEDULER_PORT", `8080`, "done", `{"value": 8080}`},
		{"SCHEDULER_PORT", `"8081"`, "done", `{"value": 8081}`},
		{"SCHEDULER_PORT", `0`, "refused setting.invalid", ""},
		{"SCHEDULER_PORT", `65536`, "refused setting.invalid", ""},
		{"SCHEDULER_PORT", `"many"`, "refused setting.invalid", ""},
		{"SCHEDULER_ON", `"true"`, "done", `{"value": true}`},
		{"SCHEDULER_ON", `false`, "done", `{"value": false}`},
		{"SCHEDULER_ON", `"maybe"`, "refused setting.invalid", ""},
		{"SCHEDULER_MODE", `"k8s"`, "done", `{"value": "k8s"}`},
		{"SCHEDULER_MODE", `"moon"`, "refused setting.invalid", ""},
		{"SCHEDULER_FIXED", `"x"`, "refused setting.readonly", ""},
		{"SCHEDULER_NODE_ID", `"x"`, "refused setting.invalid", ""},
		{"OTHER", `"x"`, "refused setting.invalid", ""},
		{"SCHEDULER_UNKNOWN_TO_HELP", `5`, "done", `{"value": 5}`},
		{"SCHEDULER_NAME", `{"a": 1}`, "refused setting.invalid", ""},
		{"SCHEDULER_PIN", `"<masked>"`, "refused setting.masked", ""},
		{"SCHEDULER_PIN", `"4711-secret"`, "done", `{"value": "4711-secret"}`},
		{"SCHEDULER_SMTP_PASSWORD", `"4712-secret"`, "done", `{"value": "4712-secret"}`},
	} {
		g.want(g.admin, call{function: "setting_set", args: []any{c.key, c.value, g.settingSeen(c.key)}}, c.want)
		if c.stored != "" {
			g.wantValue(g.owner, c.stored, "select value_json from scheduler_settings where key = $1", c.key)
		}
	}
	g.want(g.admin, call{function: "setting_set", args: []any{"SCHEDULER_PORT", `1`, nil}}, "stale setting.changed")
	g.wantValue(g.viewer, "8081 false", "select value::text || ' ' || is_secret from opsdeck.setting where key = 'SCHEDULER_PORT'")
	g.wantValue(g.viewer, `2`, `select count(*) from opsdeck.setting where value = '"<masked>"' and is_secret`)
	if n := g.value(g.owner, "select count(*) from scheduler_admin_action_logs where payload_json::text ~ '471[12]'"); n != "0" {
		t.Error("a secret setting reached the trail")
	}
	if n := g.value(g.super, "select count(*) from opsdeck.operation where (detail::text || outcome::text) ~ '471[12]'"); n != "0" {
		t.Error("a secret setting was kept with its operation")
	}
	// Django writes such a value in clear: it knows the secret by its help only when it shows it.
	g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
		values ('x', 'setting.set', 'SCHEDULER_PIN', '{"value": "4713-secret"}', now())`)
	g.wantValue(g.viewer, `{"value": "<masked>"}`, "select payload_json from opsdeck.audit where actor = 'x'")
	g.wantValue(g.viewer, "scheduler", "select written_by from opsdeck.audit where actor = 'x'")

	g.want(g.admin, call{function: "setting_reset", args: []any{"SCHEDULER_PORT", nil}}, "stale setting.changed")
	g.want(g.admin, call{function: "setting_reset", args: []any{"SCHEDULER_PORT", g.settingSeen("SCHEDULER_PORT")}}, "done")
	g.wantValue(g.owner, "0", "select count(*) from scheduler_settings where key = 'SCHEDULER_PORT'")
	applied := g.want(g.admin, call{function: "settings_apply"}, "done")
	g.wantValue(g.owner, "admin PENDING", "select requested_by || ' ' || status from scheduler_config_reload_requests where id = $1", applied.id("request_id"))
}

func TestOneListSaysWhatWantsARestart(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for _, spec := range scheduler.SettingSpecs {
		want := "apply"
		if spec.Restart {
			want = "restart"
		}
		g.wantValue(g.super, want, "select opsdeck._setting_effect($1)", spec.Key)
	}
}

func (g *gated) settingSeen(key string) (seen *time.Time) {
	g.Helper()
	if err := g.owner.QueryRow(g.Context(), "select max(updated_at) from scheduler_settings where key = $1", key).Scan(&seen); err != nil {
		g.Fatal(err)
	}
	return seen
}

func TestEvents(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	one, _ := g.job("one", `{}`)
	many, _ := g.job("many", `{}`)
	off, _ := g.job("off", `{}`)
	g.exec(g.owner, `update scheduler_job_definitions set type = 'event', schedule = '{"event_type": "order"}' where id = $1`, one)
	g.exec(g.owner, `update scheduler_job_definitions set type = 'event', schedule = '{"event_types": ["x", "order"]}' where id = $1`, many)
	g.exec(g.owner, `update scheduler_job_definitions set type = 'event', schedule = '{"event_type": "order"}', enabled = false where id = $1`, off)
	first := g.want(g.operator, call{function: "event_ingest", args: []any{"order", `{"token": "t"}`, "k1"}}, "done")
	if runs := first.Detail["run_ids"].([]any); len(runs) != 2 || first.Detail["duplicate"] != false {
		t.Errorf("%v", first.Detail)
	}
	g.wantValue(g.owner, "event:order:k1:job:"+g.value(g.owner, "select $1::bigint", one), "select idempotency_key from scheduler_job_runs where job_definition_id = $1", one)
	second := g.want(g.operator, call{function: "event_ingest", args: []any{"order", `{}`, "k1"}}, "done")
	if second.id("event_id") != first.id("event_id") || second.Detail["duplicate"] != true || len(second.Detail["run_ids"].([]any)) != 0 {
		t.Errorf("%v after %v", second.Detail, first.Detail)
	}
	other := g.want(g.operator, call{function: "event_ingest", args: []any{"x", `{}`, "k1"}}, "done")
	if runs := other.Detail["run_ids"].([]any); len(runs) != 1 || other.Detail["duplicate"] != false {
		t.Errorf("the same key of another type: %v", other.Detail)
	}
	third := g.want(g.operator, call{function: "event_ingest", args: []any{"order", `[1]`, nil}}, "done")
	if third.id("event_id") == first.id("event_id") {
		t.Error("an event without a key is a new one each time")
	}
	g.wantValue(g.viewer, `{"token": "<masked>"}`, "select payload_json from opsdeck.event where id = $1", first.id("event_id"))
	for _, args := range [][]any{{"", `{}`, nil}, {"order", `3`, nil}, {"order", nil, nil}, {strings.Repeat("x", 129), `{}`, nil}, {"order", `{}`, strings.Repeat("k", 257)}} {
		g.want(g.operator, call{function: "event_ingest", args: args}, "refused event.invalid")
	}
	shown := g.want(g.admin, call{function: "event_reveal", args: []any{first.id("event_id")}}, "done")
	if v := shown.Detail["value"].(map[string]any); v["token"] != "t" {
		t.Errorf("%v", shown.Detail)
	}
	g.wantValue(g.owner, "0", "select count(*) from scheduler_admin_action_logs where payload_json::text like '%\"t\"%'")
}

func TestReveal(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, _ := g.job("report", `{"password": "pw1"}`)
	id := newID()
	for range 2 { // a lost answer is asked for again
		o := g.want(g.admin, call{function: "job_args_reveal", operation: id, args: []any{job}}, "done")
		if v := o.Detail["value"].(map[string]any); v["password"] != "pw1" {
			t.Errorf("%v", o.Detail)
		}
	}
	g.wantValue(g.owner, "1", "select count(*) from scheduler_admin_action_logs where action = 'job.reveal'")
	g.wantValue(g.super, "0", "select count(*) from opsdeck.operation where (detail::text || outcome::text) like '%pw1%'")
	refused := g.want(g.operator, call{function: "job_args_reveal", args: []any{job}}, "refused right.missing")
	if refused.Detail["value"] != nil {
		t.Errorf("%v", refused.Detail)
	}
	g.want(g.admin, call{function: "job_args_reveal", args: []any{int64(424242)}}, "stale row.missing")
	trail := g.want(g.admin, call{function: "audit_reveal", args: []any{refused.AuditID}}, "done")
	if trail.Detail["value"] == nil {
		t.Errorf("%v", trail.Detail)
	}
	g.want(g.operator, call{function: "session_unlock", args: []any{15}}, "done")
	g.want(g.operator, call{function: "session_unlock", args: []any{0}}, "refused minutes.invalid")
	g.want(g.viewer, call{function: "session_unlock", args: []any{15}}, "refused right.missing")
}
