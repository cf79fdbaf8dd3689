package restore_test

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"testing"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/restore"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

const fill = `
insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
  retry_backoff_seconds, concurrency_policy, created_at, updated_at)
values ('夜間', true, 'time', 'cmd', '{"token": "planted", "a": [1, 2.50, "é\"<&>"]}', '{"kind": "hourly", "minute": 5}', 60, 1, 5, 'forbid', '2026-01-01', '2026-01-02');
insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_at, assigned_worker_id, state, attempt, version, leader_epoch, started_at,
  finished_at, exit_code, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at, resource_cpu_seconds_total)
select 1, at, at, 'w-' || g % 4, case when g % 7 = 0 then 'FAILED' else 'SUCCEEDED' end, 0, 3, 1, at, at + interval '30.000001 s', 0,
  case when g % 7 = 0 then 'redis://u:planted@db' else '' end, '', '', 'NONE', at - interval '10 s', at, 0.1
from (select g, timestamptz '2026-11-01' + (g / 3) * interval '17 s' + (g % 3) * interval '1 us' as at from generate_series(1, 12000) g) s;
insert into opsdeck_node.run_attempt (run_id, attempt, worker_id, leader_epoch, started_at, ended_at, outcome, exit_code, note, log_ref, log_kept)
select id, 0, assigned_worker_id, leader_epoch, started_at, finished_at, state, exit_code, '', 's3://b/k', id % 2 = 0 from scheduler_job_runs where id < 100;
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select id, 0, s, started_at, 'stdout', convert_to('Bearer planted ' || s, 'UTF8') from scheduler_job_runs, generate_series(1, 3) s where id < 50;
insert into opsdeck_node.run_args (run_id, args_json) values (5, '{"password": "planted"}');
insert into opsdeck_node.term (epoch, worker_id, since) values (1, 'w-1', '2026-11-01');
insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at) values ('file', '{"secret": "planted", "n": 1}', 'k', '2026-11-01', null);
insert into scheduler_settings (key, value_json, updated_at) values ('SCHEDULER_ASSIGN_AHEAD_SECONDS', '{"value": 30}', '2026-10-01'),
  ('SCHEDULER_EVENTS_API_TOKEN', '"planted"', '2026-10-01');
insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('a', 'setting.set', 'SCHEDULER_EVENTS_API_TOKEN', '{"value": "planted"}', '2026-11-01');
insert into scheduler_config_reload_requests (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
values ('admin', '2026-11-01 01:00', 'APPLIED', '2026-11-01 01:01', 'w-0', 0, '{"ok_count": 1, "total": 1}');`

func export(t *testing.T, url string) *archive.Archive {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	h := store.History()
	path := filepath.Join(t.TempDir(), "a.opsdeck")
	err = write.Export(t.Context(), history.Source{Cluster: h, Runs: h, Details: h, Trail: h}, write.Options{Path: path, Kind: write.RunsKind, Logs: true, LogIndex: true},
		func(context.Context) error { return nil }, func(write.Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func TestALoadedArchiveExportsTheSame(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	pool := servertest.Pool(t, url)
	if err := node.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	first := export(t, url)
	copied := servertest.EmptyDatabase(t)
	target := servertest.Pool(t, copied)
	if err := restore.Load(t.Context(), target, first); err != nil {
		t.Fatal(err)
	}
	want, err := first.Digests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := export(t, copied).Digests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	moving := []string{format.Meta.Name}
	for i, d := range want {
		if slices.Contains(moving, d.Part) {
			continue
		}
		if d.Rows != got[i].Rows || !bytes.Equal(d.Digest, got[i].Digest) {
			t.Errorf("%s: %d rows with %x became %d with %x", d.Part, d.Rows, d.Digest, got[i].Rows, got[i].Digest)
		}
	}
	if err := restore.Load(t.Context(), target, first); scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("a database that has tables: %v", err)
	}
}
