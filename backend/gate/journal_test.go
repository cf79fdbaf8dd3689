package gate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func (g *gated) finish(conn *pgx.Conn, operation, result, observed string) outcome {
	g.Helper()
	sql, args := invoke("operation_finish", []any{operation, result, observed})
	return g.ask(conn, sql, args)
}

func (g *gated) wantFinish(conn *pgx.Conn, operation, result, want string) outcome {
	g.Helper()
	o := g.finish(conn, operation, result, `{"flag": true}`)
	if got := strings.TrimSpace(o.String()); got != want {
		g.Fatalf("operation_finish(%s) was %s (%v), not %s", result, got, o.Detail, want)
	}
	return o
}

func begin(id, action, target string) call {
	return call{function: "operation_begin", operation: id, args: []any{action, target, `{"flag": "scheduler:detach:7"}`}}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	id := newID()
	begun := g.want(g.operator, begin(id, "worker.detach", "7"), "open")
	if again := g.want(g.operator, begin(id, "worker.detach", "7"), "open"); again.AuditID != begun.AuditID {
		t.Error("a repeated begin wrote a second row")
	}
	g.want(g.operator, begin(id, "worker.detach", "8"), "refused operation.reused")
	g.wantValue(g.viewer, "worker.detach 7 operator open", "select action || ' ' || target || ' ' || actor || ' ' || state from opsdeck.open_operation where operation = $1", id)
	g.wantValue(g.owner, "worker.detach.requested", "select action from scheduler_admin_action_logs where id = $1", begun.AuditID)

	g.wantFinish(g.operator, newID(), "succeeded", "refused operation.missing")
	g.wantFinish(g.operator, id, "perhaps", "refused action.unknown")
	g.wantFinish(g.viewer, id, "failed", "refused right.missing")
	g.wantFinish(g.operator, id, "unknown", "done")
	g.wantValue(g.viewer, "unknown", "select state from opsdeck.open_operation where operation = $1", id)
	done := g.wantFinish(g.admin, id, "succeeded", "done") // another one with the right, after a crash
	if again := g.wantFinish(g.admin, id, "succeeded", "done"); again.AuditID != done.AuditID {
		t.Error("a repeated finish wrote a second row")
	}
	g.wantFinish(g.operator, id, "failed", "refused operation.finished")
	g.want(g.operator, begin(id, "worker.detach", "7"), "refused operation.finished")
	g.wantValue(g.viewer, "0", "select count(*) from opsdeck.open_operation")
	g.wantValue(g.owner, "worker.detach.succeeded admin", "select action || ' ' || actor from scheduler_admin_action_logs where id = $1", done.AuditID)

	g.want(g.operator, begin(newID(), "job.create", ""), "refused action.unknown")
	g.want(g.operator, begin(newID(), "make.coffee", ""), "refused action.unknown")
	g.want(g.viewer, begin(newID(), "leader.degrade", ""), "refused right.missing")
}

