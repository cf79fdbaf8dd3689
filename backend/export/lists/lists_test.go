package lists_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export/lists"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

const fill = `
insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
  retry_backoff_seconds, concurrency_policy, created_at, updated_at) values ('夜間', true, 'time', 'cmd', '{}', '{}', 0, 0, 0, 'forbid', now(), now());
insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, started_at, finished_at, exit_code,
  error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at, resource_cpu_seconds_total)
select 1, at, '=w', case when g % 10 = 0 then 'FAILED' else 'SUCCEEDED' end, 0, 3, at, at + interval '1.5 s', -1, case when g % 10 = 0 then E'a,"b"\n漢字' else '' end,
  '', '', 'NONE', at, at, 0.5 from (select g, timestamptz '2026-11-01' + g * interval '1 s' as at from generate_series(1, 200) g) s`

func source(t *testing.T) history.Source {
	t.Helper()
	url := servertest.Database(t)
	if _, err := servertest.Pool(t, url).Exec(t.Context(), fill); err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	h := store.History()
	return history.Source{Cluster: h, Runs: h, Details: h, Trail: h}
}

func goOn(context.Context) error { return nil }

func TestAFilteredListIsReadBack(t *testing.T) {
	t.Parallel()
	from := source(t)
	filter := console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}
	write := func(t *testing.T, name string) string {
		path := filepath.Join(t.TempDir(), name)
		var last lists.Progress
		if err := lists.Runs(t.Context(), from, lists.Options{Path: path, Filter: filter}, goOn, func(p lists.Progress) { last = p }); err != nil {
			t.Fatal(err)
		}
		if last.Runs != 20 {
			t.Errorf("%d runs were told of", last.Runs)
		}
		return path
	}
	t.Run("csv", func(t *testing.T) {
		t.Parallel()
		text, err := os.ReadFile(write(t, "runs.csv"))
		if err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
		if err != nil || len(table) != 21 || table[1][0] != "10" || table[1][2] != "夜間" || table[1][6] != "'=w" || table[1][14] != "a,\"b\"\n漢字" || table[1][17] != "0.5" {
			t.Errorf("%v %d %q", err, len(table), table[1])
		}
	})
	t.Run("ndjson", func(t *testing.T) {
		t.Parallel()
		text, err := os.ReadFile(write(t, "runs.ndjson"))
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		var row map[string]any
		if err != nil || len(lines) != 20 || json.Unmarshal([]byte(lines[19]), &row) != nil || row["id"] != "200" || row["exit_code"] != -1.0 {
			t.Errorf("%v %d %v", err, len(lines), row)
		}
	})
	t.Run("parquet", func(t *testing.T) {
		t.Parallel()
		type row struct {
			ID        int64      `parquet:"id"`
			Job       string     `parquet:"job"`
			StartedAt *time.Time `parquet:"started_at,optional,timestamp(microsecond)"`
			Error     string     `parquet:"error"`
			Epoch     *int64     `parquet:"leader_epoch,optional"`
		}
		table, err := parquet.ReadFile[row](write(t, "runs.parquet"))
		if err != nil || len(table) != 20 || table[0].ID != 10 || table[0].Job != "夜間" || table[0].Error != "a,\"b\"\n漢字" || table[0].Epoch != nil ||
			!table[0].StartedAt.Equal(time.Date(2026, 11, 1, 0, 0, 10, 0, time.UTC)) {
			t.Errorf("%v %d %+v", err, len(table), table[0])
		}
	})
}

func TestAListThatIsStoppedLeavesNothing(t *testing.T) {
	t.Parallel()
	from, folder := source(t), t.TempDir()
	stopped := errors.New("stopped")
	for _, name := range []string{"a.csv", "a.parquet"} {
		err := lists.Runs(t.Context(), from, lists.Options{Path: filepath.Join(folder, name)}, func(context.Context) error { return stopped }, func(lists.Progress) {})
		left, _ := os.ReadDir(folder)
		if !errors.Is(err, stopped) || len(left) > 0 {
			t.Errorf("%s: %v, %d files are left", name, err, len(left))
		}
	}
	if err := lists.Runs(t.Context(), from, lists.Options{Path: filepath.Join(folder, "a.xlsx")}, goOn, func(lists.Progress) {}); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("another format: %v", err)
	}
}
