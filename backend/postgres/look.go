package postgres

import (
	"context"
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

// GateVersion is the version of the gate that this program calls.
const GateVersion = 4

// Look is what somebody sees who comes to a database for the first time.
type Look struct {
	Login, Database string
	Version         string // of PostgreSQL
	Server          string // the system identifier; "" = not told
	TLS             string // its version; "" = the connection isn't encrypted
	Local           bool   // it is a Unix socket
	Schema          error  // what is wrong with the scheduler's tables
	Gate            bool   // the gate answers this login
	GateVersion     int    // 0 = there is none, or it can't be seen
	Operator        console.Operator
	ClockOffset     time.Duration // how far its clock is ahead of ours, give or take half the round trip
	RoundTrip       time.Duration
}

// LookAt connects to a database, looks, and leaves.
func LookAt(ctx context.Context, c Config, log *slog.Logger) (Look, error) {
	s, err := newStore(ctx, c, log)
	if err != nil {
		return Look{}, err
	}
	defer s.Close()
	var look Look
	err = s.read(ctx, openDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		look.Schema, look.Gate, look.Server = checkSchema(ctx, conn), factsOf(conn).Gate, s.Server()
		s.hasGate = look.Gate
		if secure, ok := conn.PgConn().Conn().(*tls.Conn); ok {
			look.TLS = tls.VersionName(secure.ConnectionState().Version)
		}
		look.Local = conn.PgConn().Conn().RemoteAddr().Network() == "unix"
		look.Login, look.Database = conn.Config().User, conn.Config().Database
		look.Version = conn.PgConn().ParameterStatus("server_version")
		return look.ask(ctx, conn)
	})
	if err != nil || look.Schema != nil {
		return look, err
	}
	look.Operator, err = s.Operator(ctx)
	return look, err
}

func (l *Look) ask(ctx context.Context, conn *pgx.Conn) error {
	type row struct {
		Now     time.Time `db:"now"`
		Visible bool      `db:"visible"`
	}
	sent := time.Now()
	found, err := collect[row](ctx, conn, sql.look, nil)
	if err != nil {
		return err
	}
	l.RoundTrip = time.Since(sent)
	l.ClockOffset = found[0].Now.Sub(sent.Add(l.RoundTrip / 2))
	if !found[0].Visible {
		return nil
	}
	type installation struct {
		Version int `db:"version"`
	}
	installed, err := collect[installation](ctx, conn, sql.gateVersion, nil)
	for _, i := range installed {
		l.GateVersion = i.Version
	}
	return err
}

// LookAtReplica connects to the read replica of a database whose server is known, and tells how it is.
func LookAtReplica(ctx context.Context, c Config, server string, log *slog.Logger) (Replica, error) {
	c.Profile.Hosts, c.Profile.TargetSessionAttrs, c.Server = c.Profile.Replicas, "any", server
	s, err := newStore(ctx, c, log)
	if err != nil {
		return Replica{}, err
	}
	defer s.Close()
	conn, err := s.acquire(ctx)
	if err != nil {
		return Replica{}, err
	}
	defer conn.Release()
	r := &replica{store: s, state: Replica{Address: s.address}}
	r.fresh(ctx, conn.Conn())
	return r.state, nil
}
