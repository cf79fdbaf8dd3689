package store_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

func TestEveryQueryFitsTheSchema(t *testing.T) {
	t.Parallel()
	pool := servertest.Pool(t, servertest.Database(t))
	if err := store.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(os.DirFS("sql"), "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d queries, error %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile("sql/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "-- ") {
			t.Errorf("%s does not begin by saying what it is for", file)
		}
		numbered, _, err := pgx.NamedArgs{}.RewriteQuery(t.Context(), nil, string(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := pool.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Conn().Prepare(t.Context(), file, numbered); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		conn.Release()
	}
}

func TestMigrateMayBeRepeatedAndRunAtOnce(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	var group errgroup.Group
	for range 4 {
		pool := servertest.Pool(t, url)
		group.Go(func() error { return store.Migrate(t.Context(), pool) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), servertest.Pool(t, url)); err != nil {
		t.Fatal(err)
	}
	if err := open(t, url).CheckVersion(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestCheckVersion(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	expect := func(reason string) {
		t.Helper()
		err := open(t, url).CheckVersion(t.Context())
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != reason {
			t.Errorf("got %v, want %s", err, reason)
		}
	}
	expect("node.not_migrated")
	pool := servertest.Pool(t, url)
	if err := store.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `insert into opsdeck_node.migration (version) values (9999)`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `delete from opsdeck_node.migration where version < 9999`); err != nil {
		t.Fatal(err)
	}
	expect("node.newer_schema")
}

func TestErrorsKeepThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"postgres://u:hunter2@host:notaport/db", "postgres://u:hunter2@127.0.0.1:1/db?connect_timeout=1",
	} {
		_, err := store.Open(t.Context(), url, "test")
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("got %v", err)
		}
	}
}

func TestTerms(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	pool := servertest.Pool(t, url)
	if err := store.Migrate(t.Context(), pool); err != nil {
		t.Fatal(err)
	}
	s := open(t, url)
	now := time.Now()
	enter := func(epoch int64, worker string, fresh bool) (bool, int64) {
		t.Helper()
		entered, floor, err := s.EnterTerm(t.Context(), store.Term{Epoch: epoch, WorkerID: worker}, fresh, now)
		if err != nil {
			t.Fatal(err)
		}
		return entered, floor
	}
	acts := func(epoch int64, worker string) error {
		return s.InTerm(t.Context(), store.Term{Epoch: epoch, WorkerID: worker}, func(*store.LeaderTx) error { return nil })
	}

	if entered, _ := enter(3, "a", false); entered {
		t.Error("an epoch that nobody raised was enough")
	}
	if entered, _ := enter(3, "a", true); !entered || acts(3, "a") != nil {
		t.Error("the first leader can't act")
	}
	if entered, _ := enter(3, "a", false); !entered {
		t.Error("a restarted leader lost its own term")
	}
	if entered, floor := enter(2, "b", true); entered || floor != 3 {
		t.Errorf("Redis counted backwards: entered %v, floor %d", entered, floor)
	}
	if entered, _ := enter(3, "a", true); entered {
		t.Error("a second election of the same worker has the same epoch")
	}
	if entered, _ := enter(3, "b", true); entered {
		t.Error("two leaders share an epoch")
	}
	if entered, _ := enter(4, "b", true); !entered {
		t.Error("the successor can't begin")
	}
	if err := acts(3, "a"); !errors.Is(err, store.ErrTermOver) {
		t.Errorf("the former leader acts: %v", err)
	}
	// A scheduler that keeps no terms has used a higher epoch meanwhile.
	insertJob(t, pool)
	if _, err := pool.Exec(t.Context(), `insert into scheduler_job_runs (job_definition_id, scheduled_for, state,
		assigned_worker_id, attempt, version, leader_epoch, error_summary, log_ref, idempotency_key, continuation_state,
		created_at, updated_at) values (1, now(), 'ASSIGNED', 'd', 0, 0, 7, '', '', '', 'NONE', now(), now())`); err != nil {
		t.Fatal(err)
	}
	if entered, floor := enter(7, "c", true); entered || floor != 7 {
		t.Errorf("entered %v, floor %d", entered, floor)
	}
}

func TestNewTermWaitsForTheFormerLeadersLastWrite(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	if err := store.Migrate(t.Context(), servertest.Pool(t, url)); err != nil {
		t.Fatal(err)
	}
	s := open(t, url)
	former := store.Term{Epoch: 1, WorkerID: "a"}
	if _, _, err := s.EnterTerm(t.Context(), former, true, time.Now()); err != nil {
		t.Fatal(err)
	}
	begun := make(chan error, 1)
	err := s.InTerm(t.Context(), former, func(*store.LeaderTx) error {
		go func() {
			_, _, err := s.EnterTerm(t.Context(), store.Term{Epoch: 2, WorkerID: "b"}, true, time.Now())
			begun <- err
		}()
		return waitForLock(t, url)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-begun; err != nil {
		t.Fatal(err)
	}
}

// waitForLock returns once another transaction waits for a lock, which is what the new term must do.
func waitForLock(t *testing.T, url string) error {
	t.Helper()
	pool := servertest.Pool(t, url)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		var waiting bool
		err := pool.QueryRow(t.Context(), `select exists (select from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil || waiting {
			return err
		}
	}
	return errors.New("the new term did not wait")
}

func insertJob(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if _, err := pool.Exec(t.Context(), `insert into scheduler_job_definitions (name, enabled, type, command_name,
		default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at,
		updated_at) values ('job', true, 'time', 'job', '{}', '{}', 0, 0, 0, 'forbid', now(), now())`); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), url, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
