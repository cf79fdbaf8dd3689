package servertest

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

// Access is what an environment of these servers is opened with. Its workers are called in plaintext.
func Access(t testing.TB, postgresURL, redisURL string) (a profile.Access) {
	t.Helper()
	var err error
	a.Profile = profile.Profile{
		ID: "test", Name: "Test", Kind: profile.Sandbox, Color: profile.ColorOf(profile.Sandbox),
		Workers: profile.Workers{Mode: profile.Plaintext}, Reach: profile.Reach{Kind: profile.Direct},
		SecretsFrom: profile.SecretsFrom{Kind: profile.FromOperator},
	}
	if a.Profile.Postgres, a.Secrets.PostgresPassword, err = profile.ParsePostgresURL(postgresURL); err != nil {
		t.Fatal(err)
	}
	if a.Profile.Redis, a.Secrets.RedisPassword, err = profile.ParseRedisURL(redisURL); err != nil {
		t.Fatal(err)
	}
	return a
}
