package postgres

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Store reads one scheduler's database. It implements every port of the console that the database answers, and is safe
// for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	address string // host:port/database: what errors name
	effort  effort
	hasGate bool // when it was opened
	sealer  sealer
	log     *slog.Logger
}

var (
	_ console.RunStore      = (*Store)(nil)
	_ console.RunStats      = (*Store)(nil)
	_ console.JobStore      = (*Store)(nil)
	_ console.WindowStore   = (*Store)(nil)
	_ console.LogStore      = (*Store)(nil)
	_ console.IdentityStore = (*Store)(nil)
	_ console.SettingStore  = (*Store)(nil)
	_ console.AuditStore    = (*Store)(nil)
	_ console.EventStore    = (*Store)(nil)
	_ console.FailureStore  = (*Store)(nil)
)

// Deadlines of a call on our side. They lie behind the server's own timeouts, so that they only matter when the server
// or the network has gone silent: pgx itself waits for ever.
const (
	openDeadline  = 8 * time.Second
	queryDeadline = statementTimeout + 2*time.Second
	countDeadline = time.Second
)

// Open connects to the database at url and checks that it holds a scheduler's tables of a version we know. The caller
// closes the Store.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Store{pool: pool, address: addressOf(config.ConnConfig), effort: usualEffort, log: log}
	err = s.read(ctx, openDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		s.hasGate = factsOf(conn).Gate
		return checkSchema(ctx, conn)
	})
	if err != nil {
		pool.Close()
		return nil, err
	}
	log.InfoContext(ctx, "connected to PostgreSQL", "address", s.address, "gate", s.hasGate)
	return s, nil
}

// Close ends all connections. Calling it again does nothing.
func (s *Store) Close() {
	s.sealer.close()
	s.pool.Close()
}

// read lends fn a connection for up to deadline, and says what an error of the driver means.
func (s *Store) read(ctx context.Context, deadline time.Duration, fn func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Release()
	return s.explain(fn(ctx, conn.Conn()))
}

// collect runs a query and reads its rows into T by column name.
func collect[T any](ctx context.Context, conn *pgx.Conn, sql string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := conn.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}
