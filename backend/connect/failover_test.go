//go:build linux

package connect_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func reason(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}

func open(t *testing.T, a profile.Access, options ...connect.Option) *connect.Connection {
	t.Helper()
	c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// When the primary dies and its standby is promoted, questions and operations find the new one by themselves.
func TestFailoverOfPostgres(t *testing.T) {
	t.Parallel()
	primary := servertest.StartOwnPostgres(t)
	primary.Admit("hostssl jobs all all scram-sha-256")
	logins := servertest.GateOn(t, primary.Superuser(), primary.URLFor)
	standby := primary.Standby()

	a := servertest.Access(t, logins.Admin, servertest.Redis(t))
	a.Profile.Postgres.Hosts = []string{standby.Address, primary.Address}
	a.Profile.Postgres.SSLMode, a.Profile.Postgres.ServerCA = "verify-full", primary.CA.CertPEM
	a.Profile.Postgres.TargetSessionAttrs = "read-write"
	c := open(t, a)
	create := func(name string) error {
		plan, err := c.Commands.PlanCreateJob(t.Context(), scheduler.Job{
			Name: name, Enabled: true, Type: scheduler.TimeJob, Command: "report", ConcurrencyPolicy: "forbid",
			Schedule: []byte(`{"kind": "hourly", "minute": 5}`), DefaultArgs: []byte(`{}`),
		})
		if err != nil {
			return err
		}
		outcome, err := c.Commands.Perform(t.Context(), plan, operations.Order{Reason: "to try it"})
		if err == nil && outcome.Result != operations.Done {
			return errors.New(string(outcome.Result))
		}
		return err
	}
	if err := create("before"); err != nil {
		t.Fatal(err)
	}
	expect.Soon(t, "the standby has the job", func() bool {
		var n int
		return servertest.Pool(t, standby.Superuser()).QueryRow(t.Context(), "select count(*) from scheduler_job_definitions").Scan(&n) == nil && n == 1
	})
	primary.Kill()
	if _, err := c.Console.ListJobs(t.Context()); err == nil {
		t.Error("nobody leads, and jobs are listed")
	}
	expect.Soon(t, "the failure has a name", func() bool {
		_, err := c.Console.ListJobs(t.Context())
		return reason(err) == "postgres.wrong_role"
	})
	standby.Promote()
	expect.Soon(t, "the new primary is asked", func() bool {
		jobs, err := c.Console.ListJobs(t.Context())
		return err == nil && len(jobs.Jobs) == 1
	})
	if err := create("after"); err != nil {
		t.Error(err)
	}
}

func TestReadReplica(t *testing.T) {
	t.Parallel()
	primary := servertest.StartOwnPostgres(t)
	primary.Admit("hostssl jobs all all scram-sha-256")
	standby := primary.Standby()
	a := servertest.Access(t, primary.URL(), servertest.Redis(t))
	a.Profile.Postgres.SSLMode, a.Profile.Postgres.ServerCA = "verify-full", primary.CA.CertPEM
	a.Profile.Postgres.Replicas = []string{standby.Address}
	c := open(t, a)
	asked := func() (n int) {
		if err := servertest.Pool(t, standby.Superuser()).QueryRow(t.Context(),
			"select count(*) from pg_stat_activity where application_name = 'opsdeck'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if _, err := c.Console.ListJobs(t.Context()); err != nil || asked() == 0 || !c.Replica().Used {
		t.Errorf("%v, %d sessions on the replica, %+v", err, asked(), c.Replica())
	}
	standby.Kill()
	expect.Soon(t, "the primary is asked", func() bool {
		_, err := c.Console.ListJobs(t.Context())
		return err == nil && !c.Replica().Used && c.Replica().Problem != nil
	})
}

// Another server behind a known address is refused, when the environment is opened and while it is.
func TestSwappedServer(t *testing.T) {
	t.Parallel()
	cache := servertest.Redis(t)
	a := servertest.Access(t, servertest.Database(t), cache)
	known := open(t, a)
	if known.Server == "" {
		t.Fatal("the server has no identity")
	}
	open(t, a, connect.Expect(known.Server)).Close()
	_, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler), connect.Expect("7123456789012345678"))
	if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "postgres.swapped" || e.Args["found"] != known.Server {
		t.Errorf("%v", err)
	}
}
