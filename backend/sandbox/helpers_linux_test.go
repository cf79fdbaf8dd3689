package sandbox_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/sandbox"
)

func start(t *testing.T, c sandbox.Config) *sandbox.Sandbox {
	t.Helper()
	s, err := sandbox.Start(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// folder is where a sandbox may make its folder: every user of the machine may pass, as root's PostgreSQL must.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "sandbox-test-") //nolint:usetesting // t.TempDir is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "sandbox")
}

func ownerURL(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "nodes", "postgres-url"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// texts is the first column of a query's rows, over a connection of its own.
func texts(t *testing.T, url, query string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

func postgresURL(a profile.Access) string { return a.Profile.Postgres.URL(a.Secrets.PostgresPassword) }

func redisURL(a profile.Access) string { return a.Profile.Redis.URL(a.Secrets.RedisPassword) }

func redisClient(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func keys(t *testing.T, client *redis.Client, pattern string) (all []string) {
	t.Helper()
	found := client.Scan(t.Context(), 0, pattern, 1000).Iterator()
	for found.Next(t.Context()) {
		all = append(all, found.Val())
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

type process struct {
	pid  int
	line string
}

// processesOf lists the processes that belong to a folder: their command line names it or they work in it. Zombies have
// neither.
func processesOf(t *testing.T, dir string) (all []process) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if len(line) == 0 {
			continue
		}
		cwd, _ := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if strings.Contains(string(line), dir) || strings.HasPrefix(cwd, dir) {
			all = append(all, process{pid, strings.ReplaceAll(string(line), "\x00", " ")})
		}
	}
	return all
}
