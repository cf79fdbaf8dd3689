package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const pageSize = 50

// measureRuns loads n runs into a private PostgreSQL and measures everything that reads them, first with the scheduler's
// own indexes and then with the optional ones. The server's data stays in a folder below keep, unless that is "".
func measureRuns(ctx context.Context, keep string, n int, log *slog.Logger) (t table, err error) {
	t.title = fmt.Sprintf("Runs: %d over %d days", n, historyDays)
	server, remove, err := startHistory(ctx, keep, "runs", n, log)
	if err != nil {
		return t, err
	}
	defer remove()
	pool, err := pgxpool.New(ctx, server.URL("postgres"))
	if err != nil {
		return t, err
	}
	defer pool.Close()
	if err := onOne(ctx, pool, func(conn *pgx.Conn) error { return fillTrail(ctx, conn, n) }); err != nil {
		return t, err
	}
	if t.notes, err = about(ctx, pool); err != nil {
		return t, err
	}
	m := runsMeasure{table: &t, pool: pool, url: server.URL("postgres"), n: n, log: log}
	if err := m.everything(ctx); err != nil {
		return t, err
	}
	return t, m.withOptionalIndexes(ctx)
}

// startHistory starts a private PostgreSQL with n runs. Its data stays in a folder below keep, unless that is "".
func startHistory(ctx context.Context, keep, name string, n int, log *slog.Logger) (server *localserver.Postgres, remove func(), err error) {
	dir := filepath.Join(keep, fmt.Sprint(name, "-", n))
	if keep == "" {
		if dir, err = os.MkdirTemp("", "opsdeck-bench-"); err != nil {
			return nil, nil, err
		}
	}
	if server, err = localserver.StartPostgres(ctx, localserver.PostgresConfig{Dir: dir, Logger: log}); err != nil {
		return nil, nil, err
	}
	remove = func() {
		_ = server.Stop(context.WithoutCancel(ctx))
		if keep == "" {
			_ = os.RemoveAll(dir)
		}
	}
	conn, err := pgx.Connect(ctx, server.URL("postgres"))
	if err != nil {
		remove()
		return nil, nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := fill(ctx, conn, n, log); err != nil {
		remove()
		return nil, nil, err
	}
	return server, remove, nil
}

func onOne(ctx context.Context, pool *pgxpool.Pool, fn func(*pgx.Conn) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return fn(conn.Conn())
}

// about says what was measured on.
func about(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	var version, memory, size string
	err := pool.QueryRow(ctx, `select current_setting('server_version'), current_setting('shared_buffers'),
	  pg_size_pretty(pg_total_relation_size('scheduler_job_runs'))`).Scan(&version, &memory, &size)
	return append(machine(), fmt.Sprintf("PostgreSQL %s on a Unix socket, shared_buffers %s, fsync off; the table and its indexes take %s.",
		version, memory, size)), err
}

type runsMeasure struct {
	table *table
	pool  *pgxpool.Pool
	url   string
	store *postgres.Store
	n     int
	log   *slog.Logger
}

func (m *runsMeasure) everything(ctx context.Context) (err error) {
	if m.store, err = postgres.Open(ctx, m.url, m.log); err != nil {
		return err
	}
	defer m.store.Close()
	if err := m.lists(ctx, "", listCases(m.n)); err != nil {
		return err
	}
	if err := m.deepAgainstFirst(ctx); err != nil {
		return err
	}
	now := time.Now()
	failed := console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}
	for _, c := range []struct {
		work string
		goal goal
		ours func(context.Context) error
	}{
		{"count, no filter (stops at 10,001)", goal{}, func(ctx context.Context) error { return m.count(ctx, console.RunFilter{}) }},
		{"count, FAILED (gives up after 1 s)", goal{within: 1100 * time.Millisecond}, func(ctx context.Context) error { return m.count(ctx, failed) }},
		{"estimate, FAILED", goal{}, func(ctx context.Context) error { _, err := m.store.EstimateRuns(ctx, failed); return err }},
		{"dashboard, 24 h", goal{within: 300 * time.Millisecond}, func(ctx context.Context) error {
			_, err := m.store.RunActivity(ctx, now.Add(-24*time.Hour), now, 30*time.Minute, time.Minute)
			return err
		}},
		{"open runs by worker", goal{}, func(ctx context.Context) error { _, err := m.store.OpenRunsByWorker(ctx); return err }},
		{fmt.Sprintf("job list, %d jobs", jobs), goal{}, func(ctx context.Context) error { _, err := m.store.ListJobs(ctx, console.RecentRuns); return err }},
		{"one run", goal{}, func(ctx context.Context) error { _, err := m.store.Run(ctx, scheduler.RunID(m.n/2)); return err }},
	} {
		measured, err := compare(ctx, m.selectOne, c.ours)
		if err != nil {
			return fmt.Errorf("%s: %w", c.work, err)
		}
		m.table.add(c.work, "SELECT 1", measured, c.goal)
	}
	return m.trail(ctx)
}

