package postgres

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// What a session may cost the server, and how soon a silent network is given up.
const (
	statementTimeout  = 10 * time.Second
	lockTimeout       = 2 * time.Second
	idleInTransaction = 15 * time.Second
	connectTimeout    = 5 * time.Second
	tcpSilence        = 10 * time.Second // unanswered data for this long ends a connection
	maxConnections    = 6
)

// poolConfig reads a connection URL and adds what every session of ours needs. Its errors never repeat the URL, which
// may hold a password.
func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "postgres.bad_url",
			"The address of PostgreSQL can't be read. It looks like postgres://user@host:5432/database.")
	}
	milliseconds := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	for name, value := range map[string]string{
		"application_name":                    "opsdeck",
		"client_encoding":                     "UTF8",
		"default_transaction_read_only":       "on",
		"plan_cache_mode":                     "force_custom_plan",
		"jit":                                 "off", // compiling costs more than any of these queries
		"statement_timeout":                   milliseconds(statementTimeout),
		"lock_timeout":                        milliseconds(lockTimeout),
		"idle_in_transaction_session_timeout": milliseconds(idleInTransaction),
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.ConnConfig.ConnectTimeout = connectTimeout
	config.ConnConfig.DialFunc = dialer().DialContext
	// A withdrawn question is cancelled on the server too; otherwise it would run on until its timeout.
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error { return learnFacts(ctx, conn) }
	config.MaxConns = maxConnections
	config.MaxConnIdleTime = 5 * time.Minute
	config.MaxConnLifetime = time.Hour
	return config, nil
}

func dialer() *net.Dialer {
	return &net.Dialer{
		Timeout:         connectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: tcpSilence, Interval: tcpSilence / 4, Count: 3},
		Control:         giveUpAfter(tcpSilence),
	}
}

func addressOf(c *pgx.ConnConfig) string {
	return fmt.Sprintf("%s/%s", net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))), c.Database)
}
