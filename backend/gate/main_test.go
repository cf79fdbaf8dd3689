package gate_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

// gated is a database with the gate and a connection for everybody who matters.
type gated struct {
	*testing.T
	url    string
	logins servertest.Logins

	super                   *pgx.Conn
	owner                   *pgx.Conn // the schedulers' and Django's login
	viewer, operator, admin *pgx.Conn
}

func newGated(t *testing.T) *gated {
	t.Helper()
	g := &gated{T: t, url: servertest.Database(t)}
	g.logins = servertest.Gate(t, g.url)
	g.super = servertest.Connect(t, servertest.Superuser(t, g.url))
	g.owner = servertest.Connect(t, g.url)
	g.viewer, g.operator, g.admin = servertest.Connect(t, g.logins.Viewer), servertest.Connect(t, g.logins.Operator), servertest.Connect(t, g.logins.Admin)
	return g
}

// outcome is what every operation returns.
type outcome struct {
	Result  string
	Reason  string
	Detail  map[string]any
	AuditID int64
}

func (o outcome) String() string { return o.Result + " " + o.Reason }

func (o outcome) id(key string) int64 {
	n, _ := o.Detail[key].(float64)
	return int64(n)
}

// call is an operation with the first four arguments that most have.
type call struct {
	function  string
	operation string // "" = a new one
	reason    string // "" = "because"
	args      []any
}

func (c call) sql() (string, []any) {
	args := append([]any{orElse(c.operation, newID()), orElse(c.reason, "because"), `{"host": "desk-7"}`, int64(3)}, c.args...)
	return invoke(c.function, args)
}

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func invoke(function string, args []any) (string, []any) {
	places := make([]string, len(args))
	for i := range args {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf("select result, reason, detail, audit_id from opsdeck.%s(%s)", function, strings.Join(places, ", ")), args
}

// do calls an operation in a session of a console: read only but for this transaction.
func (g *gated) do(conn *pgx.Conn, c call) outcome {
	g.Helper()
	sql, args := c.sql()
	return g.ask(conn, sql, args)
}

func (g *gated) ask(conn *pgx.Conn, sql string, args []any) (o outcome) {
	g.Helper()
	err := pgx.BeginTxFunc(g.Context(), conn, pgx.TxOptions{AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		return tx.QueryRow(g.Context(), sql, args...).Scan(&o.Result, &o.Reason, &o.Detail, &o.AuditID)
	})
	if err != nil {
		g.Fatalf("%s: %v", sql, err)
	}
	return o
}

// want calls an operation and checks its result and reason, such as "done" or "refused run.state".
func (g *gated) want(conn *pgx.Conn, c call, want string) outcome {
	g.Helper()
	o := g.do(conn, c)
	if got := strings.TrimSpace(o.String()); got != want {
		g.Fatalf("%s(%v) was %s (%v), not %s", c.function, c.args, got, o.Detail, want)
	}
	return o
}

func (g *gated) exec(conn *pgx.Conn, sql string, args ...any) {
	g.Helper()
	if _, err := conn.Exec(g.Context(), sql, args...); err != nil {
		g.Fatalf("%s: %v", sql, err)
	}
}

// value reads one value as text.
func (g *gated) value(conn *pgx.Conn, sql string, args ...any) string {
	g.Helper()
	var text *string
	if err := conn.QueryRow(g.Context(), "select ("+sql+")::text", args...).Scan(&text); err != nil {
		g.Fatalf("%s: %v", sql, err)
	}
	if text == nil {
		return "<null>"
	}
	return *text
}

func (g *gated) wantValue(conn *pgx.Conn, want, sql string, args ...any) {
	g.Helper()
	if got := g.value(conn, sql, args...); got != want {
		g.Errorf("%s is %q, not %q", sql, got, want)
	}
}

// job makes a job as the scheduler's owner and gives its id and updated_at.
func (g *gated) job(name, args string) (id int64, seen time.Time) {
	g.Helper()
	err := g.owner.QueryRow(g.Context(), `
		insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
		  max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		values ($1, true, 'time', 'report', $2, '{"kind": "hourly", "minute": 5}', 90, 2, 30, 'forbid', now(), clock_timestamp())
		returning id, updated_at`, name, args).Scan(&id, &seen)
	if err != nil {
		g.Fatal(err)
	}
	return id, seen
}

// run makes a run in some state, due some time ago, held by worker unless that is "".
func (g *gated) run(job int64, state string, ago time.Duration, worker string) (id int64) {
	g.Helper()
	err := g.owner.QueryRow(g.Context(), `
		insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_at, started_at, state, idempotency_key, assigned_worker_id, attempt,
		  version, error_summary, log_ref, continuation_state, created_at, updated_at)
		values ($1, clock_timestamp() - $2::interval, case when $4 <> '' then now() end, case when $3 = 'RUNNING' then now() end, $3, '', $4, 0, 7, '', '',
		  'NONE', now(), now()) returning id`, job, ago, state, worker).Scan(&id)
	if err != nil {
		g.Fatal(err)
	}
	return id
}

func object(text string) map[string]any {
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		panic(err)
	}
	return m
}

// again opens a second session of a login.
func (g *gated) again(url string) *pgx.Conn {
	g.Helper()
	return servertest.Connect(g.T, url)
}

// waitForLock returns when a session waits for a lock.
func (g *gated) waitForLock(pid uint32) {
	g.Helper()
	watcher := g.again(servertest.Superuser(g.T, g.url))
	for g.value(watcher, "select count(*) from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'", int64(pid)) == "0" {
		if g.Context().Err() != nil {
			g.Fatal("it never waited")
		}
	}
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}
