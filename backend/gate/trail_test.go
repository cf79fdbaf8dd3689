package gate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
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

// seal is a seal as a console keeps it.
type seal struct {
	Seq    int64
	Digest []byte
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func verifyWith(ctx context.Context, q querier, from any, pinned []byte) (verdict, error) {
	rows, err := q.Query(ctx, "select * from opsdeck.audit_verify($1, $2)", from, pinned)
	if err != nil {
		return verdict{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[verdict])
}

func (g *gated) verify(from any, pinned []byte) verdict {
	g.Helper()
	v, err := verifyWith(g.Context(), g.viewer, from, pinned)
	if err != nil {
		g.Fatal(err)
	}
	return v
}

func (g *gated) seal(conn *pgx.Conn) (s seal) {
	g.Helper()
	err := pgx.BeginTxFunc(g.Context(), conn, pgx.TxOptions{AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		return tx.QueryRow(g.Context(), "select coalesce(seq, 0), digest from opsdeck.seal()").Scan(&s.Seq, &s.Digest)
	})
	if err != nil {
		g.Fatal(err)
	}
	return s
}

const insertAudit = `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ($1, $2, $3, $4, now())`

// trailRows is what newTrail writes; three of them say that the operators were added.
const trailRows = 5 + 3 + 3*4*4

// newTrail makes a small audit: rows from before the gate, operations, rows of Django under the same actors, three seals, the
// last over everything.
func newTrail(t *testing.T) (*gated, seal) {
	t.Helper()
	url := servertest.Database(t)
	owner := servertest.Connect(t, url)
	for i := range 5 {
		if _, err := owner.Exec(t.Context(), insertAudit, "old", "job.delete", fmt.Sprint(i), `{"name": "x"}`); err != nil {
			t.Fatal(err)
		}
	}
	g := &gated{T: t, url: url, logins: servertest.Gate(t, url), owner: owner, super: servertest.Connect(t, servertest.Superuser(t, url))}
	g.viewer, g.operator, g.admin = servertest.Connect(t, g.logins.Viewer), servertest.Connect(t, g.logins.Operator), servertest.Connect(t, g.logins.Admin)
	var last seal
	for range 3 {
		for i := range 4 {
			g.want(g.operator, begin(newID(), "leader.degrade", fmt.Sprint(i)), "open")
			g.want(g.viewer, begin(newID(), "leader.degrade", fmt.Sprint(i)), "refused right.missing")
			g.exec(g.owner, insertAudit, "operator", "setting.set", fmt.Sprint(i), `{"value": 3}`)
			g.exec(g.owner, insertAudit, "", "alert.webhook", fmt.Sprint(i), `{}`)
		}
		last = g.seal(g.operator)
	}
	if v := g.verify(nil, nil); !v.OK || v.Checked != trailRows || *v.Seal != 3 || !bytes.Equal(v.Digest, last.Digest) {
		t.Fatalf("%+v", v)
	}
	return g, last
}

var errUndo = errors.New("undo")

// tamper does something as a superuser with every trigger off, verifies, and undoes it.
func (g *gated) tamper(pin seal, sql string, args ...any) (v verdict, changed bool) {
	g.Helper()
	err := pgx.BeginFunc(g.Context(), g.super, func(tx pgx.Tx) error {
		if _, err := tx.Exec(g.Context(), "alter table scheduler_admin_action_logs disable trigger user"); err != nil {
			return err
		}
		for i, statement := range strings.Split(sql, ";") {
			tag, err := tx.Exec(g.Context(), statement, args...)
			if err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
			changed = changed || i == 0 && tag.RowsAffected() > 0
		}
		var err error
		if v, err = verifyWith(g.Context(), tx, nil, nil); err != nil {
			return err
		}
		if v.OK { // then it must at least not fit what somebody has pinned
			v, err = verifyWith(g.Context(), tx, pin.Seq, pin.Digest)
		}
		return errors.Join(err, errUndo)
	})
	if !errors.Is(err, errUndo) || strings.Contains(err.Error(), "ERROR") {
		g.Fatalf("%s: %v", sql, err)
	}
	return v, changed
}

// Whoever owns the table can switch triggers off. What is changed then is found, and the first row that does not fit named.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	g, pin := newTrail(t)
	id := g.value(g.super, "select audit_id from opsdeck.audit_chain where actor = 'operator' and login <> 'scheduler' and seq = 6")
	for name, c := range map[string]struct{ sql, want string }{
		"actor":           {"update scheduler_admin_action_logs set actor = 'viewer' where id = ID", "row.changed ID"},
		"action":          {"update scheduler_admin_action_logs set action = 'x' where id = ID", "row.changed ID"},
		"target":          {"update scheduler_admin_action_logs set target = 'x' where id = ID", "row.changed ID"},
		"payload":         {`update scheduler_admin_action_logs set payload_json = payload_json || '{"reason": "other"}' where id = ID`, "row.changed ID"},
		"time":            {"update scheduler_admin_action_logs set created_at = created_at + interval '1 microsecond' where id = ID", "row.changed ID"},
		"moved text":      {"update scheduler_admin_action_logs set action = left(action, -1), target = right(action, 1) || target where id = ID", "row.changed ID"},
		"row gone":        {"delete from scheduler_admin_action_logs where id = ID", "row.missing ID"},
		"link gone":       {"delete from opsdeck.audit_chain where audit_id = ID", "chain.gap"},
		"row, link gone":  {"delete from scheduler_admin_action_logs where id = ID; delete from opsdeck.audit_chain where audit_id = ID", "chain.gap"},
		"claimed writer":  {"update opsdeck.audit_chain set login = 'scheduler', seq = seq + 100 where audit_id = ID", "chain.gap"},
		"claimed gate":    {"update opsdeck.audit_chain set by_gate = not by_gate where audit_id = ID", "row.changed ID"},
		"other digest":    {"update opsdeck.audit_chain set digest = sha256('x') where audit_id = ID", "row.changed ID"},
		"renumbered":      {"update scheduler_admin_action_logs set id = 999 where id = ID", "row.missing ID"},
		"unchained":       {"insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('operator', 'x', '', '{}', now())", "row.unchained"},
		"head back":       {"update opsdeck.audit_head set seq = seq - 1 where login = 'scheduler' and actor = ''", "chain.cut"},
		"head gone":       {"delete from opsdeck.audit_head where login = 'scheduler' and actor = ''", "chain.cut"},
		"seal gone":       {"delete from opsdeck.seal_head where seal = 2; delete from opsdeck.seals where seq = 2", "seal.changed"},
		"seal changed":    {"update opsdeck.seals set sealed_by = 'x' where seq = 2", "seal.changed"},
		"sealed too far":  {"update opsdeck.sealed set head_seq = head_seq + 100 where actor = 'operator'", "seal.changed"},
		"seal's heads":    {"update opsdeck.seal_head set head_seq = 1 where seal = 2", "seal.changed"},
		"all of an actor": {"delete from scheduler_admin_action_logs where actor = ''; delete from opsdeck.audit_chain where actor = '' and login <> ''; delete from opsdeck.audit_head where actor = '' and login <> ''", "chain.cut"},
		"whole tail": {`delete from scheduler_admin_action_logs where id in (select audit_id from opsdeck.audit_chain where login = 'scheduler' and actor = '' and seq > 10);
			delete from opsdeck.audit_chain where login = 'scheduler' and actor = '' and seq > 10;
			update opsdeck.audit_head set seq = 10, digest = (select digest from opsdeck.audit_chain c where c.login = 'scheduler' and c.actor = '' and c.seq = 10)
			where login = 'scheduler' and actor = ''`, "chain.cut"},
		"tail and its seal": {`delete from opsdeck.seal_head where seal = 3; delete from opsdeck.seals where seq = 3;
			update opsdeck.sealed s set head_seq = h.head_seq from opsdeck.seal_head h where h.seal = 2 and h.login = s.login and h.actor = s.actor;
			delete from scheduler_admin_action_logs where id in (select audit_id from opsdeck.audit_chain c where seq > (select head_seq from opsdeck.seal_head s
				where s.seal = 2 and s.login = c.login and s.actor = c.actor));
			delete from opsdeck.audit_chain c where seq > (select head_seq from opsdeck.seal_head s where s.seal = 2 and s.login = c.login and s.actor = c.actor);
			update opsdeck.audit_head h set seq = s.head_seq, digest = s.digest from opsdeck.seal_head s where s.seal = 2 and s.login = h.login and s.actor = h.actor`, "seal.missing"},
	} {
		v, changed := g.tamper(pin, strings.ReplaceAll(c.sql, "ID", id))
		want := strings.ReplaceAll(c.want, "ID", id)
		got := v.Problem
		if strings.Contains(want, " ") && v.AuditID != nil {
			got += fmt.Sprint(" ", *v.AuditID)
		}
		if !changed || v.OK || got != want {
			t.Errorf("%s: %+v (changed %t), want %s", name, v, changed, want)
		}
	}
	if v := g.verify(nil, nil); !v.OK {
		t.Errorf("afterwards: %+v", v)
	}
}

// A thousand rows changed, removed and swapped at random, each found.
func TestRandomTamperingIsFound(t *testing.T) {
	t.Parallel()
	g, pin := newTrail(t)
	dice := rand.New(rand.NewPCG(1, 2))
	var ids []int64
	rows, err := g.super.Query(t.Context(), "select id from scheduler_admin_action_logs order by id")
	if err != nil {
		t.Fatal(err)
	}
	if ids, err = pgx.CollectRows(rows, pgx.RowTo[int64]); err != nil {
		t.Fatal(err)
	}
	ways := []string{
		"update scheduler_admin_action_logs set %[3]s = %[3]s || '%[4]d' where id = %[1]d",
		`update scheduler_admin_action_logs set payload_json = '{"n": %[4]d}' where id = %[1]d`,
		"update scheduler_admin_action_logs set created_at = created_at - %[4]d * interval '1 microsecond' where id = %[1]d",
		"delete from scheduler_admin_action_logs where id = %[1]d",
		"delete from scheduler_admin_action_logs where id = %[1]d; delete from opsdeck.audit_chain where audit_id = %[1]d",
		"delete from scheduler_admin_action_logs where id between least(%[1]d, %[2]d) and greatest(%[1]d, %[2]d)",
		"update opsdeck.audit_chain set digest = sha256('%[4]d') where audit_id = %[1]d",
		// two rows change places
		`update scheduler_admin_action_logs a set actor = b.actor, action = b.action, target = b.target, payload_json = b.payload_json, created_at = b.created_at
			from scheduler_admin_action_logs b where (a.id, b.id) in ((%[1]d, %[2]d), (%[2]d, %[1]d)) and a.id <> b.id`,
		"update opsdeck.audit_chain a set audit_id = -a.audit_id where audit_id in (%[1]d, %[2]d) and %[1]d <> %[2]d; update opsdeck.audit_chain set audit_id = %[1]d + %[2]d + audit_id where audit_id < 0",
	}
	done := 0
	for done < 1000 {
		a, b := ids[dice.IntN(len(ids))], ids[dice.IntN(len(ids))]
		column := []string{"actor", "action", "target"}[dice.IntN(3)]
		sql := fmt.Sprintf(ways[dice.IntN(len(ways))], a, b, column, 1+dice.IntN(1000))
		v, changed := g.tamper(pin, sql)
		if !changed {
			continue
		}
		done++
		if v.OK {
			t.Errorf("not found: %s", sql)
		}
	}
}

// Rows are only ever added, by whomever, as long as the triggers stand.
func TestAuditRowsStay(t *testing.T) {
	t.Parallel()
	g, _ := newTrail(t)
	for _, statement := range []string{
		"update scheduler_admin_action_logs set actor = 'x'", "delete from scheduler_admin_action_logs", "truncate scheduler_admin_action_logs",
		"update scheduler_admin_action_logs set actor = 'x' where false", "set session_replication_role = replica; delete from scheduler_admin_action_logs",
	} {
		for who, conn := range map[string]*pgx.Conn{"superuser": g.super, "schedulers": g.owner, "admin": g.admin} {
			if _, err := conn.PgConn().Exec(t.Context(), statement).ReadAll(); stateOf(err) != "42501" && stateOf(err) != "25006" {
				t.Errorf("%s: %s: %v", who, statement, err)
			}
			g.exec(conn, "reset all")
		}
	}
}

func TestSeals(t *testing.T) {
	t.Parallel()
	g, last := newTrail(t)
	if again := g.seal(g.operator); again.Seq != last.Seq || !bytes.Equal(again.Digest, last.Digest) {
		t.Errorf("nothing happened, and the seal changed: %+v, %+v", again, last)
	}
	g.want(g.viewer, call{function: "settings_apply"}, "refused right.missing")
	if by := g.seal(g.viewer); by.Seq != last.Seq {
		t.Errorf("a viewer sealed: %+v", by)
	}
	// A writer that has not committed is in no seal, and its row fits afterwards.
	tx, err := g.owner.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), insertAudit, "late", "x", "", `{}`); err != nil {
		t.Fatal(err)
	}
	next := g.seal(g.operator)
	if next.Seq != last.Seq+1 {
		t.Errorf("%+v", next)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	g.wantValue(g.super, "0", "select count(*) from opsdeck.seal_head where actor = 'late'")
	for _, from := range []any{nil, last.Seq, next.Seq} {
		if v := g.verify(from, nil); !v.OK {
			t.Errorf("from %v: %+v", from, v)
		}
	}
	if all, some := g.verify(nil, nil), g.verify(next.Seq, next.Digest); some.Checked >= all.Checked {
		t.Errorf("verifying from a seal looked at %d of %d rows", some.Checked, all.Checked)
	}
	if v := g.verify(next.Seq, last.Digest); v.OK || v.Problem != "seal.changed" {
		t.Errorf("%+v", v)
	}
	if v := g.verify(next.Seq+5, nil); v.OK || v.Problem != "seal.missing" {
		t.Errorf("%+v", v)
	}
}

