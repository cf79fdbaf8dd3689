package desktop

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// An environment whose PostgreSQL keeps a question waiting is left for another: the question's answer goes nowhere, whether it
// comes before the old connections are closed or never.
func TestNoLateAnswerReachesAnotherEnvironment(t *testing.T) {
	t.Parallel()
	places := map[string]profile.Access{}
	pools := map[string]*pgxpool.Pool{}
	for _, name := range []string{"a", "b"} {
		database := servertest.Database(t)
		pools[name] = servertest.Pool(t, database)
		places[name] = servertest.Access(t, database, servertest.Redis(t))
		_, err := pools[name].Exec(t.Context(), `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json,
		    schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		  values ($1, true, 'time', 'x', '{}', '{"kind":"hourly","minute":1}', 0, 0, 0, 'allow', now(), now())`, "job of "+name)
		if err != nil {
			t.Fatal(err)
		}
	}
	next := "a"
	quiet := slog.New(slog.DiscardHandler)
	s, _ := session(t, func(ctx context.Context, _ func(Progress)) (*Environment, error) {
		access := places[next]
		c, err := connect.Open(ctx, access.Profile, access.Secrets, time.Now, quiet)
		if err != nil {
			return nil, err
		}
		return &Environment{ID: next, Kind: "sandbox", Console: c.Console, Close: func() error { c.Close(); return nil }}, nil
	})
	jobs := NewJobs(s)
	s.openProfile("a", SecretInput{})
	s.opener.Wait()
	if list, err := jobs.List(); err != nil || list.Jobs[0].Name != "job of a" {
		t.Fatalf("%+v, %v", list, err)
	}

	lock, err := pools["a"].Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := lock.Exec(t.Context(), "lock table scheduler_job_definitions in access exclusive mode"); err != nil {
		t.Fatal(err)
	}
	late := make(chan error, 1)
	go func() { _, err := jobs.List(); late <- err }()
	waits(t, pools["a"])
	next = "b"
	s.openProfile("b", SecretInput{})
	s.opener.Wait()
	if err := <-late; Wire(err).Reason != "session.switched" {
		t.Errorf("the question that was left waiting: %v", err)
	}
	if list, err := jobs.List(); err != nil || len(list.Jobs) != 1 || list.Jobs[0].Name != "job of b" {
		t.Errorf("%+v, %v", list, err)
	}
}

// waits returns when somebody waits for a lock in a database.
func waits(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for n := 0; n == 0; {
		err := pool.QueryRow(ctx, "select count(*) from pg_locks l join pg_database d on d.oid = l.database where not l.granted and d.datname = current_database()").Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
	}
}
