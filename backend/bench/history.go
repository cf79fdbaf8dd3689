package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The shape of the history: what a filter meets decides what it costs.
const (
	historyDays = 90
	jobs        = 300
	commonJobs  = 200 // the others have a run in 200,000 each
	rareJob     = 250
	formerJob   = 300 // ran in the first ten days only
	workerCount = 50
	former      = "former-3" // a worker that left after the first ten days
	current     = "w-3"
	openRuns    = 20
)

// The columns that have an optional index together with the list's order.
var optionallyIndexed = []string{"state", "job_definition_id", "assigned_worker_id"}

func optionalIndex(column string) string { return "bench_" + column }

// fill makes the scheduler's schema and loads n runs by COPY, unless an earlier run of this program left them there. The
// secondary indexes are built afterwards, and foreign keys are not checked, as pg_restore would do it.
func fill(ctx context.Context, conn *pgx.Conn, n int, log *slog.Logger) error {
	began := time.Now()
	var loaded bool
	if err := conn.QueryRow(ctx, "select to_regclass('sched_jobrun_created_at') is not null").Scan(&loaded); err != nil {
		return err
	}
	if loaded {
		for _, column := range optionallyIndexed {
			if _, err := conn.Exec(ctx, "drop index if exists "+optionalIndex(column)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := djangoschema.Apply(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule,
	  timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
	  select 'job ' || g, true, 'time', 'cmd_' || g, '{}', '{"kind":"every_n_minutes","n":5}', 60, 0, 0, 'forbid', now(), now()
	  from generate_series(1, $1::int) g`, jobs); err != nil {
		return err
	}
	indexes, err := dropIndexes(ctx, conn)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "set session_replication_role = replica"); err != nil {
		return err
	}
	h := longHistory{n: n, start: time.Now().Add(-historyDays * 24 * time.Hour)}
	if _, err := conn.CopyFrom(ctx, pgx.Identifier{"scheduler_job_runs"}, runColumns, &h); err != nil {
		return err
	}
	for _, statement := range append(indexes, "set session_replication_role = origin", "vacuum (analyze) scheduler_job_runs") {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	log.Info("history loaded", "runs", n, "took", time.Since(began).Round(time.Second))
	return nil
}

// dropIndexes drops the run table's indexes that no constraint needs and gives what makes them again.
func dropIndexes(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	rows, err := conn.Query(ctx, `select indexdef, format('drop index %I', indexname) from pg_indexes
	  where tablename = 'scheduler_job_runs' and not exists (select from pg_constraint where conname = indexname)`)
	if err != nil {
		return nil, err
	}
	type index struct{ Make, Drop string }
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return nil, err
	}
	var definitions []string
	for _, i := range found {
		if _, err := conn.Exec(ctx, i.Drop); err != nil {
			return nil, err
		}
		definitions = append(definitions, i.Make)
	}
	return definitions, nil
}

var runColumns = []string{"job_definition_id", "scheduled_for", "assigned_at", "assigned_worker_id", "state", "attempt", "version",
	"leader_epoch", "started_at", "finished_at", "exit_code", "error_summary", "log_ref", "idempotency_key", "continuation_state",
	"created_at", "updated_at", "resource_cpu_seconds_total", "resource_peak_rss_bytes"}

// longHistory is a pgx.CopyFromSource of runs spread evenly over the days, oldest first. It is the same for every n, but for
// its length and density.
type longHistory struct {
	n, i  int
	start time.Time
}

func (h *longHistory) Next() bool { h.i++; return h.i <= h.n }
func (h *longHistory) Err() error { return nil }

func (h *longHistory) Values() ([]any, error) {
	i := h.i
	due := h.start.Add(time.Duration(float64(i) / float64(h.n) * historyDays * float64(24*time.Hour)))
	state, started := h.state(), due.Add(time.Duration(i*7%3000)*time.Millisecond)
	var finished any = started.Add(time.Second + time.Duration(i*7919%100*(i%61))*100*time.Millisecond)
	var exit any = 0
	failure := ""
	switch state {
	case scheduler.Succeeded:
	case scheduler.Running:
		finished, exit = nil, nil
	default:
		exit, failure = 1, fmt.Sprintf("exit_code=1\nTraceback: connection refused by host-%d", i%977)
	}
	return []any{h.job(), due, due, h.worker(), string(state), 0, 3, i / 100_000, started, finished, exit, failure,
		fmt.Sprintf("/var/log/scheduler/jobrun_%d.log", i), "", "NONE", due.Add(-time.Minute), due, float64(i%500) / 100, i % 1_000_000}, nil
}

func (h *longHistory) inFirstTenDays() bool { return h.i <= h.n/9 }

func (h *longHistory) job() int {
	switch {
	case h.i%2000 == 7:
		return commonJobs + 1 + h.i/2000%(jobs-commonJobs-1)
	case h.inFirstTenDays() && h.i%20 == 3:
		return formerJob
	}
	return 1 + h.i*7919%commonJobs
}

func (h *longHistory) worker() string {
	if h.inFirstTenDays() {
		return fmt.Sprint("former-", h.i%20)
	}
	return fmt.Sprint("w-", h.i%workerCount)
}

func (h *longHistory) state() scheduler.RunState {
	switch {
	case h.i > h.n-openRuns:
		return scheduler.Running
	case h.i%10_000 == 11:
		return scheduler.Canceled
	case h.i%2500 == 12:
		return scheduler.TimedOut
	case h.i%1000 == 14:
		return scheduler.Skipped
	case h.i%50 == 13:
		return scheduler.Failed
	}
	return scheduler.Succeeded
}
