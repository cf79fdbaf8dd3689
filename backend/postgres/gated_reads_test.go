package postgres

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Behind the gate an operator reads masking views and nothing else. The answers are the same but for what is masked.
func TestAnOperatorBehindTheGateReadsMaskedLists(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addAudit(manyEntries()...)
	c.exec("analyze scheduler_admin_action_logs")
	viewer := open(t, servertest.Gate(t, c.url).Viewer)
	slices.Reverse(ids)

	first, err := viewer.ListAudit(t.Context(), console.AuditFilter{Actor: "wanted"}, console.Cursor{}, 12)
	if err != nil || len(first.Rows) != 12 || !first.More || first.Rows[0].Written != "before" {
		t.Fatalf("%d entries, more %t: %+v, %v", len(first.Rows), first.More, first.Rows, err)
	}
	last := first.Rows[len(first.Rows)-1]
	second, err := viewer.ListAudit(t.Context(), console.AuditFilter{Actor: "wanted"}, console.Cursor{CreatedAt: last.At, ID: last.ID}, 12)
	if err != nil || len(second.Rows) != 12 || second.Rows[0].ID >= last.ID {
		t.Errorf("the next page: %+v, %v", second.Rows, err)
	}

	secret := c.addAudit(console.AuditEntry{Actor: "x", Action: "setting.set", Target: "SCHEDULER_EVENTS_API_TOKEN", At: *at(99999),
		Detail: []byte(`{"value": "` + secretText + `"}`)})[0]
	entry, err := viewer.AuditEntry(t.Context(), secret)
	if err != nil || strings.Contains(string(entry.Detail), secretText) || entry.Written == "gate" || entry.Chain == nil {
		t.Errorf("%s, written by %q, %v", entry.Detail, entry.Written, err)
	}
	if found, err := viewer.ListAudit(t.Context(), console.AuditFilter{Text: secretText, From: at(99000)}, console.Cursor{}, 5); err != nil || len(found.Rows) != 0 {
		t.Errorf("a secret can be searched for: %+v, %v", found.Rows, err)
	}
	c.addSetting("SCHEDULER_EVENTS_API_TOKEN", `{"value": "`+secretText+`"}`)
	c.addSetting("SCHEDULER_ASSIGN_AHEAD_SECONDS", `{"value": 90}`)
	tables, err := viewer.SettingTables(t.Context())
	if err != nil || len(tables.Stored) != 2 || tables.RowsHidden || string(tables.Stored[0].Value) != "90" || !tables.Stored[1].Secret || tables.Stored[1].Value != nil {
		t.Errorf("%+v, %v", tables, err)
	}
	event := c.addEvent("order.placed", "k", *at(0), nil, `{"token": "`+secretText+`", "n": 1}`)
	got, err := viewer.ListEvents(t.Context(), console.EventFilter{From: at(-5)}, console.Cursor{}, 5)
	if err != nil || len(got.Rows) != 1 || got.Rows[0].ID != event || strings.Contains(string(got.Rows[0].Payload), secretText) {
		t.Errorf("%+v, %v", got.Rows, err)
	}
	if changes, err := viewer.SettingChanges(t.Context()); err != nil || len(changes) != 1 || changes[0].AuditID != secret {
		t.Errorf("%+v, %v", changes, err)
	}
	if _, err := viewer.Reloads(t.Context(), 5); err != nil {
		t.Error(err)
	}
}

// The views hide values and no rows, so that their lists are read in order, as those of the tables are.
func TestTheGatesViewsAreReadInOrder(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	viewer := open(t, servertest.Gate(t, c.url).Viewer)
	for name, question := range map[string]struct {
		sql  string
		args pgx.StrictNamedArgs
	}{
		"audit": {sql.views.olderAudit.match, merged(auditPlace(console.AuditFilter{}, console.AtTime(base)), auditFilter(console.AuditFilter{}),
			pgx.StrictNamedArgs{"edge": nil, "page": 51, "detail_limit": listedDetail})},
		"events": {sql.views.olderEvents.match, merged(eventPlace(console.Cursor{ID: 1000}), eventFilter(console.EventFilter{}),
			pgx.StrictNamedArgs{"edge": nil, "page": 51, "detail_limit": listedDetail})},
	} {
		tx, err := viewer.pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), "set local enable_seqscan = off"); err != nil {
			t.Fatal(err)
		}
		rows, err := tx.Query(t.Context(), "explain "+question.sql, question.args)
		if err != nil {
			t.Fatal(err)
		}
		steps, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		if plan := strings.Join(steps, "\n"); readsAll(steps) || !strings.Contains(plan, "Limit") {
			t.Errorf("%s is read from end to end:\n%s", name, plan)
		}
		_ = tx.Rollback(t.Context())
	}
}

