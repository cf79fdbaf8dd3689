package localserver_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/localserver"
)

func TestPostgresKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "postgres")
	first := startPostgres(t, dir)
	query[int](t, first.URL("postgres"), "with made as (select pg_catalog.lo_create(4711)) select 1 from made")
	stop(t, first)
	stop(t, first) // a second time
	second := startPostgres(t, dir)
	if n := query[int](t, second.URL("postgres"), "select count(*) from pg_largeobject_metadata"); n != 1 {
		t.Errorf("%d objects are left", n)
	}
}

func TestPostgresIsPrivate(t *testing.T) {
	t.Parallel()
	p := startPostgres(t, filepath.Join(folder(t), "postgres"))
	if listens := query[string](t, p.URL("postgres"), "show listen_addresses"); listens != "" {
		t.Errorf("it listens on %s", listens)
	}
	if method := query[string](t, p.URL("postgres"), "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules"); method != "scram-sha-256" {
		t.Errorf("it lets people in by %s", method)
	}
}

func TestRedisKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	c := redisConfig(filepath.Join(folder(t), "redis"))
	c.Databases = 40
	first, err := localserver.StartRedis(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := client(t, first.URL(39)).Set(t.Context(), "kept", "yes", 0).Err(); err != nil {
		t.Error(err)
	}
	stop(t, first)
	stop(t, first)
	c.Databases = 41
	second, err := localserver.StartRedis(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, second)
	if got := client(t, second.URL(39)).Get(t.Context(), "kept").Val(); got != "yes" {
		t.Errorf("after a restart: %q", got)
	}
	without := strings.Replace(second.URL(0), "@", "wrong@", 1)
	if err := client(t, without).Ping(t.Context()).Err(); err == nil {
		t.Error("it lets people in without the password")
	}
}

func TestOneFolderServesOneProcess(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	startPostgres(t, filepath.Join(dir, "postgres"))
	startRedis(t, filepath.Join(dir, "redis"))
	_, err := localserver.StartPostgres(t.Context(), postgresConfig(filepath.Join(dir, "postgres")))
	expect.Reason(t, err, localserver.ReasonInUse)
	_, err = localserver.StartRedis(t.Context(), redisConfig(filepath.Join(dir, "redis")))
	expect.Reason(t, err, localserver.ReasonInUse)
}

func TestLongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), strings.Repeat("long/", 30))
	for range 2 { // the second start has to find it again
		p := startPostgres(t, filepath.Join(dir, "postgres"))
		r := startRedis(t, filepath.Join(dir, "redis"))
		query[int](t, p.URL("postgres"), "select 1")
		options := client(t, r.URL(0)).Options()
		if len(options.Addr) > 103 || strings.HasPrefix(options.Addr, dir) {
			t.Errorf("socket %s", options.Addr)
		}
		stop(t, r)
		stop(t, p)
		if _, err := os.Stat(filepath.Dir(options.Addr)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the socket's folder stayed: %v", err)
		}
	}
}

func TestMissingProgramsSayWhatToInstall(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	nowhere := localserver.Search{Folders: []string{filepath.Join(dir, "none")}}
	p := postgresConfig(filepath.Join(dir, "postgres"))
	p.Search = nowhere
	_, err := localserver.StartPostgres(t.Context(), p)
	expect.Reason(t, err, localserver.ReasonPostgresMissing)
	if err == nil || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("it does not say what to install: %v", err)
	}
	r := redisConfig(filepath.Join(dir, "redis"))
	r.Search = nowhere
	_, err = localserver.StartRedis(t.Context(), r)
	expect.Reason(t, err, localserver.ReasonRedisMissing)
	if err == nil || !strings.Contains(err.Error(), "apt-get install redis-server") {
		t.Errorf("it does not say what to install: %v", err)
	}
}

func TestDamagedDataIsToldApart(t *testing.T) {
	t.Parallel()
	sound := filepath.Join(folder(t), "postgres")
	stop(t, startPostgres(t, sound))
	for name, c := range map[string]struct {
		damage func(t *testing.T, dir string)
		reason string
	}{
		"control file is garbage": {func(t *testing.T, dir string) {
			overwrite(t, filepath.Join(dir, "data", "global", "pg_control"), "garbage")
		}, localserver.ReasonDamaged},
		"version is garbage": {func(t *testing.T, dir string) {
			overwrite(t, filepath.Join(dir, "data", "PG_VERSION"), "garbage")
		}, localserver.ReasonDamaged},
		"version file is gone": {func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "data", "PG_VERSION"))
		}, localserver.ReasonDamaged},
		"the write-ahead log is gone": {func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "data", "pg_wal"))
		}, localserver.ReasonDamaged},
		"the password is gone": {func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "password"))
		}, localserver.ReasonDamaged},
		"another version made it": {func(t *testing.T, dir string) {
			overwrite(t, filepath.Join(dir, "data", "PG_VERSION"), "8\n")
		}, localserver.ReasonPostgresVersion},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(folder(t), "postgres")
			// With its owner: root's data belongs to another user.
			if out, err := exec.CommandContext(t.Context(), "cp", "-a", sound, dir).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			c.damage(t, dir)
			_, err := localserver.StartPostgres(t.Context(), postgresConfig(dir))
			expect.Reason(t, err, c.reason)
			if err == nil || !strings.Contains(err.Error(), "opsdeck sandbox reset") {
				t.Errorf("it does not say how to start over: %v", err)
			}
		})
	}
}

func TestDamagedRedisIsToldApart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "redis")
	r := startRedis(t, dir)
	client(t, r.URL(0)).Set(t.Context(), "some", "data", 0)
	stop(t, r)
	overwrite(t, filepath.Join(dir, "dump.rdb"), "garbage that is no dump")
	_, err := localserver.StartRedis(t.Context(), redisConfig(dir))
	expect.Reason(t, err, localserver.ReasonDamaged)
}

func TestHalfMadeDataIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(folder(t), "postgres")
	if err := os.MkdirAll(filepath.Join(dir, "data.partial", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(dir, "data.partial", "PG_VERSION"), "15")
	if err := os.Chmod(dir, 0o711); err != nil { // root's PostgreSQL has to pass
		t.Fatal(err)
	}
	query[int](t, startPostgres(t, dir).URL("postgres"), "select 1")
}

func overwrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}
