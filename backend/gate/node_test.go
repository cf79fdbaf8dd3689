package gate_test

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Where nodes of ours have their tables, a run may have arguments of its own, and what an operator does to a run is also in
// the record of its attempts.
func TestTheGateKnowsTheNodesTables(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, seen := g.job("report", `{"day": 1, "token": "t1"}`)
	own := `{"day": 2, "token": "<masked>", "password": "p1"}`
	g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, own}}, "refused args.unsupported")
	if err := node.Migrate(t.Context(), servertest.Pool(t, g.url)); err != nil {
		t.Fatal(err)
	}
	// The tables came after the gate: a repeated install gives them their rights.
	sql, args := call{function: "job_run_now", args: []any{job, seen, own}}.sql()
	g.exec(g.operator, "set default_transaction_read_only = off")
	if _, err := g.operator.Exec(t.Context(), sql, args...); stateOf(err) != "42501" {
		t.Errorf("before that: %v", err)
	}
	if _, err := gate.Install(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	made := g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, own}}, "done")
	run := made.id("run_id")
	g.wantValue(g.owner, `{"day": 2, "token": "t1", "password": "p1"}`, "select args_json from opsdeck_node.run_args where run_id = $1", run)
	g.wantValue(g.viewer, `{"day": 2, "token": "<masked>", "password": "<masked>"}`, "select args_json from opsdeck.run_args where run_id = $1", run)
	g.want(g.operator, call{function: "job_run_now", args: []any{job, seen, `{"elsewhere": "<masked>"}`}}, "refused args.masked")
	if _, err := g.viewer.Exec(t.Context(), "select * from opsdeck_node.run_args"); stateOf(err) != "42501" {
		t.Errorf("a viewer reads arguments past the mask: %v", err)
	}
	g.wantValue(g.viewer, "0", "select count(*) from opsdeck_node.run_log")
	shown := g.want(g.admin, call{function: "run_args_reveal", args: []any{run}}, "done")
	if v := shown.Detail["value"].(map[string]any); v["password"] != "p1" {
		t.Errorf("%v", shown.Detail)
	}
	g.wantValue(g.owner, "0", "select count(*) from scheduler_admin_action_logs where payload_json::text ~ 't1|p1'")

	g.exec(g.owner, "update scheduler_job_runs set state = 'FAILED' where id = $1", run)
	again := g.want(g.operator, call{function: "run_rerun", args: []any{run, 0}}, "done")
	g.wantValue(g.owner, "p1", "select args_json ->> 'password' from opsdeck_node.run_args where run_id = $1", again.id("run_id"))

	attempt := func(run int64) {
		g.exec(g.owner, `insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at) values ($1, 0, 'w1', 3, now())`, run)
	}
	const ended = "select outcome || ' ' || (ended_at is not null) from opsdeck_node.run_attempt where run_id = $1"
	lost, replaced, canceled := g.run(job, "RUNNING", time.Minute, "w1"), g.run(job, "RUNNING", time.Hour, "w1"), g.run(job, "RUNNING", time.Minute, "w1")
	for _, r := range []int64{lost, replaced, canceled} {
		attempt(r)
	}
	g.want(g.operator, call{function: "run_reassign", args: []any{lost, 7, true, 300}}, "done")
	g.wantValue(g.owner, "ORPHANED true", ended, lost)
	g.want(g.operator, call{function: "run_reassign", args: []any{replaced, 7, true, 300}}, "done")
	g.wantValue(g.owner, "CANCELED true", ended, replaced)
	id := newID()
	g.want(g.operator, begin(id, "job_run.cancel", "1"), "open")
	sql, args = invoke("run_cancel_lost", []any{id, canceled, 7})
	if o := g.ask(g.operator, sql, args); o.Result != "done" {
		t.Fatal(o)
	}
	g.wantValue(g.owner, "CANCELED true", ended, canceled)
	if err := gate.Uninstall(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
}

func TestOptionalIndexes(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	const usable = "select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'opsdeck\\_run\\_%' and i.indisvalid"
	for range 2 {
		if err := gate.AddIndexes(t.Context(), g.super); err != nil {
			t.Fatal(err)
		}
		g.wantValue(g.super, "4", usable)
		// As a build leaves it that was broken off.
		g.exec(g.super, "update pg_index set indisvalid = false where indexrelid = 'opsdeck_run_state'::regclass")
	}
	if err := gate.DropIndexes(t.Context(), g.super); err != nil {
		t.Fatal(err)
	}
	g.wantValue(g.super, "0", "select count(*) from pg_class where relname like 'opsdeck\\_run\\_%'")
	g.wantValue(g.super, "false", "select indexes from opsdeck.installation")
}