func TestVerifyAuditFindsWhatWasChangedBehindTheGate(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	if chain, err := c.store.AuditChain(t.Context()); err != nil || chain.Installed {
		t.Errorf("without the gate: %+v, %v", chain, err)
	}
	logins := servertest.Gate(t, c.url)
	viewer := open(t, logins.Viewer)
	ids := c.addAudit(console.AuditEntry{Actor: "a", At: *at(0)}, console.AuditEntry{Actor: "a", At: *at(1)}, console.AuditEntry{Actor: "a", At: *at(2)})
	operator := servertest.Pool(t, logins.Operator)
	if _, err := operator.Exec(t.Context(), "begin read write; select opsdeck.seal(); commit"); err != nil {
		t.Fatal(err)
	}
	chain, err := viewer.AuditChain(t.Context())
	if err != nil || !chain.Installed || !chain.Complete || chain.Seal == nil || len(chain.Seal.Digest) != 64 {
		t.Fatalf("%+v, %v", chain, err)
	}
	for _, seen := range []*console.Seal{nil, chain.Seal} {
		if got, err := viewer.VerifyAudit(t.Context(), seen); err != nil || !got.OK || got.Seal.Number != chain.Seal.Number {
			t.Errorf("untouched, from %v: %+v, %v", seen, got, err)
		}
	}
	forged := &console.Seal{Number: chain.Seal.Number, Digest: fmt.Sprintf("%064x", 1)}
	if got, err := viewer.VerifyAudit(t.Context(), forged); err != nil || got.OK || got.Problem != "seal.changed" {
		t.Errorf("another digest than was seen: %+v, %v", got, err)
	}
	super := servertest.Connect(t, servertest.Superuser(t, c.url))
	const tamper = `set session_replication_role = replica; alter table scheduler_admin_action_logs disable trigger all;
	  update scheduler_admin_action_logs set target = 'other' where id = %d; alter table scheduler_admin_action_logs enable trigger all`
	if _, err := super.Exec(t.Context(), fmt.Sprintf(tamper, ids[1])); err != nil {
		t.Fatal(err)
	}
	got, err := viewer.VerifyAudit(t.Context(), nil)
	if err != nil || got.OK || got.Problem != "row.changed" || got.AuditID != ids[1] || got.Actor != "a" {
		t.Errorf("a changed row: %+v, %v", got, err)
	}
	if diff := cmp.Diff(true, got.Checked > 0); diff != "" {
		t.Error("nothing was checked")
	}
}

// The contract's keys can be set on a scheduler whose help table has none of them.
func TestTheGateKnowsSettingsThatNoTableHas(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	gate := open(t, servertest.Gate(t, c.url).Admin).Gate()
	for key, secret := range map[string]bool{"SCHEDULER_HEARTBEAT_TTL_SECONDS": false, "SCHEDULER_METRICS_TOKEN": true} {
		got, err := gate.Setting(t.Context(), key)
		if err != nil || got.Key != key || got.Secret != secret || !got.Editable || got.Value != nil || got.UpdatedAt != nil {
			t.Errorf("%s: %+v, %v", key, got, err)
		}
	}
	if _, err := gate.Setting(t.Context(), "PATH"); reasonOf(err) != "setting.unknown" {
		t.Errorf("a name that is no key: %v", err)
	}
}

func TestOperationsAreSealed(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	logins := servertest.Gate(t, c.url)
	viewer, admin := open(t, logins.Viewer), open(t, logins.Admin)
	seal := func() int64 {
		chain, err := viewer.AuditChain(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if chain.Seal == nil {
			return 0
		}
		return chain.Seal.Number
	}
	before := seal()
	for i := range 5 {
		_, err := admin.Gate().Do(t.Context(), operations.Call{
			Function: "setting_set", Signature: operations.Signature{ID: operations.NewID(), Reason: "tried out"},
			Args: map[string]any{"key": fmt.Sprintf("SCHEDULER_SEALED_%d", i), "value": json.RawMessage("1"), "seen": nil},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	admin.Close() // waits for what is under way
	if after := seal(); after <= before {
		t.Errorf("five operations moved the seal from %d to %d", before, after)
	}
	if got, err := viewer.VerifyAudit(t.Context(), nil); err != nil || !got.OK {
		t.Errorf("%+v, %v", got, err)
	}
	var behind int // entries that no seal has seen
	super := servertest.Connect(t, servertest.Superuser(t, c.url))
	if err := super.QueryRow(t.Context(), `select count(*) from opsdeck.audit_head h left join lateral (select max(s.head_seq) as seq
	  from opsdeck.seal_head s where s.login = h.login and s.actor = h.actor) s on true where h.seq > coalesce(s.seq, 0)`).Scan(&behind); err != nil || behind != 0 {
		t.Errorf("%d chains go on beyond the newest seal: %v", behind, err)
	}
}
