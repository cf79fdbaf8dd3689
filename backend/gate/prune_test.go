package gate_test

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestOldOperationsArePrunedAndTheAuditKeepsThem(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	old, young, open, closed := newID(), newID(), newID(), newID()
	for _, id := range []string{old, young} {
		g.want(g.admin, call{function: "settings_apply", operation: id}, "done")
	}
	g.want(g.operator, begin(open, "worker.drain", "w-1"), "open")
	g.want(g.operator, begin(closed, "worker.drain", "w-2"), "open")
	g.exec(g.super, `insert into opsdeck.operation_effect select id, 'run_release', 'w-2', outcome from opsdeck.operation where id = $1`, closed)
	g.exec(g.super, `update opsdeck.operation set state = 'closed', finished_at = now() - interval '40 days' where id = $1`, closed)
	g.exec(g.super, `update opsdeck.operation set begun_at = now() - interval '40 days' where id = any($1)`, []string{old, open})
	trail := g.value(g.super, "select count(*) from scheduler_admin_action_logs")

	if _, err := gate.PruneOperations(t.Context(), g.super, time.Hour); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("after an hour: %v", err)
	}
	const month = 30 * 24 * time.Hour
	for _, want := range []int64{2, 0} {
		if n, err := gate.PruneOperations(t.Context(), g.super, month); n != want || err != nil {
			t.Fatalf("%d pruned, not %d; %v", n, want, err)
		}
	}
	for id, want := range map[string]string{old: "0", closed: "0", young: "1", open: "1"} {
		g.wantValue(g.super, want, "select count(*) from opsdeck.operation where id = $1", id)
	}
	g.wantValue(g.super, "1", "select count(*) - $1::bigint from scheduler_admin_action_logs", trail)
	g.wantValue(g.super, "2", "select payload_json #>> '{detail,operations}' from scheduler_admin_action_logs where action = 'operation.prune'")
}
