package console_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestListSettingsMergesContractHelpAndTable(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	help := func(key, input, choices, bounds string, editable bool) {
		e.exec(`insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json, constraints_json,
		  examples_json, is_secret, updated_at) values ($1, 'title', '', '', $5, $2, $3, $4, '[]', false, now())`, key, input, choices, bounds, editable)
	}
	help("SCHEDULER_LEADER_PING_BATCH_SIZE", "text", "[]", `{"min": 2, "max": 9}`, true)
	help("SCHEDULER_OWN", "text", "[]", `{"min": 1}`, false)
	help("SCHEDULER_DEPLOYMENT", "enum", `["local", "k8s", "nomad"]`, "{}", true)
	for key, value := range map[string]string{
		"SCHEDULER_LEADER_PING_BATCH_SIZE": `{"value": 50}`, "SCHEDULER_OWN": `"many"`, "SCHEDULER_METRICS_TOKEN": `"hidden"`,
		"SCHEDULER_ASSIGN_AHEAD_SECONDS": `"45"`,
	} {
		e.exec(`insert into scheduler_settings (key, value_json, updated_at) values ($1, $2, now())`, key, value)
	}
	e.exec(`insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
	  values ('admin', 'setting.set', 'SCHEDULER_OWN', '{}', now())`)
	list, err := e.ListSettings(t.Context())
	if err != nil || list.ChangesUnread != nil || list.LeaderUnread != nil || list.Leader != "" {
		t.Fatalf("%v, %v, %v, leader %q", err, list.ChangesUnread, list.LeaderUnread, list.Leader)
	}
	if n := len(scheduler.SettingSpecs); len(list.Settings) != n+1 || list.Settings[n].Spec.Key != "SCHEDULER_OWN" {
		t.Fatalf("%d settings, the last is %s", len(list.Settings), list.Settings[len(list.Settings)-1].Spec.Key)
	}
	type short struct {
		value, problem, kind, actor string
		stored, editable            bool
	}
	got := map[string]short{}
	for _, s := range list.Settings {
		one := short{value: string(s.Value), kind: string(s.Spec.Type), stored: s.Stored, editable: s.Editable}
		if problem, ok := errors.AsType[*scheduler.Error](s.Problem); ok {
			one.problem = problem.Reason
		}
		if s.Change != nil {
			one.actor = s.Change.Actor
		}
		got[s.Spec.Key] = one
	}
	for key, want := range map[string]short{
		"SCHEDULER_LEADER_PING_BATCH_SIZE": {"50", "settings.too_large", "integer", "", true, true},
		"SCHEDULER_OWN":                    {`"many"`, "settings.not_integer", "integer", "admin", true, false},
		"SCHEDULER_METRICS_TOKEN":          {"", "", "text", "", true, true},
		"SCHEDULER_ASSIGN_AHEAD_SECONDS":   {`"45"`, "", "integer", "", true, true},
		"SCHEDULER_DEPLOYMENT":             {"", "", "choice", "", false, true},
	} {
		if got[key] != want {
			t.Errorf("%s: %+v, not %+v", key, got[key], want)
		}
	}
	if s, err := e.Setting(t.Context(), "SCHEDULER_DEPLOYMENT"); err != nil || !cmp.Equal(s.Spec.Choices, []string{"local", "k8s", "nomad"}) {
		t.Errorf("choices %v, %v", s.Spec.Choices, err)
	}
	if _, err := e.Setting(t.Context(), "SCHEDULER_NOBODYS"); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a key that nobody knows: %v", err)
	}
}

func TestAuditMasksWhatASecretSettingWasSetTo(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	add := func(target, detail string) {
		e.exec(`insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
		  values ('a', 'setting.set', $1, $2, clock_timestamp())`, target, detail)
	}
	add("SCHEDULER_NOTIFY_SLACK_WEBHOOK_URL", `{"value": "https://hooks.example/hunter2", "detail": {"before": "hunter2", "after": null, "n": 1}}`)
	add("SCHEDULER_ASSIGN_AHEAD_SECONDS", `{"value": "60", "password": "hunter2"}`)
	add("SCHEDULER_EVENTS_API_TOKEN", `"hunter2"`)
	page, err := e.ListAudit(t.Context(), console.AuditFilter{}, console.Cursor{}, 10)
	if err != nil || len(page.Entries) != 3 {
		t.Fatalf("%d entries, %v", len(page.Entries), err)
	}
	for i, want := range []string{
		`"<masked>"`, `{"value": "60", "password": "<masked>"}`, `{"detail": {"after": null, "before": "<masked>", "n": 1}, "value": "<masked>"}`,
	} {
		if got := string(page.Entries[i].Detail); got != want {
			t.Errorf("%s, not %s", got, want)
		}
		one, err := e.AuditEntry(t.Context(), page.Entries[i].ID)
		if err != nil || string(one.Detail) != want {
			t.Errorf("alone: %s, %v", one.Detail, err)
		}
	}
}

