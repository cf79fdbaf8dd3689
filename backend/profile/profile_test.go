package profile_test

import (
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

func TestStringNamesTheServers(t *testing.T) {
	t.Parallel()
	p := profile.Profile{
		Name: "東京", Kind: profile.Staging,
		Postgres: profile.Postgres{Hosts: []string{"db.example:5432"}, Database: "jobs"},
		Redis:    profile.Redis{Addresses: []string{"cache.example:6379"}},
	}
	for _, want := range []string{"東京", "staging", "db.example:5432/jobs", "cache.example:6379"} {
		if got := p.String(); !strings.Contains(got, want) {
			t.Errorf("%s misses %s", got, want)
		}
	}
}
