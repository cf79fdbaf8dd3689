//go:build linux

package connect_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Servers that are stopped keep their connections and say nothing: every call ends by its own deadline, before a bound call's, and goes on
// when they do.
func TestStoppedServers(t *testing.T) {
	t.Parallel()
	database, cache := servertest.StartOwnPostgres(t), servertest.StartOwnRedis(t)
	database.Admit("hostssl jobs all all scram-sha-256")
	c := open(t, servertest.Access(t, database.URL(), "redis://"+cache.Address+"/0"))
	asks := map[string]func(context.Context) error{
		"PostgreSQL": func(ctx context.Context) error { _, err := c.Console.ListJobs(ctx); return err },
		"Redis":      func(ctx context.Context) error { _, err := c.Console.ListWorkers(ctx); return err },
	}
	for name, ask := range asks {
		if err := ask(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	database.Freeze()
	cache.Freeze()
	for name, ask := range asks {
		bound, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		err := ask(bound)
		if err == nil || reason(err) == "" || bound.Err() != nil {
			t.Errorf("%s: %v after %v", name, err, bound.Err())
		}
		cancel()
	}
	database.Thaw()
	cache.Thaw()
	for name, ask := range asks {
		expect.Soon(t, name+" is asked again", func() bool { return ask(t.Context()) == nil })
	}
}

// A password that was changed is told at once, and the old one isn't tried with every question.
func TestRotatedPassword(t *testing.T) {
	t.Parallel()
	database := servertest.StartOwnPostgres(t)
	database.Admit("hostssl jobs all all scram-sha-256")
	a := servertest.Access(t, database.URL(), servertest.Redis(t))
	c := open(t, a)
	admin := servertest.Pool(t, database.Superuser())
	for _, statement := range []string{
		"alter role scheduler password 'tomorrow'",
		"select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scheduler'",
	} {
		if _, err := admin.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var first error
	expect.Soon(t, "the refusal is told", func() bool {
		_, first = c.Console.ListJobs(t.Context())
		return reason(first) == "postgres.auth_failed"
	})
	for range 5 {
		if _, err := c.Console.ListJobs(t.Context()); reason(err) != "postgres.auth_failed" {
			t.Errorf("%v", err)
		}
	}
	a.Secrets.PostgresPassword = "tomorrow"
	if _, err := open(t, a).Console.ListJobs(t.Context()); err != nil {
		t.Errorf("with the new one: %v", err)
	}
}

func TestAHundredRoundsLeaveNothing(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	a := servertest.Access(t, database, servertest.Redis(t))
	for range 100 {
		c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	waitForNoSession(t, database)
}

// Redis keeps the connections of a user whose password is changed. The first new one is refused, which is told, and the new password opens
// the environment again.
func TestRotatedPasswordOfRedis(t *testing.T) {
	t.Parallel()
	cache := servertest.StartOwnRedis(t)
	rotate := func(password string) {
		t.Helper()
		if err := cache.Client.Do(t.Context(), "acl", "setuser", "ops", "reset", "on", "+@all", "~*", "&*", ">"+password).Err(); err != nil {
			t.Fatal(err)
		}
	}
	rotate("today")
	a := servertest.Access(t, servertest.Database(t), "redis://ops:today@"+cache.Address+"/0")
	c := open(t, a)
	ask := func(c *connect.Connection) error { _, err := c.Console.ListWorkers(t.Context()); return err }
	if err := ask(c); err != nil {
		t.Fatal(err)
	}
	rotate("tomorrow")
	if err := ask(c); err != nil {
		t.Errorf("a connection that stood was lost: %v", err)
	}
	if err := cache.Client.Do(t.Context(), "client", "kill", "user", "ops").Err(); err != nil {
		t.Fatal(err)
	}
	expect.Soon(t, "the refusal is told", func() bool { return reason(ask(c)) == "redis.auth_failed" })
	for range 5 {
		if err := ask(c); reason(err) != "redis.auth_failed" {
			t.Errorf("%v", err)
		}
	}
	a.Secrets.RedisPassword = "tomorrow"
	if err := ask(open(t, a)); err != nil {
		t.Errorf("with the new one: %v", err)
	}
}
