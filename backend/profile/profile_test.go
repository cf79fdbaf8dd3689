package profile_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

func TestPasswordsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]profile.Profile{
		"in the user part": {PostgresURL: "postgres://u:s3cret@h/db", RedisURL: "redis://:s3cret@h/0"},
		"as a parameter":   {PostgresURL: "postgres:///db?password=s3cret&sslpassword=s3cret", RedisURL: "unix://:s3cret@/x.sock"},
		"no URL at all":    {PostgresURL: "host=h password=s3cret", RedisURL: "://s3cret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log strings.Builder
			slog.New(slog.NewTextHandler(&log, nil)).Info("connect", "profile", p)
			for _, out := range []string{fmt.Sprint(p), fmt.Sprintf("%v", p), fmt.Sprintf("%+v", p), fmt.Sprintf("%#v", p), log.String()} {
				if strings.Contains(out, "s3cret") {
					t.Errorf("the password is in %s", out)
				}
			}
		})
	}
}

func TestStringNamesTheServers(t *testing.T) {
	t.Parallel()
	p := profile.Profile{
		Name: "東京", Kind: profile.Staging, PostgresURL: "postgres://u:p@db.example/jobs", RedisURL: "redis://cache.example:6379/1",
	}
	for _, want := range []string{"東京", "staging", "db.example/jobs", "cache.example:6379/1"} {
		if got := p.String(); !strings.Contains(got, want) {
			t.Errorf("%s misses %s", got, want)
		}
	}
}
