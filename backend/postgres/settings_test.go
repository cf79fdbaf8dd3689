package postgres

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
)

const secretText = "s3cr3t-that-must-not-leave"

func (c cluster) addSetting(key, value string) {
	c.Helper()
	c.exec(`insert into scheduler_settings (key, value_json, updated_at) values ($1, $2, $3)`, key, value, base)
}

func (c cluster) addHelp(key, constraints string, secret bool) {
	c.Helper()
	c.exec(`insert into scheduler_setting_help (key, title, description, impact, editable, input_type, enum_values_json,
	  constraints_json, examples_json, is_secret, updated_at) values ($1, 't', 'd', 'i', true, 'text', '["a", 1]', $2, '["x"]', $3, now())`,
		key, constraints, secret)
}

func TestSettingTablesKeepSecretsInTheDatabase(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addSetting("SCHEDULER_ASSIGN_AHEAD_SECONDS", `{"value": 90}`)
	c.addSetting("SCHEDULER_EVENTS_API_TOKEN", `{"value": "`+secretText+`"}`)
	c.addSetting("SCHEDULER_HIDDEN_BY_HELP", `"`+secretText+`"`)
	c.addSetting("SCHEDULER_Smtp-Password", `"`+secretText+`"`)
	c.addSetting("SCHEDULER_HUGE", `"`+strings.Repeat("x", longestValue)+`"`)
	c.addHelp("SCHEDULER_ASSIGN_AHEAD_SECONDS", `{"min": 1, "max": "many"}`, false)
	c.addHelp("SCHEDULER_HIDDEN_BY_HELP", `[]`, true)
	got, err := c.store.SettingTables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type short struct {
		key, value string
		secret     bool
	}
	var stored []short
	for _, s := range got.Stored {
		stored = append(stored, short{s.Key, string(s.Value), s.Secret})
	}
	want := []short{
		{"SCHEDULER_ASSIGN_AHEAD_SECONDS", `{"value": 90}`, false}, {"SCHEDULER_EVENTS_API_TOKEN", "", true},
		{"SCHEDULER_HIDDEN_BY_HELP", "", true}, {"SCHEDULER_HUGE", "", false}, {"SCHEDULER_Smtp-Password", "", true},
	}
	slices.SortFunc(stored, func(a, b short) int { return strings.Compare(a.key, b.key) }) // the server's collation is its own
	if diff := cmp.Diff(want, stored, cmp.AllowUnexported(short{})); diff != "" {
		t.Error(diff)
	}
	one := int64(1)
	help := console.SettingHelp{
		Key: "SCHEDULER_ASSIGN_AHEAD_SECONDS", Title: "t", Description: "d", Impact: "i", Editable: true, Input: "text",
		Choices: []string{"a", "1"}, Min: &one, Examples: []string{"x"},
	}
	if diff := cmp.Diff(help, got.Help[0]); diff != "" || got.RowsHidden {
		t.Errorf("rows hidden %t\n%s", got.RowsHidden, diff)
	}
}

func TestSettingTablesSayThatAPolicyHidesRows(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for statement, want := range map[string]bool{
		"enable row level security, force": true, "disable": false,
	} {
		c.exec("alter table scheduler_settings " + statement + " row level security")
		if got, err := c.store.SettingTables(t.Context()); err != nil || got.RowsHidden != want {
			t.Errorf("%s: rows hidden %t, %v", statement, got.RowsHidden, err)
		}
	}
}

func TestSettingChangesAreTheNewestOfEachKey(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addAudit(
		console.AuditEntry{Actor: "a", Action: "setting.set", Target: "X", At: *at(0)},
		console.AuditEntry{Actor: "b", Action: "setting.delete", Target: "X", At: *at(5)},
		console.AuditEntry{Actor: "c", Action: "setting.set", Target: "Y", At: *at(3)},
		console.AuditEntry{Actor: "d", Action: "setting_help.set", Target: "Y", At: *at(9)},
	)
	got, err := c.store.SettingChanges(t.Context())
	want := []console.SettingChange{
		{Key: "X", Actor: "b", Action: "setting.delete", At: *at(5), AuditID: ids[1]},
		{Key: "Y", Actor: "c", Action: "setting.set", At: *at(3), AuditID: ids[2]},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestReloadsCarryTheAnswersOfTheNewestAlone(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	result := `{"leader_cache_generation": 2, "ok_count": 1, "total": 2, "targets":
	  {"w-2": {"target": "h:2", "ok": false, "message": "deadline", "cache_generation": 1}, "w-1": {"target": "h:1", "ok": true, "message": "", "cache_generation": 2}}}`
	for i, status := range []string{"APPLIED", "FAILED"} {
		c.exec(`insert into scheduler_config_reload_requests (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch,
		  result_json) values ('admin', $1, $2, $1, 'w-1', 4, $3)`, at(i), status, result)
	}
	got, err := c.store.Reloads(t.Context(), 10)
	if err != nil || len(got) != 2 {
		t.Fatalf("%d reloads: %v", len(got), err)
	}
	one, two, epoch := int64(1), int64(2), int64(4)
	want := console.Reload{
		ID: got[0].ID, RequestedBy: "admin", RequestedAt: *at(1), Status: "FAILED", AppliedAt: at(1), LeaderID: "w-1", LeaderEpoch: &epoch,
		Result: console.ReloadResult{OK: 1, Total: 2, Generation: &two, Targets: []console.ReloadTarget{
			{WorkerID: "w-1", Address: "h:1", OK: true, Generation: &two},
			{WorkerID: "w-2", Address: "h:2", Message: "deadline", Generation: &one},
		}},
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if older := got[1].Result; older.OK != 1 || older.Total != 2 || older.Targets != nil {
		t.Errorf("the older one: %+v", older)
	}
}
