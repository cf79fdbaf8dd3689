package write_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == asDoomed {
		if err := doomed(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	servertest.MainWithoutLeaks(m, link.Leftovers()...)
}

// cluster is a scheduler's database with everything that an archive has parts for, and the gate.
type cluster struct {
	t      *testing.T
	pool   *pgxpool.Pool
	url    string
	logins servertest.Logins
}

const fill = `
insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
  retry_backoff_seconds, concurrency_policy, created_at, updated_at)
select 'job ' || g, g <> 3, 'time', 'cmd', '{"region": "eu", "api_token": "planted-1"}', '{"kind": "every_n_minutes", "n": 5}', 60, 1, 5, 'forbid',
  '2026-01-01', '2026-01-02' from generate_series(1, 3) g;
insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_at, assigned_worker_id, state, attempt, version, leader_epoch, started_at,
  finished_at, exit_code, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at, resource_cpu_seconds_total)
select 1 + g % 3, at, at, 'w-' || g % 4, case when g % 7 = 0 then 'FAILED' when g > 2990 then 'RUNNING' else 'SUCCEEDED' end, 0, 3, g / 1000, at,
  case when g <= 2990 then at + interval '30 s' end, case when g <= 2990 then g % 7 end,
  case when g % 7 = 0 then 'exit at postgres://u:planted-2@db/' || g else '' end, 'db:' || g || '/0', '', 'NONE', at - interval '10 s', at, 0.5
from (select g, timestamptz '2026-11-01' + g * interval '17 s' as at from generate_series(1, 3000) g) s;
insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, ended_at, outcome, exit_code, note)
select id, 0, assigned_worker_id, leader_epoch, started_at, finished_at, state, exit_code, '' from scheduler_job_runs;
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select id, 0, s, started_at, case when s % 2 = 0 then 'stderr' else 'stdout' end, convert_to('line ' || s || ' of ' || id || E' 漢字\n', 'UTF8')
from scheduler_job_runs, generate_series(1, 3) s where id % 10 = 0;
insert into opsdeck_node.run_args (run_id, args_json) select id, '{"password": "planted-3", "n": 12345678901234567890}' from scheduler_job_runs where id % 100 = 0;
insert into opsdeck_node.term (epoch, worker_id, since) values (0, 'w-0', '2026-11-01'), (1, 'w-1', '2026-11-01 05:00'), (2, 'w-2', '2026-11-01 10:00');
insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
select 'file', jsonb_build_object('n', g, 'secret', 'planted-4'), null, timestamptz '2026-11-01' + g * interval '1 min', now() from generate_series(1, 50) g;
insert into scheduler_settings (key, value_json, updated_at) values ('SCHEDULER_ASSIGN_AHEAD_SECONDS', '30', '2026-10-01'),
  ('SCHEDULER_EVENTS_API_TOKEN', '"planted-5"', '2026-10-01');
insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
select 'admin', 'setting.set', case when g % 5 = 0 then 'SCHEDULER_EVENTS_API_TOKEN' else 'SCHEDULER_ASSIGN_AHEAD_SECONDS' end,
  case when g % 5 = 0 then '{"value": "planted-6"}' else jsonb_build_object('value', g) end, timestamptz '2026-11-01' + g * interval '1 min'
from generate_series(1, 40) g;
insert into scheduler_config_reload_requests (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
values ('admin', '2026-11-01 01:00', 'APPLIED', '2026-11-01 01:01', 'w-0', 0, '{"ok_count": 1, "total": 1}');`

// planted are the secrets that fill plants. None may be found in an archive.
var planted = []string{"planted-1", "planted-2", "planted-3", "planted-4", "planted-5", "planted-6"}

func newCluster(t *testing.T) cluster {
	t.Helper()
	c := cluster{t: t, url: servertest.Database(t)}
	c.pool = servertest.Pool(t, c.url)
	if err := node.Migrate(t.Context(), c.pool); err != nil {
		t.Fatal(err)
	}
	c.logins = servertest.Gate(t, c.url)
	if _, err := c.pool.Exec(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	return c
}

// source reads the database as a login may.
func (c cluster) source(url string) history.Source {
	c.t.Helper()
	source, done, err := sourceOf(c.t.Context(), url)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(done)
	return source
}

func sourceOf(ctx context.Context, url string) (history.Source, func(), error) {
	store, err := postgres.Open(ctx, url, slog.New(slog.DiscardHandler))
	if err != nil {
		return history.Source{}, nil, err
	}
	h := store.History()
	return history.Source{Cluster: h, Runs: h, Details: h, Trail: h}, store.Close, nil
}

func options(t *testing.T) write.Options {
	t.Helper()
	return optionsFor(filepath.Join(t.TempDir(), "a.opsdeck"))
}

func optionsFor(path string) write.Options {
	return write.Options{Path: path, Kind: write.RunsKind, Logs: true, LogIndex: true, Program: "test", TimeZone: "Asia/Tokyo"}
}

func goOn(context.Context) error { return nil }

func export(t *testing.T, source history.Source, o write.Options) *archive.Archive {
	t.Helper()
	if err := write.Export(t.Context(), source, o, goOn, func(write.Progress) {}); err != nil {
		t.Fatalf("%v", err)
	}
	return open(t, o.Path)
}

func open(t *testing.T, path string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func verify(t *testing.T, a *archive.Archive) archive.Verdict {
	t.Helper()
	v, err := a.Verify(t.Context(), func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var day = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
