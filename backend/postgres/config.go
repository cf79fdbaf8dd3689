package postgres

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// part is how errors name what this package reaches.
const part = "PostgreSQL"

// Config is how a database is reached.
type Config struct {
	Profile   profile.Postgres
	Password  profile.Secret
	ClientKey profile.Secret

	// Dial and LookupHost are the way there; nil goes straight.
	Dial       func(ctx context.Context, network, address string) (net.Conn, error)
	LookupHost func(ctx context.Context, host string) ([]string, error)

	// Server is the system identifier that the database must have; "" = whichever it has when it is opened.
	Server string
}

// What a session may cost the server, and how soon a silent network is given up.
const (
	statementTimeout  = 10 * time.Second
	lockTimeout       = 2 * time.Second
	idleInTransaction = 15 * time.Second
	connectTimeout    = 5 * time.Second
	maxConnections    = 6
	// pingAfter is how long a connection may have rested before it is tried with a statement of its own. Reads are
	// repeated where one has died in the meantime.
	pingAfter = time.Minute
	// pingTimeout is how long such a trial may take before another connection is made.
	pingTimeout = 3 * time.Second
)

// pool makes a pool of connections with what every session of ours needs. Nothing is dialled yet.
func (c Config) pool() (*pgxpool.Config, []tls.Certificate, error) {
	config, err := pgxpool.ParseConfig(c.url())
	if err != nil { // the cause may quote the URL with its password
		return nil, nil, scheduler.Errorf(scheduler.Invalid, "postgres.bad_url",
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
	own, err := c.addTLS(config.ConnConfig)
	if err != nil {
		return nil, nil, err
	}
	config.ConnConfig.Password = c.Password.Reveal() // and not what an environment variable or a file has
	config.ConnConfig.ConnectTimeout = connectTimeout
	config.ConnConfig.ValidateConnect = wanted(c.Profile.TargetSessionAttrs)
	if c.Dial != nil {
		config.ConnConfig.DialFunc = c.Dial
	}
	if c.LookupHost != nil {
		config.ConnConfig.LookupFunc = c.LookupHost
	}
	// A withdrawn question is cancelled on the server too; otherwise it would run on until its timeout.
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: time.Second}
	}
	config.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(r, &opening{Writer: w})
	}
	config.MaxConns = maxConnections
	config.ShouldPing = func(_ context.Context, p pgxpool.ShouldPingParams) bool { return p.IdleDuration > pingAfter }
	config.PingTimeout = pingTimeout
	config.MaxConnIdleTime = 5 * time.Minute
	config.MaxConnLifetime = time.Hour
	return config, own, nil
}

// url leaves nothing to environment variables that the operator may have set for psql.
func (c Config) url() string {
	p := c.Profile
	p.TargetSessionAttrs = "" // see wanted
	if p.SSLMode == "require" && p.ServerCA != "" {
		p.SSLMode = "verify-ca" // as libpq has it
	}
	return p.URL("") + "&passfile=&sslrootcert=&sslcert=&sslkey=&target_session_attrs=any"
}

// addTLS gives every way of connecting that uses TLS the profile's authorities and certificate.
func (c Config) addTLS(config *pgx.ConnConfig) ([]tls.Certificate, error) {
	roots, err := trust.Roots(part, c.Profile.ServerCA)
	if err != nil {
		return nil, err
	}
	own, err := trust.Pair(part, c.Profile.ClientCertificate, c.ClientKey.Reveal())
	if err != nil {
		return nil, err
	}
	give := func(t *tls.Config) {
		if t != nil {
			t.RootCAs, t.Certificates = roots, own
		}
	}
	give(config.TLSConfig)
	for _, f := range config.Fallbacks {
		give(f.TLSConfig)
	}
	return own, nil
}

// opening is what a session is written to. Where the first message already fails, it tells why the server doesn't take the connection.
type opening struct {
	io.Writer
	begun bool
}

func (o *opening) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if conn, ok := o.Writer.(*tls.Conn); ok && !o.begun {
		err = trust.Alert(conn, err)
	}
	o.begun = true
	return n, err
}

// wanted checks what a server is before it is used. Our sessions are read-only by themselves, so that "read-write" and "read-only"
// can't be asked of a session as libpq does: they mean the primary and a standby.
func wanted(attributes string) pgconn.ValidateConnectFunc {
	var check pgconn.ValidateConnectFunc
	switch attributes {
	case "primary", "read-write":
		check = pgconn.ValidateConnectTargetSessionAttrsPrimary
	case "standby", "read-only":
		check = pgconn.ValidateConnectTargetSessionAttrsStandby
	case "prefer-standby":
		return pgconn.ValidateConnectTargetSessionAttrsPreferStandby
	default:
		return nil
	}
	return func(ctx context.Context, conn *pgconn.PgConn) error {
		if err := check(ctx, conn); err != nil {
			return wrongRole{err}
		}
		return nil
	}
}

// wrongRole is a server that isn't what the profile wants: a standby, mostly.
type wrongRole struct{ error }

func (e wrongRole) Unwrap() error { return e.error }

// address is what errors name: the servers and the database.
func (c Config) address() string {
	return strings.Join(c.Profile.Hosts, ",") + "/" + c.Profile.Database
}
