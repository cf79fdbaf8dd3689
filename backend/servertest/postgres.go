package servertest

import (
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/localserver"
)

const (
	template = "template_scheduler"
	owner    = "scheduler"
	password = "scheduler"
)

type postgresServer struct {
	server *localserver.Postgres
	made   int // databases so far
}

// Database makes a fresh database with the Django scheduler's schema, which is dropped when the test ends, and returns
// its URL. The login is the database's owner, as the schedulers' own is, and no superuser.
func Database(t testing.TB) string {
	t.Helper()
	name, server := nextDatabase(t)
	administer(t, server, fmt.Sprintf("create database %s template %s owner %s", name, template, owner))
	t.Cleanup(func() { administer(t, server, fmt.Sprintf("drop database %s with (force)", name)) })
	return server.URLFor(owner, password, name)
}

// EmptyDatabase makes a fresh database without any table, which is dropped when the test ends with the login that owns it, and
// returns that login's URL.
func EmptyDatabase(t testing.TB) string {
	t.Helper()
	name, server := nextDatabase(t)
	login := name + "_owner"
	administer(t, server, fmt.Sprintf("create role %s login password '%s'", login, password))
	administer(t, server, fmt.Sprintf("create database %s owner %s", name, login))
	t.Cleanup(func() {
		administer(t, server, fmt.Sprintf("drop database %s with (force)", name))
		administer(t, server, "drop role "+login)
	})
	return server.URLFor(login, password, name)
}

//go:embed shape.sql
var shape string

// Shape gives every column, constraint, index and trigger of the tables that a database has in its schema public, a line each.
func Shape(t testing.TB, conn *pgx.Conn) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), shape)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// Superuser is the URL of the same database for the superuser: for what only a database's administrator may do.
func Superuser(t testing.TB, databaseURL string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	servers.Lock()
	defer servers.Unlock()
	return servers.postgres.server.URL(filepath.Base(u.Path))
}

// Pool opens a pool that closes when the test ends.
func Pool(t testing.TB, databaseURL string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func nextDatabase(t testing.TB) (name string, server *localserver.Postgres) {
	t.Helper()
	servers.Lock()
	defer servers.Unlock()
	if servers.postgres == nil {
		s, err := startPostgres()
		if err != nil {
			t.Fatalf("this test needs PostgreSQL: %v", err)
		}
		servers.postgres = &postgresServer{server: s}
	}
	servers.postgres.made++
	return fmt.Sprintf("test_%d", servers.postgres.made), servers.postgres.server
}

// startPostgres outlives the test that happened to be first, hence the context of its own.
func startPostgres() (_ *localserver.Postgres, err error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	server, err := localserver.StartPostgres(ctx, localserver.PostgresConfig{Dir: filepath.Join(dir, "postgres"), Logger: quiet()})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = server.Stop(ctx)
		}
	}()
	for _, statement := range []string{
		fmt.Sprintf("create role %s login createdb password '%s'", owner, password),
		fmt.Sprintf("create database %s owner %s", template, owner),
	} {
		if err := exec(ctx, server.URL("postgres"), statement); err != nil {
			return nil, err
		}
	}
	conn, err := pgx.Connect(ctx, server.URLFor(owner, password, template))
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx) // a template must have no session when it is copied
	return server, djangoschema.Apply(ctx, conn)
}

func administer(t testing.TB, server *localserver.Postgres, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // cleanups run after t.Context is over
	defer cancel()
	if err := exec(ctx, server.URL("postgres"), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func exec(ctx context.Context, databaseURL, statement string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
