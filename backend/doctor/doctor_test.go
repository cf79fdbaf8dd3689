package doctor_test

import (
	"context"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/doctor"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// examine gives what was found, by step.
func examine(t *testing.T, a profile.Access) map[string]doctor.Finding {
	t.Helper()
	found := map[string]doctor.Finding{}
	last := -1
	doctor.Run(t.Context(), a.Profile, a.Secrets, "", func(f doctor.Finding) {
		if place := slices.Index(doctor.Names(), f.Check); place <= last {
			t.Errorf("%s comes out of order", f.Check)
		} else {
			last = place
		}
		if f.Says == nil || f.Says.Message == "" {
			t.Errorf("%s says nothing", f.Check)
		}
		found[f.Check] = f
	})
	return found
}

// wants compares what was found with the state and reason of some steps.
func wants(t *testing.T, found map[string]doctor.Finding, want map[string]string) {
	t.Helper()
	for check, text := range want {
		f, there := found[check]
		if !there {
			t.Errorf("%s is missing", check)
			continue
		}
		if got := string(f.State) + " " + f.Says.Reason; got != text {
			t.Errorf("%s: %s (%s), not %s", check, got, f.Says.Message, text)
		}
	}
}

func TestAFreshClusterIsFine(t *testing.T) {
	t.Parallel()
	database, cache := servertest.Database(t), servertest.Redis(t)
	logins := servertest.Gate(t, database)
	found := examine(t, servertest.Access(t, logins.Operator, cache))
	wants(t, found, map[string]string{
		"way": "ok doctor.way_direct", "postgres.resolve": "ok doctor.resolved", "postgres.connect": "ok doctor.connected",
		"postgres.tls": "ok doctor.tls_local", "postgres.login": "ok doctor.postgres_login", "postgres.schema": "ok doctor.schema",
		"postgres.gate": "ok doctor.gate", "postgres.rights": "ok doctor.rights_operator", "postgres.clock": "ok doctor.clock_fine",
		"redis.login": "ok doctor.redis_login", "redis.rights": "warning doctor.no_workers", "redis.clock": "ok doctor.clock_fine",
		"workers.answer": "ok doctor.nobody_to_ask",
	})
	if _, there := found["postgres.replica"]; there {
		t.Error("a replica is looked for that the profile hasn't")
	}
}

func TestWithoutAGate(t *testing.T) {
	t.Parallel()
	found := examine(t, servertest.Access(t, servertest.Database(t), servertest.Redis(t)))
	wants(t, found, map[string]string{"postgres.gate": "warning doctor.no_gate", "postgres.rights": "ok doctor.rights_none"})
}

func TestWhatFailsIsNamedAndWhatStandsOnItIsNotTried(t *testing.T) {
	t.Parallel()
	database, cache := servertest.Database(t), servertest.Redis(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	nobody := closed.Addr().String()
	for name, test := range map[string]struct {
		change func(*profile.Access)
		want   map[string]string
	}{
		"a name": {func(a *profile.Access) { a.Profile.Postgres.Hosts = []string{"no-such-host.invalid:5432"} }, map[string]string{
			"postgres.resolve": "failed tunnel.unresolved", "postgres.connect": "skipped doctor.not_tried", "postgres.clock": "skipped doctor.not_tried",
			"redis.login": "ok doctor.redis_login",
		}},
		"a port": {func(a *profile.Access) { a.Profile.Postgres.Hosts = []string{nobody} }, map[string]string{
			"postgres.resolve": "ok doctor.resolved", "postgres.connect": "failed tunnel.refused", "postgres.login": "skipped doctor.not_tried",
		}},
		"a password": {func(a *profile.Access) { a.Secrets.PostgresPassword = "wrong" }, map[string]string{
			"postgres.tls": "ok doctor.tls_passed", "postgres.login": "failed postgres.auth_failed", "postgres.schema": "skipped doctor.not_tried",
		}},
		"one of two servers": {func(a *profile.Access) {
			a.Profile.Postgres.Hosts = append([]string{nobody}, a.Profile.Postgres.Hosts...)
		}, map[string]string{
			"postgres.connect": "warning tunnel.refused", "postgres.login": "ok doctor.postgres_login",
		}},
		"no scheduler": {func(a *profile.Access) {
			empty := servertest.Access(t, servertest.EmptyDatabase(t), cache)
			a.Profile.Postgres, a.Secrets.PostgresPassword = empty.Profile.Postgres, empty.Secrets.PostgresPassword
		}, map[string]string{
			"postgres.login": "ok doctor.postgres_login", "postgres.schema": "failed postgres.no_scheduler", "postgres.gate": "skipped doctor.not_tried",
		}},
		"Redis's password": {func(a *profile.Access) { a.Secrets.RedisPassword = "wrong" }, map[string]string{
			"redis.login": "failed redis.auth_failed", "redis.rights": "skipped doctor.not_tried", "workers.answer": "skipped doctor.not_tried",
			"postgres.schema": "ok doctor.schema",
		}},
		"the jump host": {func(a *profile.Access) {
			a.Profile.Reach = profile.Reach{Kind: profile.SSH, Address: nobody, Auth: profile.Key}
			a.Secrets.SSHKey = "no key"
		}, map[string]string{
			"way": "failed tunnel.bad_key", "postgres.resolve": "skipped doctor.not_tried", "redis.resolve": "skipped doctor.not_tried",
		}},
		"no certificate": {func(a *profile.Access) { a.Profile.Workers.Mode = profile.MutualTLS }, map[string]string{
			"workers.certificate": "failed worker.bad_key_pair", "workers.answer": "skipped doctor.not_tried",
		}},
		"an expired certificate": {func(a *profile.Access) {
			old := testcert.Issue(t, nil, testcert.Expired)
			a.Profile.Workers = profile.Workers{Mode: profile.MutualTLS, Certificate: old.CertPEM, Trust: old.CertPEM}
			a.Secrets.WorkerKey = profile.Secret(old.KeyPEM)
		}, map[string]string{"workers.certificate": "failed doctor.certificate_expired", "workers.clock": "skipped doctor.not_tried"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := servertest.Access(t, database, cache)
			test.change(&a)
			wants(t, examine(t, a), test.want)
		})
	}
}

func TestWorkersAreCalled(t *testing.T) {
	t.Parallel()
	cache := servertest.Redis(t)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(closed.Addr().String())
	_ = closed.Close()
	redis := servertest.RedisClient(t, cache)
	if err := redis.SAdd(t.Context(), "scheduler:workers:set", "w-1").Err(); err != nil {
		t.Fatal(err)
	}
	redis.Set(t.Context(), "scheduler:worker:w-1:heartbeat", time.Now().Unix(), time.Minute)
	redis.HSet(t.Context(), "scheduler:worker:w-1:info", "worker_id", "w-1", "grpc_host", host, "grpc_port", port)
	found := examine(t, servertest.Access(t, servertest.Database(t), cache))
	wants(t, found, map[string]string{
		"redis.rights": "warning doctor.no_leader", "workers.answer": "failed tunnel.refused", "workers.clock": "skipped doctor.not_tried",
	})
}

func TestAWithdrawnExaminationEndsWithoutAnotherWord(t *testing.T) {
	t.Parallel()
	a := servertest.Access(t, servertest.Database(t), servertest.Redis(t))
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	doctor.Run(ctx, a.Profile, a.Secrets, "", func(doctor.Finding) { n++; cancel() })
	if n != 1 {
		t.Errorf("%d findings after it was withdrawn", n)
	}
}
