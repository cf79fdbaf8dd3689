//go:build linux

package connect_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// secured are servers that speak TLS and want certificates, and what an environment of them is opened with.
type secured struct {
	postgres *servertest.OwnPostgres
	redis    *servertest.OwnRedis
	access   profile.Access
}

func newSecured(t *testing.T) secured {
	t.Helper()
	s := secured{postgres: servertest.StartOwnPostgres(t), redis: servertest.StartSecureRedis(t)}
	s.postgres.Admit("hostssl jobs all all scram-sha-256")
	s.access = servertest.Access(t, s.postgres.URL(), "rediss://"+s.redis.Address+"/0")
	p := &s.access.Profile
	p.Postgres.SSLMode, p.Postgres.ServerCA, p.Redis.ServerCA = "verify-full", s.postgres.CA.CertPEM, s.redis.CA.CertPEM
	s.show(&s.access, testcert.Issue(t, s.postgres.CA), testcert.Issue(t, s.redis.CA))
	return s
}

// show gives an access client certificates.
func (s secured) show(a *profile.Access, postgres, redis *testcert.Pair) {
	a.Profile.Postgres.ClientCertificate, a.Secrets.PostgresClientKey = postgres.CertPEM, profile.Secret(postgres.KeyPEM)
	a.Profile.Redis.ClientCertificate, a.Secrets.RedisClientKey = redis.CertPEM, profile.Secret(redis.KeyPEM)
}

// explains fails the test unless an error names the part, what is wrong, and, where it is about time, from when until when.
func explains(t *testing.T, err error, part, reason string, blamed *testcert.Pair) {
	t.Helper()
	e, _ := errors.AsType[*scheduler.Error](err)
	if e == nil || e.Reason != reason || e.Args["part"] != part || !strings.Contains(e.Message, part) || e.Args["address"] == "" {
		t.Errorf("%s: want %s, got %v", part, reason, err)
		return
	}
	if from, until := trust.Term(blamed.Certificate); strings.HasSuffix(reason, "expired") &&
		(e.Args["from"] != from || e.Args["until"] != until || !strings.Contains(e.Message, until)) {
		t.Errorf("%s: it is not said that it is valid from %s to %s: %v", part, from, until, e)
	}
}

// A server's certificate that is wrong is said to be so when the environment is opened, and all goes well with the next right one.
func TestCertificatesOfServers(t *testing.T) {
	t.Parallel()
	s := newSecured(t)
	host, _, _ := net.SplitHostPort(s.postgres.Address)
	cacheHost, _, _ := net.SplitHostPort(s.redis.Address)
	stranger := testcert.Issue(t, nil)
	type issue func(ca *testcert.Pair, host string) *testcert.Pair
	good := issue(func(ca *testcert.Pair, host string) *testcert.Pair { return testcert.Issue(t, ca, testcert.For(host)) })
	for name, test := range map[string]struct {
		issue issue
		want  string
	}{
		"expired": {func(ca *testcert.Pair, host string) *testcert.Pair {
			return testcert.Issue(t, ca, testcert.For(host), testcert.Expired)
		}, "trust.expired"},
		"not valid yet": {func(ca *testcert.Pair, host string) *testcert.Pair {
			return testcert.Issue(t, ca, testcert.For(host), testcert.NotYet)
		}, "trust.expired"},
		"another name": {func(ca *testcert.Pair, _ string) *testcert.Pair {
			return testcert.Issue(t, ca, testcert.For("192.0.2.1"), testcert.Named("other.example"))
		}, "trust.wrong_name"},
		"another CA": {func(_ *testcert.Pair, host string) *testcert.Pair {
			return testcert.Issue(t, stranger, testcert.For(host))
		}, "trust.untrusted"},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: they share the servers
			refused := func(part string) (err error) {
				expect.Soon(t, part+" shows the certificate", func() bool {
					var c *connect.Connection
					c, err = connect.Open(t.Context(), s.access.Profile, s.access.Secrets, time.Now, slog.New(slog.DiscardHandler))
					if err == nil {
						c.Close()
					}
					return err != nil
				})
				return err
			}
			bad := test.issue(s.postgres.CA, host)
			s.postgres.Certify(bad)
			explains(t, refused("PostgreSQL"), "PostgreSQL", test.want, bad)
			s.postgres.Certify(good(s.postgres.CA, host))
			bad = test.issue(s.redis.CA, cacheHost)
			s.redis.Certify(bad)
			var err error
			expect.Soon(t, "PostgreSQL is let be", func() bool {
				err = refused("Redis")
				e, _ := errors.AsType[*scheduler.Error](err)
				return e != nil && e.Args["part"] == "Redis"
			})
			explains(t, err, "Redis", test.want, bad)
			s.redis.Certify(good(s.redis.CA, cacheHost))
		})
	}
}

