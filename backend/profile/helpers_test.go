package profile_test

import (
	"os"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// complete is a profile that uses every field.
func complete(t testing.TB) profile.Profile {
	t.Helper()
	pem := testcert.Issue(t, nil).CertPEM
	return profile.Profile{
		ID: "tokyo", Name: "東京 本番", Kind: profile.Production, Color: profile.Red,
		Postgres: profile.Postgres{
			Hosts: []string{"db-1.example:5432", "db-2.example:5433"}, Database: "jobs", User: "ops", SSLMode: "verify-full",
			TargetSessionAttrs: "read-write", ServerCA: pem, ClientCertificate: pem, Replicas: []string{"[2001:db8::1]:5432"},
		},
		Redis: profile.Redis{
			Mode: profile.Sentinel, Addresses: []string{"s-1.example:26379", "10.0.0.7:26379"}, Database: 3, User: "ops", MasterName: "jobs",
			SentinelUser: "watch", TLS: true, ServerCA: pem, ClientCertificate: pem,
		},
		Workers: profile.Workers{Mode: profile.MutualTLS, Certificate: pem, Trust: pem, Rewrite: []profile.Rewrite{{From: "10.0.0.7:*", To: "gate.example:*"}}},
		Reach: profile.Reach{
			Kind: profile.SSH, Address: "jump.example:22", User: "ops", Auth: profile.Key,
			KnownHosts: "jump.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl\n",
		},
		Logs: profile.Logs{
			Endpoint: "https://s3.example:9000", Region: "eu", Bucket: "logs", Prefix: "runs/", PathStyle: true,
			Credentials: profile.StaticCredentials, AccessKey: "AKIA", Origins: []string{"https://logs.example"},
		},
		SecretsFrom: profile.SecretsFrom{Kind: profile.FromKeyring},
	}
}

func store(t testing.TB) *profile.Store {
	t.Helper()
	s, err := profile.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func save(t testing.TB, s *profile.Store, p profile.Profile, base profile.Revision) profile.Revision {
	t.Helper()
	r, err := s.Save(p, base)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func write(t testing.TB, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