// Many writers of few chains, sealing and verifying at the same time: no gap, no false alarm.
func TestManyWritersAtOnce(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	const rounds = 60
	var group sync.WaitGroup
	work := func(url string, fn func(conn *pgx.Conn, round int) error) {
		conn := g.again(url)
		g.exec(conn, "set default_transaction_read_only = off")
		group.Go(func() {
			for round := range rounds {
				if err := fn(conn, round); err != nil {
					t.Errorf("%v", err)
					return
				}
			}
		})
	}
	for i := range 12 {
		url := []string{g.logins.Operator, g.logins.Admin, g.logins.Viewer, g.url}[i%4]
		work(url, func(conn *pgx.Conn, round int) error {
			if url == g.url {
				_, err := conn.Exec(t.Context(), insertAudit, []string{"operator", "admin", ""}[round%3], "x", "", `{}`)
				return err
			}
			sql, args := begin(newID(), "leader.degrade", "").sql()
			_, err := conn.Exec(t.Context(), sql, args...)
			return err
		})
	}
	for range 2 {
		work(g.logins.Operator, func(conn *pgx.Conn, _ int) error {
			_, err := conn.Exec(t.Context(), "select opsdeck.seal()")
			return err
		})
		work(g.logins.Viewer, func(conn *pgx.Conn, round int) error {
			if round%3 != 0 {
				return nil
			}
			v, err := verifyWith(t.Context(), conn, nil, nil)
			if err == nil && !v.OK {
				err = fmt.Errorf("a false alarm: %+v", v)
			}
			return err
		})
	}
	group.Wait()
	if v := g.verify(nil, nil); !v.OK || v.Checked != 12*rounds+3 {
		t.Errorf("%+v", v)
	}
	g.wantValue(g.super, "0", "select count(*) from (select login, actor, max(seq) - count(*) as holes from opsdeck.audit_chain group by 1, 2) c where holes <> 0")
}

// Django may migrate the table when it has it back. What was written meanwhile is chained when the gate takes it again, and
// what was changed meanwhile is found.
func TestTheAuditTableCanBeGivenBack(t *testing.T) {
	t.Parallel()
	g, _ := newTrail(t)
	if err := gate.ReturnAuditTable(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	g.exec(g.owner, "alter table scheduler_admin_action_logs add column more int")
	g.exec(g.owner, insertAudit, "meanwhile", "x", "", `{}`)
	g.want(g.operator, call{function: "session_unlock", args: []any{1}}, "done") // the gate goes on
	if v := g.verify(nil, nil); v.OK || v.Problem != "install.unfinished" {
		t.Errorf("%+v", v)
	}
	if _, err := gate.Install(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	if v := g.verify(nil, nil); !v.OK || v.Checked != trailRows+2 {
		t.Errorf("%+v", v)
	}
	if err := gate.ReturnAuditTable(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	g.exec(g.owner, "update scheduler_admin_action_logs set target = 'other' where id = 8")
	if _, err := gate.Install(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	if v := g.verify(nil, nil); v.OK || v.Problem != "row.changed" || *v.AuditID != 8 {
		t.Errorf("%+v", v)
	}
}