func TestWritesInsideAnOpenOperation(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, _ := g.job("report", `{}`)
	lost := g.run(job, "RUNNING", time.Minute, "7")
	inside := func(conn *pgx.Conn, function, want string, args ...any) outcome {
		t.Helper()
		sql, all := invoke(function, args)
		o := g.ask(conn, sql, all)
		if got := strings.TrimSpace(o.String()); got != want {
			t.Fatalf("%s was %s (%v), not %s", function, got, o.Detail, want)
		}
		return o
	}
	id := newID()
	inside(g.operator, "run_cancel_lost", "refused operation.missing", id, lost, 7)
	g.want(g.operator, begin(id, "job_run.cancel", "1"), "open")
	inside(g.admin, "run_cancel_lost", "refused operation.missing", id, lost, 7) // somebody else's
	inside(g.operator, "run_cancel_lost", "stale run.changed", id, lost, 6)
	first := inside(g.operator, "run_cancel_lost", "done", id, lost, 7)
	if again := inside(g.operator, "run_cancel_lost", "done", id, lost, 7); again.AuditID != first.AuditID {
		t.Error("the same write happened twice")
	}
	g.wantValue(g.owner, "CANCELED 8", "select state || ' ' || version from scheduler_job_runs where id = $1", lost)
	g.wantValue(g.owner, "job_run.cancel.written", "select action from scheduler_admin_action_logs where id = $1", first.AuditID)
	inside(g.operator, "run_release", "refused operation.reused", id, "7")
	g.wantFinish(g.operator, id, "succeeded", "done")
	inside(g.operator, "run_cancel_lost", "refused operation.finished", id, lost, 8)

	waiting := g.run(job, "ASSIGNED", time.Minute, "7")
	g.run(job, "RUNNING", time.Minute, "7")
	other := g.run(job, "ASSIGNED", time.Minute, "8")
	id = newID()
	g.want(g.operator, begin(id, "worker.detach", "7"), "open")
	inside(g.operator, "run_release", "refused operation.reused", id, "8")
	released := inside(g.operator, "run_release", "done", id, "7")
	if runs := released.Detail["run_ids"].([]any); len(runs) != 1 || int64(runs[0].(float64)) != waiting {
		t.Errorf("%v", released.Detail)
	}
	g.wantValue(g.owner, "ORPHANED ", "select state || ' ' || assigned_worker_id from scheduler_job_runs where id = $1", waiting)
	g.wantValue(g.owner, "ASSIGNED 8", "select state || ' ' || assigned_worker_id from scheduler_job_runs where id = $1", other)
	g.wantFinish(g.operator, id, "unknown", "done")
	inside(g.operator, "run_release", "refused operation.finished", id, "7")
}

func TestOneEffectPerOperation(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, seen := g.job("report", `{}`)
	id := newID()
	first := g.want(g.operator, call{function: "job_run_now", operation: id, args: []any{job, seen, nil}}, "done")
	for range 3 {
		if again := g.want(g.operator, call{function: "job_run_now", operation: id, args: []any{job, seen, nil}}, "done"); again.AuditID != first.AuditID || again.id("run_id") != first.id("run_id") {
			t.Errorf("%+v after %+v", again, first)
		}
	}
	g.want(g.operator, call{function: "job_run_now", operation: id, reason: "another", args: []any{job, seen, nil}}, "refused operation.reused")
	g.want(g.admin, call{function: "job_run_now", operation: id, args: []any{job, seen, nil}}, "refused operation.reused")
	g.wantValue(g.owner, "1", "select count(*) from scheduler_job_runs")

	// Twice at the same time: the second waits for the first and gets its outcome.
	id = newID()
	second := g.again(g.logins.Operator)
	g.exec(second, "set default_transaction_read_only = off")
	tx, err := g.operator.BeginTx(t.Context(), pgx.TxOptions{AccessMode: pgx.ReadWrite})
	if err != nil {
		t.Fatal(err)
	}
	sql, args := call{function: "job_run_now", operation: id, args: []any{job, seen, nil}}.sql()
	var a, b outcome
	if err := tx.QueryRow(t.Context(), sql, args...).Scan(&a.Result, &a.Reason, &a.Detail, &a.AuditID); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() {
		answer <- second.QueryRow(t.Context(), sql, args...).Scan(&b.Result, &b.Reason, &b.Detail, &b.AuditID)
	}()
	g.waitForLock(second.PgConn().PID())
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-answer; err != nil || a.AuditID != b.AuditID {
		t.Errorf("%+v and %+v, %v", a, b, err)
	}
	g.wantValue(g.owner, "2", "select count(*) from scheduler_job_runs")
}

func TestBadCallsAreRefusedAndWrittenDown(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	args := []any{int64(1), 1}
	for want, first := range map[string][]any{
		"refused operation.missing": {nil, "because", nil, nil},
		"refused reason.missing":    {newID(), " ", nil, nil},
		"refused reason.long":       {newID(), strings.Repeat("x", 501), nil, nil},
		"refused note.invalid":      {newID(), "because", `["x"]`, nil},
	} {
		sql, all := invoke("run_rerun", append(first, args...))
		o := g.ask(g.operator, sql, all)
		if o.String() != want {
			t.Errorf("%s, not %s", o, want)
		}
		g.wantValue(g.owner, "job_run.rerun.refused operator "+o.Reason, "select action || ' ' || actor || ' ' || (payload_json ->> 'why') from scheduler_admin_action_logs where id = $1", o.AuditID)
	}
	g.want(g.operator, call{function: "run_rerun", args: []any{nil, nil}}, "stale run.missing")
}
