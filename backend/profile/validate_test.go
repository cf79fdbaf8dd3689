package profile_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

func TestACompleteProfileIsNormalAndValid(t *testing.T) {
	t.Parallel()
	p := complete(t)
	if n := p.Normal(); !reflect.DeepEqual(n, p) {
		t.Errorf("%+v became %+v", p, n)
	}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
}

func TestEachFieldHasItsOwnError(t *testing.T) {
	t.Parallel()
	key := testcert.Issue(t, nil).KeyPEM
	long := strings.Repeat("x", 5000)
	for field, spoil := range map[string][]func(*profile.Profile){
		"id": each([]string{"", "A", "a_b", "-a", "a-", "../x", "con", strings.Repeat("a", 64), "é"}, func(p *profile.Profile, v string) { p.ID = v }),
		"name": each([]string{"", " \t", "a\x00b", "safe\u202Eetouq", "zero\u200Bwidth", strings.Repeat("名", 81), "bad\xff", "\u2066x"},
			func(p *profile.Profile, v string) { p.Name = v }),
		"kind":         each([]string{"", "prod", "PRODUCTION"}, func(p *profile.Profile, v string) { p.Kind = profile.Kind(v) }),
		"color":        each([]string{"#fff", "url(x)", "Red"}, func(p *profile.Profile, v string) { p.Color = profile.Color(v) }),
		"idle_minutes": {func(p *profile.Profile) { p.IdleMinutes = -1 }, func(p *profile.Profile) { p.IdleMinutes = 1441 }},
		"postgres.hosts": each([]string{"", "db", "db:", "db:0", "db:65536", "db:05432", "db:x", "u:p@db:5432", "postgres://u:p@db:5432/x", "a b:1", "-a:1", "a..b:1", ":5432",
			"[::1]", "/run/postgresql:5432", long + ":1", "db\n:1"}, func(p *profile.Profile, v string) { p.Postgres.Hosts = []string{v} }),
		"postgres.replicas":             each([]string{"db"}, func(p *profile.Profile, v string) { p.Postgres.Replicas = []string{v} }),
		"postgres.database":             each([]string{"", "a\nb", long}, func(p *profile.Profile, v string) { p.Postgres.Database = v }),
		"postgres.user":                 each([]string{"", "a\x00b", long}, func(p *profile.Profile, v string) { p.Postgres.User = v }),
		"postgres.ssl_mode":             each([]string{"on", "Verify-full"}, func(p *profile.Profile, v string) { p.Postgres.SSLMode = v }),
		"postgres.target_session_attrs": each([]string{"master"}, func(p *profile.Profile, v string) { p.Postgres.TargetSessionAttrs = v }),
		"postgres.server_ca":            each([]string{"x", key}, func(p *profile.Profile, v string) { p.Postgres.ServerCA = v }),
		"postgres.client_certificate":   each([]string{"x", key, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}, func(p *profile.Profile, v string) { p.Postgres.ClientCertificate = v }),
		"redis.mode":                    each([]string{"ha"}, func(p *profile.Profile, v string) { p.Redis.Mode = profile.RedisMode(v) }),
		"redis.addresses":               each([]string{"", "/run/r.sock", "r"}, func(p *profile.Profile, v string) { p.Redis.Addresses = []string{v} }),
		"redis.user":                    each([]string{"a\nb"}, func(p *profile.Profile, v string) { p.Redis.User = v }),
		"redis.master_name":             each([]string{""}, func(p *profile.Profile, v string) { p.Redis.MasterName = v }),
		"redis.sentinel_user":           each([]string{"a\rb"}, func(p *profile.Profile, v string) { p.Redis.SentinelUser = v }),
		"redis.server_ca":               each([]string{"x", key}, func(p *profile.Profile, v string) { p.Redis.ServerCA = v }),
		"redis.client_certificate":      each([]string{"x", key}, func(p *profile.Profile, v string) { p.Redis.ClientCertificate = v }),
		"redis.database":                {func(p *profile.Profile) { p.Redis.Database = -1 }, func(p *profile.Profile) { p.Redis.Mode = profile.Cluster }},
		"workers.mode":                  each([]string{"tls"}, func(p *profile.Profile, v string) { p.Workers.Mode = profile.WorkerMode(v) }),
		"workers.certificate":           each([]string{"", "x", key}, func(p *profile.Profile, v string) { p.Workers.Certificate = v }),
		"workers.trust":                 each([]string{"", "x", key}, func(p *profile.Profile, v string) { p.Workers.Trust = v }),
		"workers.rewrite": {
			func(p *profile.Profile) { p.Workers.Rewrite = []profile.Rewrite{{From: "x"}} },
			func(p *profile.Profile) {
				p.Workers.Rewrite = slices.Repeat([]profile.Rewrite{{From: "a", To: "b"}}, 65)
			},
		},
		"reach.kind":    each([]string{"vpn"}, func(p *profile.Profile, v string) { p.Reach.Kind = profile.ReachKind(v) }),
		"reach.address": each([]string{"", "jump", "ssh://u@jump:22"}, func(p *profile.Profile, v string) { p.Reach.Address = v }),
		"reach.user":    each([]string{"", "a\nb"}, func(p *profile.Profile, v string) { p.Reach.User = v }),
		"reach.auth":    each([]string{"password"}, func(p *profile.Profile, v string) { p.Reach.Auth = profile.SSHAuth(v) }),
		"reach.known_hosts": each([]string{"", "jump.example", "jump ssh-ed25519 !!", key, strings.Repeat("# x\n", 20000)},
			func(p *profile.Profile, v string) { p.Reach.KnownHosts = v }),
		"logs.endpoint": each([]string{"s3.example", "ftp://s3.example", "https://u:p@s3.example", "https://s3.example/x", "https://s3.example?x", "https://", "https://a:0", "http://[::1", "javascript:x"},
			func(p *profile.Profile, v string) { p.Logs.Endpoint = v }),
		"logs.bucket":       each([]string{"", "A", "a/b", ".."}, func(p *profile.Profile, v string) { p.Logs.Bucket = v }),
		"logs.region":       each([]string{"a\nb"}, func(p *profile.Profile, v string) { p.Logs.Region = v }),
		"logs.prefix":       each([]string{"a\x00b"}, func(p *profile.Profile, v string) { p.Logs.Prefix = v }),
		"logs.credentials":  each([]string{"anonymous"}, func(p *profile.Profile, v string) { p.Logs.Credentials = profile.LogCredentials(v) }),
		"logs.access_key":   each([]string{""}, func(p *profile.Profile, v string) { p.Logs.AccessKey = v }),
		"logs.origins":      each([]string{"file:///etc", "https://u:p@x"}, func(p *profile.Profile, v string) { p.Logs.Origins = []string{v} }),
		"secrets_from.kind": each([]string{"", "file"}, func(p *profile.Profile, v string) { p.SecretsFrom.Kind = profile.SecretsKind(v) }),
		"secrets_from.command": each([]string{"", "a\x00b", long}, func(p *profile.Profile, v string) {
			p.SecretsFrom = profile.SecretsFrom{Kind: profile.FromCommand, Command: []string{v}}
		}),
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			for i, change := range spoil {
				p := complete(t)
				change(&p)
				problems, _ := errors.AsType[profile.Problems](p.Normal().Validate())
				if !slices.ContainsFunc(problems, func(e *scheduler.Error) bool { return profile.FieldOf(e) == field }) {
					t.Errorf("number %d: %v", i, problems)
				}
				if text := problems.Error(); strings.Contains(text, "u:p@") || strings.Contains(text, "PRIVATE KEY") {
					t.Errorf("number %d repeats what was entered: %s", i, text)
				}
			}
		})
	}
}

