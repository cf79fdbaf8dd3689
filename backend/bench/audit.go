package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/localserver"
)

const (
	batch       = 960 // writes in a measured turn, divided by every number of connections
	verifyRows  = 100_000
	plainInsert = `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
		values ($1, 'worker.detach.requested', '7', '{"reason": "because", "result": "open", "epoch": 3}', clock_timestamp())`
	beginOperation = `select audit_id from opsdeck.operation_begin(gen_random_uuid(), 'because', '{"host": "desk-7"}', 3, 'worker.detach', '7', '{}')`
	unlock         = `select audit_id from opsdeck.session_unlock(gen_random_uuid(), 'because', '{"host": "desk-7"}', 3, 5)`
)

// auditMeasure is two databases of one durable server: one as Django made it, one with the gate.
type auditMeasure struct {
	table         *table
	server        *localserver.Postgres
	plain, gated  string // URLs
	operators     []string
	mostOperators int
}

// measureAudit writes into the audit with and without the gate, over several numbers of connections.
func measureAudit(ctx context.Context, connections []int, log *slog.Logger) (t table, err error) {
	t.title = "The gate"
	dir, err := os.MkdirTemp("", "opsdeck-bench-")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	server, err := localserver.StartPostgres(ctx, localserver.PostgresConfig{Dir: dir, Logger: log, Durable: true})
	if err != nil {
		return t, err
	}
	defer func() { _ = server.Stop(context.WithoutCancel(ctx)) }()
	m := auditMeasure{table: &t, server: server, plain: server.URL("plain"), gated: server.URL("gated")}
	for _, n := range connections {
		m.mostOperators = max(m.mostOperators, n)
	}
	if err := m.prepare(ctx); err != nil {
		return t, err
	}
	t.notes = append(machine(), fmt.Sprintf("PostgreSQL on a Unix socket, with fsync. A turn is %d writes, each its own transaction. "+
		"Operations are begun by one operator a connection; an operation is noted, judged, audited and chained.", batch))
	for _, n := range connections {
		if err := m.writes(ctx, n); err != nil {
			return t, err
		}
	}
	return t, m.alone(ctx)
}

func (m *auditMeasure) prepare(ctx context.Context) error {
	if err := m.as(ctx, m.server.URL("postgres"), "create database plain", "create database gated"); err != nil {
		return err
	}
	for _, url := range []string{m.plain, m.gated} {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		err = djangoschema.Apply(ctx, conn)
		if err == nil && url == m.gated {
			_, err = gate.Install(ctx, conn, gate.Options{})
		}
		for i := 0; err == nil && url == m.gated && i < m.mostOperators; i++ {
			err = m.addOperator(ctx, conn, i)
		}
		if err = errors.Join(err, conn.Close(ctx)); err != nil {
			return err
		}
	}
	return nil
}

func (m *auditMeasure) addOperator(ctx context.Context, conn *pgx.Conn, i int) error {
	name, password := fmt.Sprintf("operator_%d", i), "a-password-to-measure"
	err := djangoschema.AddUser(ctx, conn, djangoschema.User{Username: name, Active: true, Groups: []string{djangoschema.OperatorGroup}})
	if err != nil {
		return err
	}
	m.operators = append(m.operators, m.server.URLFor(name, password, "gated"))
	return gate.AddOperator(ctx, conn, gate.NewOperator{Login: name, Username: name, Right: gate.Operator, Password: password})
}

func (m *auditMeasure) as(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// crew is open sessions that write a batch together.
type crew struct{ sessions []*pgx.Conn }

func open(ctx context.Context, urls []string) (c crew, err error) {
	for _, url := range urls {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			c.close(ctx)
			return crew{}, err
		}
		c.sessions = append(c.sessions, conn)
		if _, err := conn.Exec(ctx, "set default_transaction_read_only = off"); err != nil {
			c.close(ctx)
			return crew{}, err
		}
	}
	return c, nil
}

func (c crew) close(ctx context.Context) {
	for _, conn := range c.sessions {
		_ = conn.Close(ctx)
	}
}

