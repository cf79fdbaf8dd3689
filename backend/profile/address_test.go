package profile_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

func TestPostgresAddresses(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]profile.Postgres{
		"postgres://u:p@db.example:6432/jobs":             {User: "u", Hosts: []string{"db.example:6432"}, Database: "jobs"},
		"postgresql://u:p@[::1]/jobs?sslmode=verify-full": {User: "u", Hosts: []string{"[::1]:5432"}, Database: "jobs", SSLMode: "verify-full"},
		"postgres://u:p@a:1,b,c:3/jobs?target_session_attrs=read-write": {
			User: "u", Hosts: []string{"a:1", "b:5432", "c:3"}, Database: "jobs", TargetSessionAttrs: "read-write",
		},
		"postgres://u:p@/jobs?host=/run/postgresql&port=5433":     {User: "u", Hosts: []string{"/run/postgresql:5433"}, Database: "jobs"},
		"postgres:///?host=a,b&port=7&user=u&password=p&dbname=j": {User: "u", Hosts: []string{"a:7", "b:7"}, Database: "j"},
	} {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			got, password, err := profile.ParsePostgresURL(raw)
			if err != nil || password.Reveal() != "p" || !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, %v, %v", got, password, err)
			}
			again, password, err := profile.ParsePostgresURL(got.URL(password))
			if err != nil || password.Reveal() != "p" || !reflect.DeepEqual(again, want) {
				t.Errorf("written and read again: %+v, %v, %v", again, password, err)
			}
		})
	}
}

func TestRedisAddresses(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]profile.Redis{
		"redis://u:p@cache.example/3":  {Mode: profile.Single, User: "u", Addresses: []string{"cache.example:6379"}, Database: 3},
		"rediss://u:p@[::1]:7/":        {Mode: profile.Single, User: "u", Addresses: []string{"[::1]:7"}, TLS: true},
		"unix://u:p@/run/r.sock?db=12": {Mode: profile.Single, User: "u", Addresses: []string{"/run/r.sock"}, Database: 12},
	} {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			got, password, err := profile.ParseRedisURL(raw)
			if err != nil || password.Reveal() != "p" || !reflect.DeepEqual(got, want) {
				t.Fatalf("%+v, %v, %v", got, password, err)
			}
			again, password, err := profile.ParseRedisURL(got.URL(password))
			if err != nil || password.Reveal() != "p" || !reflect.DeepEqual(again, want) {
				t.Errorf("written and read again: %+v, %v, %v", again, password, err)
			}
		})
	}
}

func TestAnAddressThatCantBeReadIsNotQuoted(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "pl4nted", "host=h password=pl4nted", "http://u:pl4nted@h/db", "postgres://u:pl4nted@h:x y/db?%zz", "postgres://u:pl4nted@/db",
		"postgres://u:pl4nted@a,b,c/db?port=1,2", "postgres://h/db?sslpassword=pl4nted", "redis://u:pl4nted@/", "redis://:pl4nted@h/x",
		"unix://:pl4nted@/s?db=pl4nted", "redis://u:pl4nted@h:x",
	} {
		_, _, err := profile.ParsePostgresURL(raw)
		_, _, redisErr := profile.ParseRedisURL(raw)
		if err == nil || strings.Contains(err.Error(), "pl4nted") {
			t.Errorf("PostgreSQL at %s: %v", raw, err)
		}
		if redisErr == nil || strings.Contains(redisErr.Error(), "pl4nted") {
			t.Errorf("Redis at %s: %v", raw, redisErr)
		}
	}
}
