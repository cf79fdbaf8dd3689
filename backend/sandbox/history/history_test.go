package history_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/sandbox/history"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m) }

var now = time.Date(2026, 11, 23, 6, 30, 12, 0, time.UTC)

func TestTheSameSeedGivesTheSamePast(t *testing.T) {
	t.Parallel()
	var sums [3][32]byte
	for i, seed := range []uint64{7, 7, 8} {
		conn := load(t, history.Config{Runs: 3000, Now: now, Seed: seed})
		rows := column[string](t, conn, "select r::text from scheduler_job_runs r order by id")
		sums[i] = sha256.Sum256(fmt.Append(nil, rows))
	}
	if sums[0] != sums[1] {
		t.Error("one seed, two pasts")
	}
	if sums[0] == sums[2] {
		t.Error("two seeds, one past")
	}
}

func TestMonthIsBelievable(t *testing.T) {
	t.Parallel()
	var done, total int64
	conn := load(t, history.Config{Runs: 120_000, Now: now, Seed: 1, Progress: func(d, n int64) {
		if d < done || n < d {
			t.Errorf("progress went from %d to %d of %d", done, d, n)
		}
		done, total = d, n
	}})
	runs := column[int64](t, conn, "select count(*) from scheduler_job_runs")[0]
	if runs < 100_000 || runs > 150_000 || done != runs || total != runs {
		t.Errorf("%d runs, reported %d of %d", runs, done, total)
	}
	for claim, wrong := range map[string]string{
		"every run is in a final state": `select count(*) from scheduler_job_runs
			where state not in ('SUCCEEDED', 'FAILED', 'TIMED_OUT', 'CANCELED', 'SKIPPED') or finished_at is null`,
		"times are in order": `select count(*) from scheduler_job_runs
			where created_at > assigned_at or assigned_at > started_at or started_at > finished_at or finished_at > updated_at`,
		"nothing starts before its time": `select count(*) from scheduler_job_runs where started_at < scheduled_for`,
		"nothing lies in the future": fmt.Sprintf(`select count(*) from scheduler_job_runs
			where finished_at >= '%s'::timestamptz`, now.Format(time.RFC3339)),
		"the leader's next slots are free": fmt.Sprintf(`select count(*) from scheduler_job_runs
			where scheduled_for >= date_trunc('minute', '%s'::timestamptz)`, now.Format(time.RFC3339)),
		"ids and created_at agree": `select count(*) from (
			select created_at < lag(created_at) over (order by id) as back from scheduler_job_runs) r where back`,
		"a worker runs one job at a time": `select count(*) from (
			select started_at < lag(finished_at) over (partition by assigned_worker_id order by started_at) as twice
			from scheduler_job_runs where started_at is not null and attempt = 0
			and assigned_worker_id not in (select assigned_worker_id from scheduler_job_runs where attempt > 0)) r where twice`,
		"only started runs have a worker": `select count(*) from scheduler_job_runs
			where (started_at is null) <> (assigned_worker_id = '')`,
		"skipped runs never started": `select count(*) from scheduler_job_runs where (state = 'SKIPPED') <> (started_at is null)`,
		"exit code 0 means success": `select count(*) from scheduler_job_runs where (exit_code = 0) is distinct from (state = 'SUCCEEDED')
			and exit_code is not null`,
		"retries name an earlier failed run": `select count(*) from scheduler_job_runs r where idempotency_key like 'retry:%'
			and not exists (select from scheduler_job_runs f where f.id = split_part(r.idempotency_key, ':', 2)::bigint
				and f.id < r.id and f.job_definition_id = r.job_definition_id and f.state in ('FAILED', 'TIMED_OUT'))`,
		"events' runs name their event": `select count(*) from scheduler_job_runs r
			join scheduler_job_definitions d on d.id = r.job_definition_id
			where d.type = 'event' and idempotency_key !~ '^(event:[0-9]+:job|event:[a-z.]+:[A-Z0-9-]+:job|retry):' `,
		"no disabled or impossible job ran": `select count(*) from scheduler_job_runs r
			join scheduler_job_definitions d on d.id = r.job_definition_id
			where not d.enabled or d.schedule->>'kind' = 'lunar'`,
	} {
		if n := column[int64](t, conn, wrong)[0]; n != 0 {
			t.Errorf("%s: %d rows differ", claim, n)
		}
	}
	for what, some := range map[string]string{
		"runs of each state":          "select count(distinct state) / 5 from scheduler_job_runs",
		"lost attempts":               "select count(*) from scheduler_job_runs where attempt > 0",
		"late starts":                 "select count(*) from scheduler_job_runs where started_at > scheduled_for + interval '30 seconds'",
		"a huge error":                "select count(*) from scheduler_job_runs where octet_length(error_summary) > 1000000",
		"hostile errors":              "select count(*) from scheduler_job_runs where error_summary like '%<script>%' and error_summary like '%onload%'",
		"reversed text":               "select count(*) from scheduler_job_runs where strpos(error_summary, U&'\\202E') > 0",
		"escape sequences":            "select count(*) from scheduler_job_runs where strpos(error_summary, E'\\x1b[31m') > 0",
		"changing leaders":            "select count(distinct leader_epoch) / 10 from scheduler_job_runs",
		"changing workers":            "select count(distinct assigned_worker_id) / 20 from scheduler_job_runs",
		"an incident day":             "select count(*) from scheduler_job_runs where error_summary like '%recovery mode%'",
		"operators' cancels":          "select count(*) from scheduler_admin_action_logs where action = 'job_run.cancel'",
		"reruns of skipped runs":      "select count(*) from scheduler_admin_action_logs where action = 'job_run.rerun'",
		"explained settings":          "select count(*) / 48 from scheduler_setting_help",
		"applied settings":            "select count(*) from scheduler_config_reload_requests",
		"events with a dedupe key":    "select count(dedupe_key) from scheduler_events",
		"daily jobs with their month": "select min(n) / 28 from (select count(*) n from scheduler_job_runs r join scheduler_job_definitions d on d.id = r.job_definition_id where d.schedule->>'kind' = 'daily' group by d.id) per_job",
	} {
		if n := column[int64](t, conn, some)[0]; n < 1 {
			t.Errorf("there are no %s", what)
		}
	}
}

