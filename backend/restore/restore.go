// Package restore puts an archive's rows into a database that was made for it, so that they can be asked with SQL. Such a database
// is no scheduler's: what was masked stays masked, and sequences are not set.
package restore

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// table says where a part's rows go: a column of the table for each value of the row; "" leaves the value out.
type table struct {
	part    format.Part
	name    pgx.Identifier
	columns []string
	kinds   string // of each value: i, f, t as it is, b truth, n its opposite, m moment, j JSON, s a setting's JSON, - left out
}

var tables = []table{
	{part: format.Job, name: pgx.Identifier{"scheduler_job_definitions"}, kinds: "itbttj-jiiitmm", columns: []string{"id", "name", "enabled", "type", "command_name",
		"default_args_json", "", "schedule", "timeout_seconds", "max_retries", "retry_backoff_seconds", "concurrency_policy", "created_at", "updated_at"}},
	{part: format.Run, name: pgx.Identifier{"scheduler_job_runs"}, kinds: "-iimmttiiimmitttfiiitmmmm", columns: []string{"", "id", "job_definition_id", "scheduled_for",
		"assigned_at", "assigned_worker_id", "state", "attempt", "version", "leader_epoch", "started_at", "finished_at", "exit_code", "error_summary", "log_ref",
		"idempotency_key", "resource_cpu_seconds_total", "resource_peak_rss_bytes", "resource_io_read_bytes", "resource_io_write_bytes", "continuation_state",
		"continuation_check_started_at", "continuation_check_deadline_at", "created_at", "updated_at"}},
	{part: format.RunArgs, name: pgx.Identifier{"opsdeck_node", "run_args"}, kinds: "ij", columns: []string{"run_id", "args_json"}},
	{part: format.Attempt, name: pgx.Identifier{"opsdeck_node", "run_attempt"}, kinds: "iitimmtittn", columns: []string{"run_id", "attempt", "worker_id", "leader_epoch",
		"started_at", "ended_at", "outcome", "exit_code", "note", "log_ref", "log_kept"}},
	{part: format.Term, name: pgx.Identifier{"opsdeck_node", "term"}, kinds: "itm", columns: []string{"epoch", "worker_id", "since"}},
	{part: format.Event, name: pgx.Identifier{"scheduler_events"}, kinds: "itj-tmm", columns: []string{"id", "event_type", "payload_json", "", "dedupe_key", "created_at", "processed_at"}},
	{part: format.Setting, name: pgx.Identifier{"scheduler_settings"}, kinds: "ts-m", columns: []string{"key", "value_json", "", "updated_at"}},
	{part: format.Reload, name: pgx.Identifier{"scheduler_config_reload_requests"}, kinds: "itmtmtij", columns: []string{"id", "requested_by", "requested_at", "status",
		"applied_at", "leader_worker_id", "leader_epoch", "result_json"}},
	{part: format.Audit, name: pgx.Identifier{"scheduler_admin_action_logs"}, kinds: "-itttj-m-", columns: []string{"", "id", "actor", "action", "target", "payload_json", "", "created_at", ""}},
}

// Load makes a scheduler's tables in an empty database and fills them.
func Load(ctx context.Context, pool *pgxpool.Pool, a *archive.Archive) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var there bool
	if err := conn.QueryRow(ctx, `select exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
	  where c.relkind in ('r', 'p') and n.nspname not like 'pg\_%' and n.nspname <> 'information_schema')`).Scan(&there); err != nil {
		return err
	}
	if there {
		return scheduler.Errorf(scheduler.Conflict, "archive.load_not_empty",
			"The database %s has tables. Make an empty one for the archive: “createdb NAME”.", conn.Conn().Config().Database).With("database", conn.Conn().Config().Database)
	}
	if err := djangoschema.Apply(ctx, conn.Conn()); err != nil {
		return err
	}
	if err := node.Migrate(ctx, pool); err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.load(ctx, conn.Conn(), a); err != nil {
			return fmt.Errorf("%s: %w", t.part.Name, err)
		}
	}
	return loadLogs(ctx, conn.Conn(), a)
}

// batchRows is how many rows one COPY takes.
const batchRows = 10_000

// batch gathers rows and copies them.
type batch struct {
	conn    *pgx.Conn
	name    pgx.Identifier
	columns []string
	rows    [][]any
}

func (b *batch) add(ctx context.Context, row []any) error {
	if b.rows = append(b.rows, row); len(b.rows) < batchRows {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	_, err := b.conn.CopyFrom(ctx, b.name, b.columns, pgx.CopyFromRows(b.rows))
	b.rows = b.rows[:0]
	return err
}

func (t table) load(ctx context.Context, conn *pgx.Conn, a *archive.Archive) error {
	b := batch{conn: conn, name: t.name}
	for _, c := range t.columns {
		if c != "" {
			b.columns = append(b.columns, c)
		}
	}
	err := a.Rows(ctx, t.part, func(values []any) error {
		row := make([]any, 0, len(b.columns))
		for i, v := range values {
			if t.columns[i] != "" {
				row = append(row, convert(t.kinds[i], v))
			}
		}
		return b.add(ctx, row)
	})
	if err != nil {
		return err
	}
	return b.flush(ctx)
}

// convert gives an archive's value as PostgreSQL takes it.
func convert(kind byte, v any) any {
	switch n, _ := v.(int64); kind {
	case 'b':
		return n != 0
	case 'n':
		return n == 0
	case 'm':
		if v == nil {
			return nil
		}
		return time.UnixMicro(n).UTC()
	case 'j':
		if text, ok := v.(string); ok {
			return json.RawMessage(text)
		}
		return nil
	case 's': // a secret has no value, and the column wants one
		if text, ok := v.(string); ok {
			return json.RawMessage(text)
		}
		return json.RawMessage(`"<masked>"`)
	}
	return v
}

func loadLogs(ctx context.Context, conn *pgx.Conn, a *archive.Archive) error {
	b := batch{conn: conn, name: pgx.Identifier{"opsdeck_node", "run_log"}, columns: []string{"run_id", "attempt", "seq", "at", "stream", "chunk"}}
	err := a.Chunks(ctx, func(run, attempt int64, c console.LogChunk) error {
		return b.add(ctx, []any{run, attempt, c.Seq, c.At, c.Stream, c.Data})
	})
	if err != nil {
		return err
	}
	return b.flush(ctx)
}
