package gate_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// verdict is what audit_verify says.
type verdict struct {
	OK      bool    `db:"ok"`
	Checked int64   `db:"checked"`
	Problem string  `db:"problem"`
	AuditID *int64  `db:"audit_id"`
	Login   *string `db:"login"`
	Actor   *string `db:"actor"`
	Seq     *int64  `db:"seq"`
	Seal    *int64  `db:"seal"`
	Digest  []byte  `db:"seal_digest"`
}

func (v verdict) String() string {
	if v.AuditID == nil {
		return v.Problem
	}
	return fmt.Sprintf("%s %d", v.Problem, *v.AuditID)
}

func (g *gated) verify(from any, pinned []byte) verdict {
	g.Helper()
	rows, err := g.viewer.Query(g.Context(), "select * from opsdeck.audit_verify($1, $2)", from, pinned)
	if err != nil {
		g.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[verdict])
	if err != nil {
		g.Fatal(err)
	}
	return v
}

func TestTheTrailHolds(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	if v := g.verify(nil, nil); !v.OK {
		t.Errorf("%+v", v)
	}
	for range 5 {
		g.want(g.operator, begin(newID(), "leader.degrade", ""), "open")
		g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('operator', 'a', 't', '{}', now())`)
	}
	if v := g.verify(nil, nil); !v.OK || v.Checked != 10 {
		t.Errorf("%+v", v)
	}
}
