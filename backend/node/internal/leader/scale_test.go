package leader

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// statements counts what a store sends.
type statements struct {
	mu  sync.Mutex
	sql []string
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sql = append(s.sql, data.SQL)
	return ctx
}

func (s *statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// ticking is a leader with a real database and imagined workers, whose ticks can be called one by one.
type ticking struct {
	tb      testing.TB
	pool    *pgxpool.Pool
	leader  *Leader
	store   *store.Store
	members []cluster.Member
	sent    *statements
}

func newTicking(tb testing.TB, workers, slots int) *ticking {
	tb.Helper()
	url := servertest.Database(tb)
	t := &ticking{tb: tb, pool: servertest.Pool(tb, url), sent: &statements{}}
	if err := store.Migrate(tb.Context(), t.pool); err != nil {
		tb.Fatal(err)
	}
	var err error
	t.store, err = store.Open(tb.Context(), url, "leader", func(c *pgxpool.Config) { c.ConnConfig.Tracer = t.sent })
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(t.store.Close)
	log := slog.New(slog.DiscardHandler)
	t.leader = New(Config{
		ID: "w0", Store: t.store, Settings: settings.NewKeeper(settings.Standard(), log), Metrics: sharedMetrics,
		Board: metrics.NewBoard(log), Log: log, Now: time.Now,
	})
	t.leader.term = store.Term{Epoch: 1, WorkerID: "w0"}
	if entered, _, err := t.store.EnterTerm(tb.Context(), t.leader.term, true, time.Now()); err != nil || !entered {
		tb.Fatalf("entered %v, error %v", entered, err)
	}
	t.leader.beginTerm()
	t.leader.since = time.Now().Add(-time.Hour)
	for i := range workers {
		t.members = append(t.members, cluster.Member{ID: fmt.Sprint("w", i), Role: scheduler.Plain, Reports: true, Slots: slots})
	}
	t.members[0].Role = scheduler.Leader
	return t
}

// tick is a leader's transaction. What it would start counts as refused by nobody.
func (t *ticking) tick() plan {
	t.tb.Helper()
	var done plan
	err := t.store.InTerm(t.tb.Context(), t.leader.term, func(tx *store.LeaderTx) (err error) {
		done, err = t.leader.plan(t.tb.Context(), tx, t.members, nil)
		return err
	})
	if err != nil {
		t.tb.Fatal(err)
	}
	t.leader.remember(done.slots)
	return done
}

func (t *ticking) exec(sql string, args ...any) {
	t.tb.Helper()
	if _, err := t.pool.Exec(t.tb.Context(), sql, args...); err != nil {
		t.tb.Fatal(err)
	}
}

const insertRuns = `insert into scheduler_job_runs (job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version,
	error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
	select d.id, now() + $3::interval + n * interval '1 microsecond', $1, $4, 0, 0, '', '', '', 'NONE', now(), now()
	from scheduler_job_definitions d, generate_series(1, $2) n where d.id % 3 = $5 or $5 < 0`

// fill makes jobs of every kind and runs that give every step of a tick something to do.
func (t *ticking) fill(jobs, runs int) {
	t.tb.Helper()
	t.exec(`insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
		max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		select 'job ' || n, true, case when n % 4 = 0 then 'event' else 'time' end, 'x', '{}',
			case when n % 4 = 0 then '{"event_type": "x"}' else '{"kind": "every_n_minutes", "n": 1}' end::jsonb, 0, 2, 1,
			(array['allow', 'forbid', 'replace'])[1 + n % 3], now(), now() from generate_series(1, $1) n`, jobs)
	t.exec(insertRuns, "PENDING", runs, "-1 second", "", -1)
	t.exec(insertRuns, "PENDING", runs, "50 seconds", "", 0)
	t.exec(insertRuns, "PENDING", 1, "-1 hour", "", -1)
	t.exec(insertRuns, "ASSIGNED", 1, "-2 seconds", "w1", 0)
	t.exec(insertRuns, "ASSIGNED", 1, "-3 seconds", "gone", 0)
	t.exec(insertRuns, "ASSIGNED", 9, "100 seconds", "w2", 0)
	t.exec(`update scheduler_job_runs set assigned_at = now() - interval '1 minute' where state = 'ASSIGNED'`)
	t.exec(insertRuns, "RUNNING", 1, "-4 seconds", "gone", 1)
	t.exec(`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
		select 'x', '{}', 'k' || n, now() + interval '1 hour', null from generate_series(1, $1) n`, jobs)
	t.exec(`update opsdeck_node.planned set since = now() - interval '1 day'`)
	t.exec(insertRuns, "FAILED", 1, "-5 seconds", "", 0)
	t.exec(`update scheduler_job_runs set finished_at = now() where state = 'FAILED'`)
	t.exec(`insert into opsdeck_node.retry_watch select id from scheduler_job_runs where state = 'FAILED'`)
}

func TestStatementsDoNotGrowWithTheCluster(t *testing.T) {
	t.Parallel()
	count := func(workers, jobs, runs int) []string {
		ticking := newTicking(t, workers, 1)
		ticking.fill(jobs, runs)
		ticking.sent.sql = nil
		if done := ticking.tick(); len(done.startable) == 0 {
			t.Error("nothing was to be started")
		}
		return ticking.sent.sql
	}
	small, large := count(4, 8, 2), count(300, 120, 20)
	if len(small) != len(large) {
		t.Errorf("%d statements a tick with 4 workers, %d with 300", len(small), len(large))
	}
	if len(large) > 40 {
		t.Errorf("%d statements a tick", len(large))
	}
	t.Logf("%d statements a tick", len(large))
}

// BenchmarkTick is a tick over a hundred thousand runs that wait for a free worker, and how fast they are given out,
// against the floor: a plain UPDATE … RETURNING of as many rows with SKIP LOCKED.
func BenchmarkTick(b *testing.B) {
	for _, waiting := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("all busy, waiting=%d", waiting), func(b *testing.B) {
			t := newTicking(b, 50, 1)
			t.backlog(waiting)
			t.exec(insertRuns, "RUNNING", 1, "-10 seconds", "w0", -1)
			t.exec(`update scheduler_job_runs set assigned_worker_id = 'w' || (id % 50) where state = 'RUNNING'`)
			t.exec(`update scheduler_job_definitions set schedule = '{}'`)
			t.tick()
			b.ResetTimer()
			for range b.N {
				t.tick()
			}
		})
	}
	b.Run("giving out", func(b *testing.B) {
		t := newTicking(b, 50, 1_000_000)
		t.backlog(100_000)
		t.tick()
		b.ResetTimer()
		for range b.N {
			t.tick()
			t.finish(b)
		}
		b.ReportMetric(float64(b.N)*500/b.Elapsed().Seconds(), "runs/s")
	})
	b.Run("floor", func(b *testing.B) {
		t := newTicking(b, 50, 1)
		t.backlog(100_000)
		b.ResetTimer()
		for range b.N {
			t.exec(`update scheduler_job_runs set state = 'ASSIGNED', assigned_worker_id = 'w1', assigned_at = now(), version = version + 1
				where id in (select id from scheduler_job_runs where state = 'PENDING' and scheduled_for <= now()
				order by scheduled_for, id limit 500 for update skip locked) returning id`)
			t.finish(b)
		}
		b.ReportMetric(float64(b.N)*500/b.Elapsed().Seconds(), "runs/s")
	})
}

// finish ends what was given out, beside the clock.
func (t *ticking) finish(b *testing.B) {
	b.StopTimer()
	defer b.StartTimer()
	t.exec(`update scheduler_job_runs set state = 'SUCCEEDED' where state = 'ASSIGNED'`)
}

// backlog makes a thousand jobs whose runs may overlap, and so many due runs.
func (t *ticking) backlog(runs int) {
	t.tb.Helper()
	t.exec(`insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
		max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		select 'job ' || n, true, 'time', 'x', '{}', '{"kind": "every_n_minutes", "n": 1}', 0, 0, 0, 'allow', now(), now() - interval '1 hour'
		from generate_series(1, 1000) n`)
	t.exec(insertRuns, "PENDING", runs/1000, "-1 minute", "", -1)
	t.exec(`analyze scheduler_job_runs`)
}