// withOptionalIndexes measures the list again where the indexes of `opsctl install --indexes` are.
func (m *runsMeasure) withOptionalIndexes(ctx context.Context) (err error) {
	for _, column := range optionallyIndexed {
		began := time.Now()
		if _, err := m.pool.Exec(ctx, "create index "+optionalIndex(column)+" on scheduler_job_runs ("+column+", created_at desc, id desc)"); err != nil {
			return err
		}
		m.log.Info("optional index made", "column", column, "took", time.Since(began).Round(time.Second))
	}
	if _, err := m.pool.Exec(ctx, "vacuum (analyze) scheduler_job_runs"); err != nil {
		return err
	}
	if m.store, err = postgres.Open(ctx, m.url, m.log); err != nil {
		return err
	}
	defer m.store.Close()
	return m.lists(ctx, "optional indexes: ", listCases(m.n))
}

func (m *runsMeasure) count(ctx context.Context, f console.RunFilter) error {
	_, err := m.store.CountRuns(ctx, f, console.CountLimit+1)
	if scheduler.CodeOf(err) == scheduler.Unavailable && ctx.Err() == nil {
		return nil // too slow to count is an answer
	}
	return err
}

func (m *runsMeasure) selectOne(ctx context.Context) error {
	var one int
	return m.pool.QueryRow(ctx, "select 1").Scan(&one)
}

// listCase is a page of the list. Where indexed is set, the goal for any page by an indexed filter holds for it.
type listCase struct {
	work    string
	filter  console.RunFilter
	cursor  console.Cursor
	indexed bool
}

func listCases(n int) []listCase {
	now := time.Now()
	daysAgo := func(days float64) time.Time { return now.Add(-time.Duration(days * 24 * float64(time.Hour))) }
	state := func(s scheduler.RunState) console.RunFilter {
		return console.RunFilter{States: []scheduler.RunState{s}}
	}
	oldEpoch, from, to := int64(n/2/100_000), daysAgo(45), daysAgo(44.5)
	inRange := state(scheduler.Failed)
	inRange.CreatedFrom, inRange.CreatedBefore = &from, &to
	textInRange := console.RunFilter{ErrorText: "host-500", CreatedFrom: &from, CreatedBefore: &to}
	return []listCase{
		{"first page", console.RunFilter{}, console.Cursor{}, true},
		{"page of 45 days ago", console.RunFilter{}, console.AtTime(daysAgo(45)), true},
		{"deepest page", console.RunFilter{}, console.Newer(scheduler.Run{ID: 1, CreatedAt: daysAgo(91)}), true},
		{"SUCCEEDED", state(scheduler.Succeeded), console.Cursor{}, true},
		{"FAILED (2 %)", state(scheduler.Failed), console.Cursor{}, true},
		{"FAILED, page of 45 days ago", state(scheduler.Failed), console.AtTime(daysAgo(45)), true},
		{"TIMED_OUT (0.04 %)", state(scheduler.TimedOut), console.Cursor{}, true},
		{"CANCELED (0.01 %)", state(scheduler.Canceled), console.Cursor{}, true},
		{fmt.Sprintf("RUNNING (%d)", openRuns), state(scheduler.Running), console.Cursor{}, true},
		{"a worker (2 %)", console.RunFilter{WorkerID: current}, console.Cursor{}, true},
		{"a worker that left 80 days ago", console.RunFilter{WorkerID: former}, console.Cursor{}, true},
		{"no such worker", console.RunFilter{WorkerID: "nobody"}, console.Cursor{}, true},
		{"a job (0.5 %)", console.RunFilter{JobID: 7}, console.Cursor{}, true},
		{"a rare job", console.RunFilter{JobID: rareJob}, console.Cursor{}, true},
		{"a job that ended 80 days ago", console.RunFilter{JobID: formerJob}, console.Cursor{}, true},
		{"a job's CANCELED", console.RunFilter{JobID: 12, States: []scheduler.RunState{scheduler.Canceled}}, console.Cursor{}, false},
		{"FAILED within half a day", inRange, console.Cursor{}, true},
		{"text in errors, frequent", console.RunFilter{ErrorText: "refused"}, console.Cursor{}, false},
		{"text in errors, rare (0.002 %)", console.RunFilter{ErrorText: "host-500"}, console.Cursor{}, false},
		{"text in errors, rare, within half a day", textInRange, console.Cursor{}, false},
		{"text in errors, none", console.RunFilter{ErrorText: "no such words"}, console.Cursor{}, false},
		{"an epoch of 45 days ago", console.RunFilter{Epoch: &oldEpoch}, console.Cursor{}, false},
		{"longer than 590 s", console.RunFilter{MinDuration: 590 * time.Second}, console.Cursor{}, false},
	}
}