// A certificate that runs out while the environment is open is told with the first connection that needs it, and a renewed one is taken
// without anybody's doing.
func TestCertificateRunsOutWhileOpen(t *testing.T) {
	t.Parallel()
	s := newSecured(t)
	host, _, _ := net.SplitHostPort(s.postgres.Address)
	cacheHost, _, _ := net.SplitHostPort(s.redis.Address)
	c := open(t, s.access)
	admin := servertest.Pool(t, s.postgres.Superuser())
	for _, part := range []struct {
		name    string
		certify func(*testcert.Pair)
		ca      *testcert.Pair
		host    string
		hangUp  func() error
		ask     func(context.Context) error
	}{
		{"PostgreSQL", s.postgres.Certify, s.postgres.CA, host, func() error {
			_, err := admin.Exec(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scheduler'")
			return err
		}, func(ctx context.Context) error { _, err := c.Console.ListJobs(ctx); return err }},
		{"Redis", s.redis.Certify, s.redis.CA, cacheHost, func() error {
			return s.redis.Client.Do(t.Context(), "client", "kill", "type", "normal", "skipme", "yes").Err()
		}, func(ctx context.Context) error { _, err := c.Console.ListWorkers(ctx); return err }},
	} {
		if err := part.ask(t.Context()); err != nil {
			t.Fatalf("%s: %v", part.name, err)
		}
		ended := testcert.Issue(t, part.ca, testcert.For(part.host), testcert.Expired)
		part.certify(ended)
		var err error
		expect.Soon(t, part.name+" is refused", func() bool {
			if hung := part.hangUp(); hung != nil {
				t.Fatal(hung)
			}
			err = part.ask(t.Context())
			return err != nil && reason(err) != part.name
		})
		expect.Soon(t, part.name+" says why", func() bool { err = part.ask(t.Context()); return reason(err) == "trust.expired" })
		explains(t, err, part.name, "trust.expired", ended)
		part.certify(testcert.Issue(t, part.ca, testcert.For(part.host)))
		expect.Soon(t, part.name+" is asked again", func() bool { return part.ask(t.Context()) == nil })
	}
}

// Our own certificate that the server doesn't take is said to be ours.
func TestCertificatesOfOurs(t *testing.T) {
	t.Parallel()
	s := newSecured(t)
	s.postgres.Admit("hostssl jobs all all scram-sha-256 clientcert=verify-ca")
	stranger := testcert.Issue(t, nil)
	for name, test := range map[string]struct {
		options []testcert.Option
		by      *testcert.Pair
		want    string
	}{
		"expired":       {[]testcert.Option{testcert.Expired}, nil, "trust.own_expired"},
		"not valid yet": {[]testcert.Option{testcert.NotYet}, nil, "trust.own_expired"},
		"another CA":    {nil, stranger, "trust.own_refused"},
	} {
		for _, part := range []string{"PostgreSQL", "Redis"} {
			t.Run(part+" "+name, func(t *testing.T) {
				t.Parallel()
				by := func(ca *testcert.Pair) *testcert.Pair {
					if test.by != nil {
						return test.by
					}
					return ca
				}
				a := s.access
				postgres, redis := testcert.Issue(t, s.postgres.CA), testcert.Issue(t, s.redis.CA)
				blamed := testcert.Issue(t, by(s.postgres.CA), test.options...)
				if part == "PostgreSQL" {
					postgres = blamed
				} else {
					blamed = testcert.Issue(t, by(s.redis.CA), test.options...)
					redis = blamed
				}
				s.show(&a, postgres, redis)
				c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
				if err == nil {
					c.Close()
				}
				explains(t, err, part, test.want, blamed)
			})
		}
	}
}