func TestListsRefuseWhatCanNotBeAsked(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	later, earlier := time.Now(), time.Now().Add(-time.Hour)
	audit := func(f console.AuditFilter, size int) error {
		_, err := e.ListAudit(t.Context(), f, console.Cursor{}, size)
		return err
	}
	events := func(f console.EventFilter, size int) error {
		_, err := e.ListEvents(t.Context(), f, console.Cursor{}, size)
		return err
	}
	failures := func(window time.Duration) error { _, err := e.Failures(t.Context(), window); return err }
	for name, test := range map[string]struct {
		err    error
		reason string
	}{
		"no rows":         {audit(console.AuditFilter{}, 0), "list.bad_page_size"},
		"too many rows":   {events(console.EventFilter{}, 201), "list.bad_page_size"},
		"a range":         {audit(console.AuditFilter{From: &later, Before: &earlier}, 1), "list.empty_range"},
		"another range":   {events(console.EventFilter{From: &later, Before: &later}, 1), "list.empty_range"},
		"a long text":     {audit(console.AuditFilter{Text: strings.Repeat("x", 201)}, 1), "list.long_text"},
		"no window":       {failures(0), "failures.bad_window"},
		"too long a past": {failures(93 * 24 * time.Hour), "failures.bad_window"},
	} {
		if e, ok := errors.AsType[*scheduler.Error](test.err); !ok || e.Reason != test.reason || e.Code != scheduler.Invalid {
			t.Errorf("%s: %v", name, test.err)
		}
	}
}

func TestFailuresAreGroupedByCause(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	fail := func(state, text string, minutesAgo int, exit any) {
		e.exec(`insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary,
		  log_ref, idempotency_key, continuation_state, created_at, updated_at, exit_code)
		  values ($1, now() - make_interval(mins => $2) - interval '1 second' * random(), 'w', $3, 0, 0, $4, '', '', 'NONE',
		  now() - make_interval(mins => $2), now(), $5)`, e.job, minutesAgo, state, text, exit)
	}
	for i := range 5 {
		fail("FAILED", fmt.Sprintf("exit_code=1\nno disk left for order %d at /var/spool/%d", i*7, i), 10+i, 1)
	}
	fail("FAILED", "exit_code=2\nno disk left for order 1 at /var/spool/9", 50, 2)
	fail("TIMED_OUT", "timed out", 20, -15)
	fail("FAILED", "", 30, nil)
	fail("FAILED", "out of the window", 70, 1)
	got, err := e.Failures(t.Context(), time.Hour)
	if err != nil || got.Runs != 8 || got.Capped || len(got.Groups) != 3 || got.Others != 0 {
		t.Fatalf("%d runs in %d groups, capped %t: %v", got.Runs, len(got.Groups), got.Capped, err)
	}
	disk := got.Groups[0]
	if disk.Cause != "no disk left for order {n} at {path}" || disk.Runs != 6 || disk.OneExitCode != nil ||
		disk.SearchText != "no disk left for order" || !strings.Contains(disk.LastRun.Head, "order 0 ") {
		t.Errorf("%+v", disk)
	}
	if diff := cmp.Diff([]console.FailureJob{{ID: scheduler.JobID(e.job), Name: "report", Runs: 6}}, disk.Jobs); diff != "" {
		t.Error(diff)
	}
	if !disk.FirstDue.Before(disk.LastDue) || disk.LastMade.Sub(disk.FirstMade).Round(time.Minute) != 40*time.Minute {
		t.Errorf("first %s, last %s", disk.FirstDue, disk.LastDue)
	}
	sum := 0
	for _, n := range disk.PerBucket {
		sum += n
	}
	if sum != 6 {
		t.Errorf("the buckets hold %d", sum)
	}
	if other := got.Groups[1]; other.Cause != "timed out" || other.State != scheduler.TimedOut || *other.OneExitCode != -15 {
		t.Errorf("%+v", other)
	}
	if none := got.Groups[2]; none.Cause != "FAILED" || none.SearchText != "" {
		t.Errorf("%+v", none)
	}
}

func TestReadReloadResultTakesAnyShape(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]console.ReloadResult{
		`{}`:                               {},
		`{"ok_count": 2, "total": 3}`:      {OK: 2, Total: 3},
		`[]`:                               {Unreadable: true},
		`null`:                             {Unreadable: true},
		`{"targets": "none"}`:              {Unreadable: true},
		`{"targets": {"w": {"ok": true}}}`: {OK: 1, Total: 1, Targets: []console.ReloadTarget{{WorkerID: "w", OK: true}}},
	} {
		if diff := cmp.Diff(want, console.ReadReloadResult([]byte(raw))); diff != "" {
			t.Errorf("%s\n%s", raw, diff)
		}
	}
}
