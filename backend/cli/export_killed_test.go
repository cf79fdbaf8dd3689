package cli_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

const fewRuns = `
insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
  retry_backoff_seconds, concurrency_policy, created_at, updated_at)
values ('job', true, 'time', 'cmd', '{}', '{"kind": "every_n_minutes", "n": 5}', 60, 1, 5, 'forbid', '2026-01-01', '2026-01-02');
insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_at, assigned_worker_id, state, attempt, version, leader_epoch, started_at,
  finished_at, exit_code, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
select 1, at, at, 'w', 'SUCCEEDED', 0, 3, 1, at, at + interval '1 s', 0, '', 'db:' || g || '/0', '', 'NONE', at, at
from (select g, timestamptz '2026-11-01' + g * interval '1 s' as at from generate_series(1, 500) g) s;
insert into opsdeck_node.run_log (run_id, attempt, seq, at, stream, chunk)
select id, 0, 1, started_at, 'stdout', convert_to('line of ' || id, 'UTF8') from scheduler_job_runs;
insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
select 'file', '{}', null, timestamptz '2026-11-01' + g * interval '1 min', now() from generate_series(1, 50) g;
insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
select 'admin', 'job.run', '1', '{}', timestamptz '2026-11-01' + g * interval '1 min' from generate_series(1, 40) g`

// The program is killed amid statements: each time it waits for a table that somebody has locked.
func TestAKilledOpsctlGoesOnWithItsExport(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	url, pool := file(t, database), servertest.Pool(t, database)
	if _, said, err := opsctl(t, nil, "node", "migrate", "--postgres-url-file", url); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if _, err := pool.Exec(t.Context(), fewRuns); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	whole, broken := filepath.Join(folder, "whole.opsdeck"), filepath.Join(folder, "broken.opsdeck")
	export := func(path string) []string { return []string{"export", "--postgres-url-file", url, path} }
	if _, said, err := opsctl(t, nil, export(whole)...); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	for _, table := range []string{"scheduler_job_runs", "opsdeck_node.run_log", "scheduler_admin_action_logs", "scheduler_events"} {
		lock, err := pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lock.Exec(t.Context(), "lock table "+table+" in access exclusive mode"); err != nil {
			t.Fatal(err)
		}
		process := exec.CommandContext(t.Context(), os.Args[0], append([]string{asOpsctl}, export(broken)...)...)
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		expect.Soon(t, "the export waits for "+table, func() bool {
			var n int
			err := lock.QueryRow(t.Context(), "select count(*) from pg_locks where not granted and relation = $1::regclass", table).Scan(&n)
			return err == nil && n > 0
		})
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := process.Wait(); err == nil {
			t.Errorf("it survived its death at %s", table)
		}
		if err := lock.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(broken); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("something is there under its name: %v", err)
		}
	}
	if _, said, err := opsctl(t, nil, export(broken)...); err != nil {
		t.Fatalf("%v %s", err, said)
	}
	if diff := cmp.Diff(digests(t, whole), digests(t, broken)); diff != "" {
		t.Error(diff)
	}
}

// digests are those of an archive's parts but for the one that tells when it was made.
func digests(t *testing.T, path string) map[string]string {
	t.Helper()
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	all, err := a.Digests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, d := range all {
		if d.Part != "meta" {
			list[d.Part] = fmt.Sprintf("%d %x", d.Rows, d.Digest)
		}
	}
	return list
}
