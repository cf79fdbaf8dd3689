package servertest_test

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			pool := servertest.Pool(t, servertest.Database(t))
			if _, err := pool.Exec(t.Context(), "create schema mine"); err != nil {
				t.Error(err) // a second test in the same database would find it there
			}
			var migrated string
			err := pool.QueryRow(t.Context(), "select max(name) from django_migrations where app = 'scheduler'").Scan(&migrated)
			if err != nil || migrated != "0007_jobrun_resource_usage" {
				t.Errorf("last migration %q, %v", migrated, err)
			}
		})
	}
}

func TestEveryTestHasARedisOfItsOwn(t *testing.T) {
	t.Parallel()
	for range 3 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			client := servertest.RedisClient(t, servertest.Redis(t))
			if set, err := client.SetNX(t.Context(), "mine", "1", 0).Result(); err != nil || !set {
				t.Errorf("somebody else's key is here: %v", err)
			}
		})
	}
}

func TestSuperuserReachesTheSameDatabase(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	var name, other string
	if err := servertest.Pool(t, url).QueryRow(t.Context(), "select current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	admin := servertest.Pool(t, servertest.Superuser(t, url))
	var super bool
	err := admin.QueryRow(t.Context(), "select current_database(), usesuper from pg_user where usename = session_user").Scan(&other, &super)
	if err != nil || other != name || !super {
		t.Errorf("database %s and %s, superuser %v: %v", name, other, super, err)
	}
}
