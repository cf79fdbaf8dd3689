package localserver

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// PostgresConfig says where a private PostgreSQL lives.
type PostgresConfig struct {
	Dir     string // made if missing; holds the data, the password, the socket and the log
	Search  Search
	Durable bool // false, for tests: what was committed may be lost when the machine fails, and everything is faster
	// Settings are more of what postgresql.conf may hold, as name=value. They win.
	Settings []string
	Logger   *slog.Logger

	// StartTimeout bounds the wait for the first answer; 0 = one minute, enough to recover from a crash.
	StartTimeout time.Duration
}

// Postgres is a running private PostgreSQL.
type Postgres struct{ *home }

const (
	postgresOwner  = "postgres" // the superuser, and the system user that root runs the server as
	postgresSocket = ".s.PGSQL.5432"
	serverLogLimit = 8 << 20
	newDataNeeds   = 160 << 20 // an empty cluster with its write-ahead log, and room to work
	oldDataNeeds   = 24 << 20  // one more write-ahead segment
	diskFullState  = "53100"   // SQLSTATE disk_full
)

// StartPostgres makes the data folder at the first start, ends what a crashed run left in it, starts the server and
// waits until it answers. ctx bounds the start only: the server runs until Stop, or until this process ends.
func StartPostgres(ctx context.Context, c PostgresConfig) (*Postgres, error) {
	account, err := serverAccount()
	if err != nil {
		return nil, err
	}
	home, err := openHome(ctx, c.Dir, tenant{name: "PostgreSQL", socket: postgresSocket, account: account, end: EndPostgres})
	if err != nil {
		return nil, err
	}
	p := &Postgres{home}
	if err := p.start(ctx, c, account); err != nil {
		p.release()
		return nil, err
	}
	return p, nil
}

// serverAccount is whom to run PostgreSQL as: nobody else, except for root, whom it refuses.
func serverAccount() (*child.Account, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := child.LookUpAccount(postgresOwner)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Unavailable, ReasonAccountMissing,
			"PostgreSQL refuses to run as root and there is no system user %q to run it as: start as an ordinary user, "+
				"or make that user (useradd --system %s)", postgresOwner, postgresOwner).Because(err)
	}
	return account, nil
}

func (p *Postgres) data() string { return filepath.Join(p.dir, "data") }

func (p *Postgres) start(ctx context.Context, c PostgresConfig, account *child.Account) error {
	began := time.Now()
	major, existing, err := dataVersion(p.data())
	if err != nil {
		return err
	}
	need := uint64(newDataNeeds)
	if existing {
		need = oldDataNeeds
	}
	if err := checkRoom(p.dir, need); err != nil {
		return err
	}
	programs, err := findPostgres(c.Search, major)
	if err != nil {
		return err
	}
	if !existing {
		if err := p.initialise(ctx, programs, account); err != nil {
			return err
		}
	}
	p.process, err = child.Start(child.Config{
		Argv:        append([]string{programs.postgres, "-D", p.data()}, p.settings(c)...),
		Dir:         p.dir,
		Env:         serverEnv(),
		Output:      p.log,
		User:        account,
		DeathSignal: syscall.SIGINT,
	})
	if err != nil {
		return scheduler.Errorf(scheduler.Internal, ReasonFailed, "PostgreSQL could not be started").Because(err)
	}
	if err := p.waitReady(ctx, c.StartTimeout, existing); err != nil {
		_ = p.shutDown(context.WithoutCancel(ctx))
		return err
	}
	c.Logger.Info("private PostgreSQL is ready", "dir", p.dir, "version", programs.major, "pid", p.process.PID(),
		"new", !existing, "took", time.Since(began).Round(time.Millisecond))
	return nil
}

func (p *Postgres) settings(c PostgresConfig) []string {
	set := []string{
		"listen_addresses=",
		`unix_socket_directories="` + p.socket + `"`,
		"unix_socket_permissions=0700",
		"port=5432", // names the socket, nothing listens on it
		"max_connections=200",
		"password_encryption=scram-sha-256",
		"wal_level=minimal", "max_wal_senders=0", "min_wal_size=32MB",
		"log_line_prefix=%m [%p] %u@%d ",
	}
	if !c.Durable {
		set = append(set, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	var args []string
	for _, s := range append(set, c.Settings...) {
		args = append(args, "-c", s)
	}
	return args
}

func (p *Postgres) waitReady(ctx context.Context, timeout time.Duration, existing bool) error {
	return p.await(ctx, timeout, existing, func(ctx context.Context) error {
		conn, err := pgx.Connect(ctx, p.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && strings.HasPrefix(pg.Code, "28") {
			return damaged("PostgreSQL", p.dir).Because(err) // it does not know our password any more
		}
		return notYet{err}
	})
}

// URL is how the superuser reaches a database of this server. It holds the password.
func (p *Postgres) URL(database string) string { return p.URLFor(postgresOwner, p.password, database) }

// URLFor is how another login reaches a database of this server. It holds the password.
func (p *Postgres) URLFor(user, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(user, password), Path: "/" + database}
	u.RawQuery = url.Values{"host": {p.socket}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// Explain turns the error of a query into a sentence where the disk is to blame: PostgreSQL refuses a statement for it,
// but ends all sessions when it can't even write its log ahead. Other errors come back as they are, and so does nil.
func (p *Postgres) Explain(err error) error {
	if err == nil {
		return nil
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == diskFullState {
		return diskFull(p.dir).Because(err)
	}
	tail := p.log.Tail()
	for _, words := range fullDisk {
		if strings.Contains(tail, words) {
			return diskFull(p.dir).Because(err)
		}
	}
	return err
}

// Stop ends the server and returns when it is gone. Sessions that are open are ended. It may be called again.
func (p *Postgres) Stop(ctx context.Context) error {
	return p.end(func() error { return p.shutDown(ctx) })
}

func (p *Postgres) shutDown(ctx context.Context) error {
	if p.process.Signal(syscall.SIGINT) == nil && p.process.Wait(ctx, 15*time.Second) {
		return nil
	}
	return p.process.Stop(ctx, syscall.SIGQUIT, 5*time.Second) // at once; the next start recovers
}

// dataVersion is the major version that made a data folder; existing is false where none has been made.
func dataVersion(data string) (major string, existing bool, err error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err == nil {
		major = strings.TrimSpace(string(b))
		if _, err := strconv.Atoi(major); err != nil {
			return "", true, damaged("PostgreSQL", filepath.Dir(data)).Because(err)
		}
		return major, true, nil
	}
	if !isMissing(err) {
		return "", false, FolderError(data, err)
	}
	if _, err := os.Lstat(data); err == nil {
		return "", true, damaged("PostgreSQL", filepath.Dir(data)).Because(errors.New("PG_VERSION is missing"))
	}
	return "", false, nil
}
