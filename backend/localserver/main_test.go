package localserver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/localserver"
)

// TestMain lets the test program be a process that holds servers, for being killed.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "hold" {
		if err := hold(os.Args[2]); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// hold runs both servers until standard input ends, or this process is killed.
func hold(dir string) error {
	ctx := context.Background()
	p, err := localserver.StartPostgres(ctx, postgresConfig(filepath.Join(dir, "postgres")))
	if err != nil {
		return err
	}
	r, err := localserver.StartRedis(ctx, redisConfig(filepath.Join(dir, "redis")))
	if err != nil {
		return err
	}
	fmt.Println(p.PID(), r.PID())
	_, err = io.Copy(io.Discard, os.Stdin)
	return errors.Join(err, r.Stop(ctx), p.Stop(ctx))
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func postgresConfig(dir string) localserver.PostgresConfig {
	return localserver.PostgresConfig{Dir: dir, Logger: quiet()}
}

func redisConfig(dir string) localserver.RedisConfig {
	return localserver.RedisConfig{Dir: dir, Durable: true, Logger: quiet()}
}

// folder is a folder that every user of the machine may pass through, as root's PostgreSQL must; t.TempDir is not.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "localserver-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startPostgres(t *testing.T, dir string) *localserver.Postgres {
	t.Helper()
	p, err := localserver.StartPostgres(t.Context(), postgresConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, p) })
	return p
}

func startRedis(t *testing.T, dir string) *localserver.Redis {
	t.Helper()
	r, err := localserver.StartRedis(t.Context(), redisConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, r) })
	return r
}

func stop(t *testing.T, server interface{ Stop(context.Context) error }) {
	t.Helper()
	if err := server.Stop(context.Background()); err != nil {
		t.Error(err)
	}
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

func query[T any](t *testing.T, url, sql string) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
