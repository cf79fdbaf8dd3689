package doctor_test

import (
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/doctor"
	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/jumphost"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// remote is a cluster as companies have it: PostgreSQL with TLS, SCRAM and client certificates, Redis with TLS and ACL, a node with mutual
// TLS, and nothing but an SSH jump host that leads to them, which alone knows their names.
type remote struct {
	access profile.Access
	jump   *jumphost.Server
	redis  *servertest.OwnRedis
}

func newRemote(t *testing.T) remote {
	t.Helper()
	database := servertest.StartOwnPostgres(t, "db.internal")
	database.Admit("hostssl jobs scheduler all scram-sha-256", "hostssl jobs all all scram-sha-256 clientcert=verify-ca")
	if err := node.Migrate(t.Context(), servertest.Pool(t, database.URL()+"?sslmode=require")); err != nil {
		t.Fatal(err)
	}
	logins := servertest.GateOn(t, database.Superuser(), database.URLFor)
	cache := servertest.StartSecureRedis(t, "cache.internal")
	for _, right := range gate.Rights() {
		rules := []any{"acl", "setuser", right, ">secret-" + right}
		for _, rule := range gate.RedisRules(right)[1:] { // the first would take the password away
			rules = append(rules, rule)
		}
		if err := cache.Client.Do(t.Context(), rules...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	ca := testcert.Issue(t, nil)
	host, port := startNode(t, database, cache, ca)
	r := remote{redis: cache, jump: jumphost.Start(t, map[string]string{
		"db.internal:5432": database.Address, "cache.internal:6379": cache.Address, "node.internal:" + port: net.JoinHostPort(host, port),
	})}

	own, cacheOwn, databaseOwn := testcert.Issue(t, ca, testcert.URI("spiffe://opsdeck/ops/operator")), testcert.Issue(t, cache.CA), testcert.Issue(t, database.CA)
	parsed, password, err := profile.ParsePostgresURL(logins.Operator)
	if err != nil {
		t.Fatal(err)
	}
	r.access.Profile = profile.Profile{
		ID: "tokyo", Name: "東京", Kind: profile.Development,
		Postgres: profile.Postgres{Hosts: []string{"db.internal:5432"}, Database: parsed.Database, User: parsed.User, SSLMode: "verify-full",
			ServerCA: database.CA.CertPEM, ClientCertificate: databaseOwn.CertPEM},
		Redis: profile.Redis{Mode: profile.Single, Addresses: []string{"cache.internal:6379"}, User: gate.Operator, TLS: true, ServerCA: cache.CA.CertPEM,
			ClientCertificate: cacheOwn.CertPEM},
		Workers: profile.Workers{Mode: profile.MutualTLS, Certificate: own.CertPEM, Trust: ca.CertPEM,
			Rewrite: []profile.Rewrite{{From: host + ":*", To: "node.internal:*"}}},
		Reach: profile.Reach{Kind: profile.SSH, Address: r.jump.Address, User: "jump", Auth: profile.Key, KnownHosts: r.jump.KnownHosts},
	}
	r.access.Secrets = profile.Secrets{
		PostgresPassword: password, PostgresClientKey: profile.Secret(databaseOwn.KeyPEM), RedisPassword: profile.Secret("secret-" + gate.Operator),
		RedisClientKey: profile.Secret(cacheOwn.KeyPEM), WorkerKey: profile.Secret(own.KeyPEM), SSHKey: profile.Secret(r.jump.LockedKey()),
		SSHKeyPassphrase: jumphost.Passphrase,
	}
	return r
}

// startNode starts a node beside its servers. Its Redis client comes to them by a way of its own.
func startNode(t *testing.T, database *servertest.OwnPostgres, cache *servertest.OwnRedis, ca *testcert.Pair) (host, port string) {
	t.Helper()
	certificate := testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.URI("spiffe://opsdeck/node"))
	plain := servertest.PlainWay(t, cache)
	n, err := node.New(node.Config{
		ID: "w-1", NodeID: "node-a", PostgresURL: database.URL() + "?sslmode=require", RedisURL: "redis://" + plain + "/0",
		TLSCert: certificate.CertFile, TLSKey: certificate.KeyFile, TLSCA: ca.CertFile, PeerAuth: "spiffe",
		CommandTemplate: []string{"/bin/sh", "-c", "{command}"}, Shim: []string{"/bin/false"}, Tick: 100 * time.Millisecond,
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.Stop(t.Context()) })
	host, port, err = net.SplitHostPort(n.Addr())
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for cache.Client.Get(t.Context(), "scheduler:leader:lock").Val() == "" {
		<-tick.C
	}
	return host, port
}

func TestAClusterBehindAJumpHost(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	found := examine(t, r.access)
	for _, name := range doctor.Names() {
		if f, there := found[name]; there && f.State != doctor.OK && name != "workers.certificate" {
			t.Errorf("%s: %s %s", name, f.State, f.Says)
		}
	}
	wants(t, found, map[string]string{
		"way": "ok doctor.way_ssh", "postgres.resolve": "ok doctor.resolved_there", "postgres.tls": "ok doctor.tls_on", "postgres.gate": "ok doctor.gate",
		"redis.rights": "ok doctor.fleet", "workers.answer": "ok doctor.workers_answer", "workers.certificate": "warning doctor.certificate_ends",
	})

	c, err := connect.Open(t.Context(), r.access.Profile, r.access.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	probe, err := c.Console.ProbeWorker(t.Context(), "w-1")
	if err != nil || probe.Err != nil || probe.Status == nil || probe.Status.Role != scheduler.Leader {
		t.Errorf("%+v, %v", probe, err)
	}
	plan, err := c.Commands.PlanDrainWorker(t.Context(), "w-1")
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := c.Commands.Perform(t.Context(), plan, operations.Order{Reason: "to try it", TypedName: "w-1"})
	if err != nil || outcome.Result != operations.Done {
		t.Errorf("%+v, %v", outcome, err)
	}
	if n := r.jump.Logins(); n != 2 {
		t.Errorf("%d logins at the jump host: one for each opening is enough", n)
	}
}

func TestRefusalsBehindAJumpHost(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	stranger := testcert.Issue(t, nil)
	for name, test := range map[string]struct {
		change func(*profile.Access)
		check  string
		want   string
	}{
		"a CA that didn't sign PostgreSQL's certificate": {func(a *profile.Access) { a.Profile.Postgres.ServerCA = stranger.CertPEM }, "postgres.tls", "failed trust.untrusted"},
		"another name for PostgreSQL":                    {func(a *profile.Access) { a.Profile.Postgres.Hosts = []string{"other.internal:5432"} }, "postgres.connect", "failed tunnel.channel_refused"},
		"no TLS to PostgreSQL":                           {func(a *profile.Access) { a.Profile.Postgres.SSLMode = "disable" }, "postgres.login", "failed postgres.not_admitted"},
		"no client certificate for PostgreSQL":           {func(a *profile.Access) { a.Profile.Postgres.ClientCertificate = "" }, "postgres.login", "failed postgres.not_admitted"},
		"a rotated password":                             {func(a *profile.Access) { a.Secrets.PostgresPassword = "yesterday's" }, "postgres.login", "failed postgres.auth_failed"},
		"no TLS to Redis":                                {func(a *profile.Access) { a.Profile.Redis.TLS = false }, "redis.login", "failed redis.unreachable"},
		"a CA that didn't sign Redis's certificate":      {func(a *profile.Access) { a.Profile.Redis.ServerCA = stranger.CertPEM }, "redis.login", "failed trust.untrusted"},
		"no client certificate for Redis":                {func(a *profile.Access) { a.Profile.Redis.ClientCertificate = "" }, "redis.login", "failed trust.own_missing"},
		"Redis's rotated password":                       {func(a *profile.Access) { a.Secrets.RedisPassword = "yesterday's" }, "redis.login", "failed redis.auth_failed"},
		"no rule for workers": {func(a *profile.Access) {
			a.Profile.Workers.Rewrite = []profile.Rewrite{{From: "*:*", To: "lost.internal:*"}}
		}, "workers.answer", "failed tunnel.channel_refused"},
		"workers of another CA": {func(a *profile.Access) { a.Profile.Workers.Trust = stranger.CertPEM }, "workers.answer", "failed worker.untrusted"},
		"a certificate that workers don't know": {func(a *profile.Access) {
			a.Profile.Workers.Certificate, a.Secrets.WorkerKey = stranger.CertPEM, profile.Secret(stranger.KeyPEM)
		}, "workers.answer", "failed worker.refused_certificate"},
		"an unknown jump host": {func(a *profile.Access) { a.Profile.Reach.KnownHosts = "" }, "way", "failed tunnel.host_key_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := r.access
			test.change(&a)
			found := examine(t, a)
			wants(t, found, map[string]string{test.check: test.want})
			for check, f := range found {
				for _, secret := range []string{"secret-", "yesterday's", "PRIVATE KEY", jumphost.Passphrase} {
					if strings.Contains(fmt.Sprint(f.Says, f.Says.Args, f.Says.Cause), secret) {
						t.Errorf("%s tells a secret: %v", check, f.Says)
					}
				}
			}
		})
	}
}
