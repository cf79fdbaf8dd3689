package postgres

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/patience"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Store reads one scheduler's database. It implements every port of the console that the database answers, and is safe
// for concurrent use.
type Store struct {
	pool    *pgxpool.Pool
	address string // host:port/database: what errors name
	own     []tls.Certificate
	backoff patience.Patience
	server  atomic.Pointer[string] // the system identifier; nil until one is known
	effort  effort
	meter   *meter
	hasGate bool // when it was opened
	sealer  sealer
	wrote   atomic.Int64 // when it was last written to, in nanoseconds of the clock
	replica *replica     // asked first; nil = there is none
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
	// underWay is how long a question takes at least that a server has begun to answer. A connection that ended while it
	// rested is found out at once.
	underWay = time.Second
)

// Open connects straight to the database at url, without TLS material of its own. See Connect.
func Open(ctx context.Context, url string, log *slog.Logger) (*Store, error) {
	p, password, err := profile.ParsePostgresURL(url)
	if err != nil {
		return nil, err
	}
	return Connect(ctx, Config{Profile: p, Password: password}, log)
}

// Connect connects to a database and checks that it holds a scheduler's tables of a version we know. The caller closes the Store.
func Connect(ctx context.Context, c Config, log *slog.Logger) (*Store, error) {
	s, err := newStore(ctx, c, log)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, openDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		s.hasGate = factsOf(conn).Gate
		return checkSchema(ctx, conn)
	})
	if err != nil {
		s.pool.Close()
		return nil, err
	}
	log.InfoContext(ctx, "connected to PostgreSQL", "address", s.address, "gate", s.hasGate)
	return s, nil
}

// newStore makes a Store that has dialled nothing yet.
func newStore(ctx context.Context, c Config, log *slog.Logger) (*Store, error) {
	config, own, err := c.pool()
	if err != nil {
		return nil, err
	}
	s := &Store{address: c.address(), own: own, effort: usualEffort, meter: &meter{}, log: log}
	config.ConnConfig.Tracer = s.meter
	if c.Server != "" {
		s.server.Store(&c.Server)
	}
	config.BeforeConnect = func(context.Context, *pgx.ConnConfig) error { return s.backoff.Blocked() }
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		s.backoff.Succeeded()
		if err := s.checkServer(ctx, conn); err != nil {
			return err
		}
		return learnFacts(ctx, conn)
	}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, err
	}
	return s, nil
}

// Close ends all connections. Calling it again does nothing.
func (s *Store) Close() {
	s.sealer.close()
	s.pool.Close()
}

// read lends fn a connection for up to deadline, and says what an error of the driver means. Where the connection turns out
// to have ended while it rested, fn is tried once more with another: it only reads.
func (s *Store) read(ctx context.Context, deadline time.Duration, fn func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if answered, err := s.replica.read(ctx, fn); answered {
		return err
	}
	began := time.Now()
	died, err := s.lend(ctx, fn)
	s.suspect(ctx, began)
	// What had been under way is not asked again: somebody may have ended it.
	if died && ctx.Err() == nil && time.Since(began) < underWay {
		s.pool.Reset() // the others have rested as long
		_, err = s.lend(ctx, fn)
	}
	return err
}

// suspect lets no connection be used again where the server has said nothing for longer than its own timeout: what carries them has
// forgotten one, and most likely the others.
func (s *Store) suspect(ctx context.Context, began time.Time) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(began) > statementTimeout {
		s.pool.Reset()
	}
}

// lend tells whether the connection has ended while fn had it.
func (s *Store) lend(ctx context.Context, fn func(context.Context, *pgx.Conn) error) (died bool, err error) {
	conn, err := s.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	err = fn(ctx, conn.Conn())
	return err != nil && conn.Conn().IsClosed(), s.explain(err)
}

// acquire lends a connection. Attempts to connect that fail are spaced out; connections that are there are lent meanwhile.
func (s *Store) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	conn, err := s.pool.Acquire(ctx)
	if err == nil {
		return conn, nil
	}
	explained := s.explain(err)
	if ctx.Err() == nil {
		s.backoff.Failed(explained, scheduler.CodeOf(explained) == scheduler.Forbidden)
	}
	return nil, explained
}

// collect runs a query and reads its rows into T by column name.
func collect[T any](ctx context.Context, conn *pgx.Conn, sql string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, err := conn.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}
