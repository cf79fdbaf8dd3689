package connect_test

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

func TestMain(m *testing.M) {
	// Tests wait for their network far longer than they compute.
	if err := flag.Set("test.parallel", "32"); err != nil {
		panic(err)
	}
	servertest.MainWithoutLeaks(m, link.Leftovers()...)
}

func TestOpenPutsTheServersTogether(t *testing.T) {
	t.Parallel()
	a := servertest.Access(t, servertest.Database(t), servertest.Redis(t))
	c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if operator, err := c.Console.Operator(t.Context()); err != nil || operator.Login != "scheduler" {
		t.Errorf("%+v, %v", operator, err)
	}
	if list, err := c.Console.ListWorkers(t.Context()); err != nil || len(list.Workers) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	c.Close()
	c.Close()
	if _, err := c.Console.Operator(t.Context()); err == nil {
		t.Error("a closed connection still answers")
	}
}

// Without a certificate for workers everything but calling them goes on.
func TestWithoutACertificateWorkersAreNotAsked(t *testing.T) {
	t.Parallel()
	cache := servertest.Redis(t)
	a := servertest.Access(t, servertest.Database(t), cache)
	a.Profile.Workers.Mode = profile.NoCalls
	redis := servertest.RedisClient(t, cache)
	for key, value := range map[string]string{"scheduler:worker:w-1:heartbeat": "1", "scheduler:leader:lock": "w-1"} {
		if err := redis.Set(t.Context(), key, value, time.Minute).Err(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	probe, err := c.Console.ProbeWorker(t.Context(), "w-1")
	if e, _ := errors.AsType[*scheduler.Error](probe.Err); err != nil || e == nil || e.Reason != "worker.no_certificate" {
		t.Errorf("%+v, %v", probe, err)
	}
}

func TestAFailureNamesItsPartAndClosesTheOthers(t *testing.T) {
	t.Parallel()
	database, cache := servertest.Database(t), servertest.Redis(t)
	withoutCertificate := servertest.Access(t, database, cache)
	withoutCertificate.Profile.Workers.Mode = profile.MutualTLS
	for name, test := range map[string]struct {
		access profile.Access
		part   string
	}{
		"PostgreSQL":   {servertest.Access(t, "postgres:///x?host=/nowhere", cache), "PostgreSQL"},
		"Redis":        {servertest.Access(t, database, "unix:///nowhere/redis.sock"), "Redis"},
		"certificates": {withoutCertificate, "worker."},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := connect.Open(t.Context(), test.access.Profile, test.access.Secrets, time.Now, slog.New(slog.DiscardHandler))
			if e, _ := errors.AsType[*scheduler.Error](err); e == nil || !strings.HasPrefix(e.Reason, test.part) && e.Args["part"] != test.part {
				t.Errorf("%v", err)
			}
			waitForNoSession(t, database)
		})
	}
}

// waitForNoSession fails unless our sessions in the database end: the server notices a closed socket a moment later.
func waitForNoSession(t *testing.T, database string) {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	pool := servertest.Pool(t, servertest.Superuser(t, database))
	for sessions := 1; sessions > 0; {
		err := pool.QueryRow(patience, `select count(*) from pg_stat_activity
		  where datname = current_database() and application_name = 'opsdeck'`).Scan(&sessions)
		if err != nil {
			t.Fatalf("%d sessions are left: %v", sessions, err)
		}
	}
}
