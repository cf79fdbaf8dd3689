package postgres

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// cluster is a scheduler's database with a Store that reads it and a pool that fills it.
type cluster struct {
	*testing.T
	url   string
	store *Store
	pool  *pgxpool.Pool
}

func newCluster(t *testing.T) cluster {
	t.Helper()
	c := cluster{T: t, url: servertest.Database(t)}
	c.pool = servertest.Pool(t, c.url)
	c.store = open(t, c.url)
	return c
}

func open(t *testing.T, url string) *Store {
	t.Helper()
	store, err := Open(t.Context(), url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

func (c cluster) exec(sql string, args ...any) {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), sql, args...); err != nil {
		c.Fatalf("%s: %v", sql, err)
	}
}

// addJob makes a job definition. A name is not unique; the id is.
func (c cluster) addJob(name string) scheduler.JobID {
	c.Helper()
	var id int64
	err := c.pool.QueryRow(c.Context(), `
		insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
		  max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		values ($1, true, 'time', 'report', '{"a": 1}', '{"kind": "hourly", "minute": 5}', 90, 2, 30, 'forbid', now(), now())
		returning id`, name).Scan(&id)
	if err != nil {
		c.Fatal(err)
	}
	return scheduler.JobID(id)
}

// base is a moment that no test depends on.
var base = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(seconds int) *time.Time {
	t := base.Add(time.Duration(seconds) * time.Second)
	return &t
}

// addRuns inserts runs by COPY and returns their ids. Zero fields get what a scheduler would write.
func (c cluster) addRuns(runs ...scheduler.Run) []scheduler.RunID {
	c.Helper()
	var last int64
	if err := c.pool.QueryRow(c.Context(), "select coalesce(max(id), 0) from scheduler_job_runs").Scan(&last); err != nil {
		c.Fatal(err)
	}
	columns := []string{"job_definition_id", "scheduled_for", "assigned_at", "assigned_worker_id", "state", "attempt", "version",
		"leader_epoch", "started_at", "finished_at", "exit_code", "error_summary", "log_ref", "idempotency_key",
		"continuation_state", "created_at", "updated_at"}
	_, err := c.pool.CopyFrom(c.Context(), pgx.Identifier{"scheduler_job_runs"}, columns,
		pgx.CopyFromSlice(len(runs), func(i int) ([]any, error) {
			r := runs[i]
			if r.CreatedAt.IsZero() {
				r.CreatedAt = base
			}
			if r.State == "" {
				r.State = scheduler.Pending
			}
			return []any{int64(r.JobID), r.ScheduledFor, r.AssignedAt, r.AssignedWorker, string(r.State), r.Attempt, r.Version,
				r.LeaderEpoch, r.StartedAt, r.FinishedAt, r.ExitCode, r.ErrorSummary, r.LogRef, r.IdempotencyKey,
				"NONE", r.CreatedAt, r.CreatedAt}, nil
		}))
	if err != nil {
		c.Fatal(err)
	}
	ids := make([]scheduler.RunID, len(runs))
	for i := range ids {
		ids[i] = scheduler.RunID(last + int64(i) + 1)
	}
	return ids
}

// addNodeTables makes the tables that nodes of ours keep, and opens the Store anew so that it sees them.
func (c *cluster) addNodeTables() {
	c.Helper()
	c.exec(`create schema opsdeck_node`)
	c.exec(`create table opsdeck_node.run_log (run_id bigint, attempt int, seq bigint, at timestamptz, stream text,
		chunk bytea, primary key (run_id, attempt, seq))`)
	c.exec(`create table opsdeck_node.run_attempt (run_id bigint, attempt int, worker_id text not null, leader_epoch bigint not null,
		started_at timestamptz not null, ended_at timestamptz, outcome text, exit_code int, note text, primary key (run_id, attempt))`)
	c.exec(`create table opsdeck_node.run_args (run_id bigint primary key, args_json jsonb not null)`)
	c.exec(`create table opsdeck_node.term (epoch bigint primary key, worker_id text not null, since timestamptz not null)`)
	c.store = open(c.T, c.url)
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}