// write has every session do its part of a batch. named statements get an actor of their own per session.
func (c crew) write(ctx context.Context, statement string, named bool) error {
	failures := make([]error, len(c.sessions))
	var group sync.WaitGroup
	for i, conn := range c.sessions {
		var args []any
		if named {
			args = []any{fmt.Sprint("actor-", i)}
		}
		group.Go(func() {
			for range batch / len(c.sessions) {
				if _, failures[i] = conn.Exec(ctx, statement, args...); failures[i] != nil {
					return
				}
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

func repeated(url string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = url
	}
	return all
}

// writes compares plain inserts with inserts on the chain, and with operations, over n connections.
func (m *auditMeasure) writes(ctx context.Context, n int) error {
	plain, err := open(ctx, repeated(m.plain, n))
	if err != nil {
		return err
	}
	defer plain.close(ctx)
	chained, err := open(ctx, repeated(m.gated, n))
	if err != nil {
		return err
	}
	defer chained.close(ctx)
	operating, err := open(ctx, m.operators[:n])
	if err != nil {
		return err
	}
	defer operating.close(ctx)
	floor := func(ctx context.Context) error { return plain.write(ctx, plainInsert, true) }
	for work, ours := range map[string]func(context.Context) error{
		"rows of Django, chained": func(ctx context.Context) error { return chained.write(ctx, plainInsert, true) },
		"operations":              func(ctx context.Context) error { return operating.write(ctx, beginOperation, false) },
	} {
		measured, err := compare(ctx, floor, ours)
		if err != nil {
			return err
		}
		perSecond := func(d time.Duration) int { return int(batch * float64(time.Second) / float64(d)) }
		m.table.add(fmt.Sprintf("%s, %d connections: %d a second", work, n, perSecond(measured.ours)),
			fmt.Sprintf("plain inserts: %d a second", perSecond(measured.floor)), measured, goal{})
	}
	return nil
}

// alone measures what one operator waits for, and how fast the trail is checked.
func (m *auditMeasure) alone(ctx context.Context) error {
	sessions, err := open(ctx, []string{m.plain, m.operators[0], m.gated})
	if err != nil {
		return err
	}
	defer sessions.close(ctx)
	run := func(i int, statement string, args ...any) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := sessions.sessions[i].Exec(ctx, statement, args...)
			return err
		}
	}
	for work, statement := range map[string]string{"one operation": unlock, "one operation and its seal": unlock + "; select opsdeck.seal()"} {
		measured, err := compare(ctx, run(0, plainInsert, pgx.QueryExecModeSimpleProtocol, "actor"), run(1, statement, pgx.QueryExecModeSimpleProtocol))
		if err != nil {
			return err
		}
		m.table.add(work, "a plain insert", measured, goal{})
	}
	const fill = `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
		select 'actor-' || n % 40, 'setting.set', n::text, '{"value": 3, "reason": "because"}', now() from generate_series(1, $1) n`
	for range verifyRows / 1000 { // in one transaction every row would have to pass the versions of its chain's head before
		if err := run(2, fill, 1000)(ctx); err != nil {
			return err
		}
	}
	if err := run(2, "analyze")(ctx); err != nil {
		return err
	}
	var rows int64
	check := func(ctx context.Context) error {
		verdict, err := gate.VerifyTrail(ctx, sessions.sessions[2], nil)
		if err == nil && !verdict.OK {
			err = fmt.Errorf("the trail does not fit: %+v", verdict)
		}
		rows = verdict.Checked
		return err
	}
	measured, err := compare(ctx, run(2, "select sum(length(payload_json::text)) from scheduler_admin_action_logs"), check)
	if err != nil {
		return err
	}
	m.table.add(fmt.Sprintf("verify %d rows: %d a second", rows, int(float64(rows)/measured.ours.Seconds())), "read their payloads", measured,
		goal{within: time.Duration(float64(rows) / 25_000 * float64(time.Second))})
	return nil
}