func TestSizeFollowsTheWish(t *testing.T) {
	t.Parallel()
	for _, want := range []int{2_000, 30_000, 165_000} {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			t.Parallel()
			conn := load(t, history.Config{Runs: want, Now: now, Seed: 1})
			if n := column[int64](t, conn, "select count(*) from scheduler_job_runs")[0]; int(n) < want*3/4 || int(n) > want*3/2 {
				t.Errorf("%d runs", n)
			}
		})
	}
}

func TestJobsWithoutAPast(t *testing.T) {
	t.Parallel()
	conn := load(t, history.Config{Now: now})
	if runs := column[int64](t, conn, "select count(*) from scheduler_job_runs")[0]; runs != 0 {
		t.Errorf("%d runs", runs)
	}
	if jobs := column[int64](t, conn, "select count(*) from scheduler_job_definitions")[0]; int(jobs) != len(catalog.Jobs) {
		t.Errorf("%d jobs", jobs)
	}
	if epoch, err := history.LastEpoch(t.Context(), conn); epoch != 0 || err != nil {
		t.Errorf("epoch %d, %v", epoch, err)
	}
}

func TestLastEpochIsTheNewest(t *testing.T) {
	t.Parallel()
	conn := load(t, history.Config{Runs: 5000, Now: now, Seed: 1})
	want := column[int64](t, conn, "select max(leader_epoch) from scheduler_job_runs")[0]
	if epoch, err := history.LastEpoch(t.Context(), conn); epoch != want || err != nil {
		t.Errorf("epoch %d of %d, %v", epoch, want, err)
	}
}

func load(t *testing.T, c history.Config) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), servertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	if err := history.Load(t.Context(), conn, c); err != nil {
		t.Fatal(err)
	}
	return conn
}

func column[T any](t *testing.T, conn *pgx.Conn, query string) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}