func (m *runsMeasure) lists(ctx context.Context, prefix string, cases []listCase) error {
	for _, c := range cases {
		page, _, err := m.store.ListRuns(ctx, c.filter, c.cursor, pageSize)
		if err != nil {
			return fmt.Errorf("%s: %w", c.work, err)
		}
		measured, err := compare(ctx, m.byKey(page), func(ctx context.Context) error {
			_, _, err := m.store.ListRuns(ctx, c.filter, c.cursor, pageSize)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.work, err)
		}
		var g goal
		if c.indexed {
			g.ratio = 3
		}
		m.table.add(prefix+c.work, "50 rows by key", measured, g)
	}
	return nil
}

func (m *runsMeasure) deepAgainstFirst(ctx context.Context) error {
	list := func(c console.Cursor) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := m.store.ListRuns(ctx, console.RunFilter{}, c, pageSize)
			return err
		}
	}
	deepest := console.Newer(scheduler.Run{ID: 1, CreatedAt: time.Now().Add(-91 * 24 * time.Hour)})
	measured, err := compare(ctx, list(console.Cursor{}), list(deepest))
	m.table.add("deepest page against the first", "first page", measured, goal{ratio: 1.5})
	return err
}

// keyRow is a run as cheaply as it can be had in full.
type keyRow struct {
	ID, JobID                        int64
	Job, Command                     string
	Scheduled, Assigned              *time.Time
	Worker, State                    string
	Attempt, Version                 int
	Epoch                            *int64
	Started, Finished                *time.Time
	Exit                             *int
	Error, LogRef, Key               string
	CPU                              *float64
	RSS, Read, Write                 *int64
	Continuation                     string
	ConfirmingSince, ConfirmingUntil *time.Time
	Created, Updated                 time.Time
}

const byKeySQL = `select r.id, r.job_definition_id, d.name, d.command_name, r.scheduled_for, r.assigned_at, r.assigned_worker_id, r.state,
  r.attempt, r.version, r.leader_epoch, r.started_at, r.finished_at, r.exit_code, r.error_summary, r.log_ref, r.idempotency_key,
  r.resource_cpu_seconds_total, r.resource_peak_rss_bytes, r.resource_io_read_bytes, r.resource_io_write_bytes, r.continuation_state,
  r.continuation_check_started_at, r.continuation_check_deadline_at, r.created_at, r.updated_at
  from scheduler_job_runs r join scheduler_job_definitions d on d.id = r.job_definition_id where r.id = any($1)`

// byKey is the floor of a page: 50 runs, those of the page as far as it has so many, by primary key.
func (m *runsMeasure) byKey(page []scheduler.Run) func(context.Context) error {
	var ids []int64
	for _, r := range page {
		ids = append(ids, int64(r.ID))
	}
	for i := int64(m.n / 2); len(ids) < pageSize; i++ {
		if !slices.Contains(ids, i) {
			ids = append(ids, i)
		}
	}
	return func(ctx context.Context) error {
		rows, err := m.pool.Query(ctx, byKeySQL, ids)
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[keyRow])
		if err == nil && len(found) != pageSize {
			return fmt.Errorf("%d of %d rows found by key", len(found), pageSize)
		}
		return err
	}
}