func each(values []string, set func(*profile.Profile, string)) (all []func(*profile.Profile)) {
	for _, v := range values {
		all = append(all, func(p *profile.Profile) { set(p, v) })
	}
	return all
}

func TestNormalForm(t *testing.T) {
	t.Parallel()
	pair := testcert.Issue(t, nil)
	p := complete(t)
	p.Name = "  か\u3099  x\t"
	p.Color = ""
	p.Postgres.Hosts = []string{" db.example:5432 ", ""}
	p.Postgres.ServerCA = "subject=CN\n" + pair.CertPEM + "\nissuer=x\n"
	p.Redis.Mode, p.Redis.Addresses, p.Redis.TLS = profile.Single, []string{"r.example:1"}, false
	p.Workers.Mode = profile.Plaintext
	p.Reach.Kind = profile.Direct
	p.Logs.Endpoint = ""
	p.SecretsFrom.Command = []string{"pass", "show"}
	n := p.Normal()
	if err := n.Validate(); err != nil {
		t.Fatal(err)
	}
	if n.Name != "が x" || n.Color != profile.Red || n.Postgres.ServerCA != pair.CertPEM || n.Postgres.Hosts[0] != "db.example:5432" || len(n.Postgres.Hosts) != 1 {
		t.Errorf("%+v", n)
	}
	left := []any{
		n.Redis.MasterName, n.Redis.SentinelUser, n.Redis.ServerCA, n.Workers.Certificate, n.Workers.Trust, n.Reach.Address, n.Reach.KnownHosts, n.Logs.Bucket,
		len(n.SecretsFrom.Command),
	}
	for i, v := range left {
		if !reflect.ValueOf(v).IsZero() {
			t.Errorf("number %d stays: %v", i, v)
		}
	}
}
