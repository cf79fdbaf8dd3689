package localserver_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver"
)

func TestPostgresKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := localserver.PostgresConfig{Dir: folder(t), Logger: slog.New(slog.DiscardHandler)}
	first := startPostgres(t, c)
	query(t, first.URL("postgres"), "create table kept (n int)")
	if err := first.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(ctx); err != nil {
		t.Fatalf("a second Stop: %v", err)
	}
	second := startPostgres(t, c)
	query(t, second.URL("postgres"), "insert into kept values (1)")
}

func TestRedisKeepsItsDataOverARestart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := localserver.RedisConfig{Dir: folder(t), Durable: true, Databases: 40, Logger: slog.New(slog.DiscardHandler)}
	first := startRedis(t, c)
	if err := client(t, first.URL(39)).Set(ctx, "kept", "yes", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	second := startRedis(t, c)
	if got := client(t, second.URL(39)).Get(ctx, "kept").Val(); got != "yes" {
		t.Errorf("after a restart: %q", got)
	}
}

// folder is a folder for servers: t.TempDir is closed to the system user that root runs PostgreSQL as.
func folder(t *testing.T) string {
	t.Helper()
	return filepath.Join(openTempDir(t), "server")
}

func startPostgres(t *testing.T, c localserver.PostgresConfig) *localserver.Postgres {
	t.Helper()
	p, err := localserver.StartPostgres(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop(context.Background()) })
	return p
}

func startRedis(t *testing.T, c localserver.RedisConfig) *localserver.Redis {
	t.Helper()
	r, err := localserver.StartRedis(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return r
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func query(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}
