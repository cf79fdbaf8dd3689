// Package store is the node's own access to PostgreSQL: the scheduler's tables as the contract describes them, and
// the schema opsdeck_node beside them. Every change of a run is one statement under its state and version; a change
// that finds no row means that somebody was first, and is never forced.
package store

import (
	"context"
	"embed"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

//go:embed sql/*.sql
var queries embed.FS

// maxConns is enough for a leader's tick, a run's log and its end at the same time.
const maxConns = 5

// Store is a small pool of connections with the scheduler's login.
type Store struct {
	pool *pgxpool.Pool
	sql  map[string]string // file name without .sql to text
}

// Open checks the address and that the server answers. The name tells the connections apart in pg_stat_activity. Changes
// are made to the pool's configuration last.
func Open(ctx context.Context, url, name string, changes ...func(*pgxpool.Config)) (*Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil { // the cause may quote the address with its password
		return nil, scheduler.Errorf(scheduler.Invalid, "postgres.bad_url",
			"the PostgreSQL address can't be read: write postgres://user:password@host:port/database")
	}
	if !strings.Contains(url, "pool_max_conns") { // a cluster of many nodes may have to share fewer
		config.MaxConns = maxConns
	}
	config.MaxConnIdleTime = time.Minute
	config.ConnConfig.ConnectTimeout = 3 * time.Second
	first := config.ConnConfig.Config
	several := slices.ContainsFunc(first.Fallbacks, func(f *pgconn.FallbackConfig) bool {
		return f.Host != first.Host || f.Port != first.Port // otherwise it is the same one without TLS
	})
	if several && config.ConnConfig.ValidateConnect == nil {
		// Of several hosts one takes writes, and which one that is changes.
		config.ConnConfig.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	}
	for parameter, value := range map[string]string{
		"application_name":                    name,
		"statement_timeout":                   "10s",
		"lock_timeout":                        "3s",
		"idle_in_transaction_session_timeout": "10s",
	} {
		config.ConnConfig.RuntimeParams[parameter] = value
	}
	for _, change := range changes {
		change(config)
	}
	sql, err := loadQueries()
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unreachable(config, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, unreachable(config, err)
	}
	return &Store{pool: pool, sql: sql}, nil
}

// Close waits until every connection in use has been given back.
func (s *Store) Close() { s.pool.Close() }

// Refused tells whether PostgreSQL answered a statement and will answer it so again: it is not merely away, starting,
// stopping, full or busy.
func Refused(err error) bool {
	answer, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return false
	}
	switch answer.Code[:2] {
	case "08", "25", "40", "53", "55", "57", "58": // connection, read-only, rollback, resources, not in state, intervention, system
		return false
	}
	return true
}

func unreachable(config *pgxpool.Config, cause error) error {
	at := config.ConnConfig.Host
	return scheduler.Errorf(scheduler.Unavailable, "postgres.unreachable",
		"PostgreSQL at %s does not answer: check that it runs and that this machine may connect", at).
		With("host", at).Because(cause)
}

func loadQueries() (map[string]string, error) {
	files, err := queries.ReadDir("sql")
	if err != nil {
		return nil, err
	}
	sql := make(map[string]string, len(files))
	for _, file := range files {
		text, err := queries.ReadFile("sql/" + file.Name())
		if err != nil {
			return nil, err
		}
		sql[file.Name()[:len(file.Name())-len(".sql")]] = string(text)
	}
	return sql, nil
}

// Settings gives those of the keys that somebody has set.
func (s *Store) Settings(ctx context.Context, keys []string) ([]settings.Row, error) {
	rows, err := s.pool.Query(ctx, s.sql["settings"], pgx.StrictNamedArgs{"keys": keys})
	if err != nil {
		return nil, named("settings", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[settings.Row])
	return found, named("settings", err)
}

// SettingsAndTime gives the settings, and the server's clock.
func (s *Store) SettingsAndTime(ctx context.Context, keys []string) (rows []settings.Row, now time.Time, err error) {
	if rows, err = s.Settings(ctx, keys); err != nil {
		return nil, now, err
	}
	err = s.pool.QueryRow(ctx, s.sql["now"]).Scan(&now)
	return rows, now, named("now", err)
}
