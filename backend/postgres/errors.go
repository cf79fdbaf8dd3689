package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// explain turns what the driver says into what an operator can act on. The driver's words go to the log only.
func (s *Store) explain(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*scheduler.Error](err); ok && !isConnect(err) {
		return err
	}
	e := s.explanation(err)
	if e.Cause != nil { // it was explained on the way to the server
		return e
	}
	return e.With("address", s.address).Because(err)
}

func (s *Store) explanation(err error) *scheduler.Error {
	address := s.address
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		return s.serverSaid(server)
	}
	if e := trust.Explain(part, address, s.own, err); e != nil {
		return e
	}
	if _, ok := errors.AsType[wrongRole](err); ok {
		return scheduler.Errorf(scheduler.Unavailable, "postgres.wrong_role",
			"None of the servers at %s is what the profile wants (target_session_attrs). A failover may be under way; it is tried again.", address)
	}
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e
	}
	switch {
	case errors.Is(err, context.Canceled):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.withdrawn", "The question to PostgreSQL was withdrawn.")
	case isConnect(err) && strings.Contains(err.Error(), "server refused TLS connection"):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.no_tls",
			"PostgreSQL at %s offers no TLS, which the profile's sslmode demands. Have TLS turned on there.", address)
	case isConnect(err):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.unreachable",
			"PostgreSQL at %s can't be reached. Check that it runs, the address, and the way there.", address)
	case errors.Is(err, context.DeadlineExceeded):
		return timeout(address)
	case isNetwork(err):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.connection_lost",
			"The connection to PostgreSQL at %s broke.", address)
	}
	return scheduler.Errorf(scheduler.Internal, "postgres.unexpected",
		"PostgreSQL at %s gave an answer that Opsdeck doesn't understand.", address)
}

// serverSaid explains an SQLSTATE: its class is the first two characters.
func (s *Store) serverSaid(said *pgconn.PgError) *scheduler.Error {
	state, address := said.Code, s.address
	switch {
	case state == "57014" || state == "25P03": // statement timeout or our cancel request; idle in transaction
		return timeout(address)
	case state == "55P03":
		return scheduler.Errorf(scheduler.Unavailable, "postgres.locked",
			"A table at %s is locked, by a migration perhaps. Try again when it is done.", address)
	case state == "28P01":
		return scheduler.Errorf(scheduler.Forbidden, "postgres.auth_failed",
			"PostgreSQL at %s refused the login. Check the user and the password, which may have been changed.", address)
	case strings.HasPrefix(state, "28"):
		return scheduler.Errorf(scheduler.Forbidden, "postgres.not_admitted",
			"PostgreSQL at %s does not admit this login from here. Its pg_hba.conf must have a line for the user, the database and this network; "+
				"it may want TLS or a client certificate, or the login may not log in.", address)
	case isStandby(said):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.read_only",
			"PostgreSQL at %s is a standby, which takes no changes: a failover has moved the primary elsewhere. Try again.", address)
	case state == "40001" || state == "40P01":
		return scheduler.Errorf(scheduler.Unavailable, "postgres.conflict",
			"PostgreSQL at %s gave the question up because something else had to go first. Ask again.", address)
	case state == "42501":
		return scheduler.Errorf(scheduler.Forbidden, "postgres.no_rights",
			"This login may not read what was asked for at %s. Ask for read rights on the scheduler's tables.", address)
	case state == "3D000":
		return scheduler.Errorf(scheduler.NotFound, "postgres.no_database", "There is no such database at %s.", address)
	case state == "42P01" || state == "42703" || state == "3F000": // no such table, column, schema
		return scheduler.Errorf(scheduler.Unavailable, "postgres.schema_changed",
			"The tables at %s are not those of a scheduler we know. They may have changed since the connection was opened.", address)
	case strings.HasPrefix(state, "22"):
		return scheduler.Errorf(scheduler.Invalid, "postgres.bad_value", "What was asked for can't stand in a database.")
	case strings.HasPrefix(state, "53"):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.exhausted",
			"PostgreSQL at %s has no connection, memory or disk left.", address)
	case strings.HasPrefix(state, "57P"):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.restarting", "PostgreSQL at %s is starting or stopping.", address)
	case strings.HasPrefix(state, "08"):
		return scheduler.Errorf(scheduler.Unavailable, "postgres.connection_lost", "The connection to PostgreSQL at %s broke.", address)
	}
	return scheduler.Errorf(scheduler.Internal, "postgres.unexpected", "PostgreSQL at %s refused a query of ours.", address)
}

// isStandby tells whether PostgreSQL refused a write because it is, or has become, a server that takes none.
func isStandby(err error) bool {
	said, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (said.Code == "25006" || said.Code == "0A000" && strings.Contains(said.Message, "recovery"))
}

func timeout(address string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Unavailable, "postgres.timeout", "PostgreSQL at %s did not answer in time.", address)
}

// saidNo tells whether the server itself answered with an error.
func saidNo(err error) bool {
	_, ok := errors.AsType[*pgconn.PgError](err)
	return ok
}

func isConnect(err error) bool {
	_, ok := errors.AsType[*pgconn.ConnectError](err)
	return ok
}

func isNetwork(err error) bool {
	_, ok := errors.AsType[net.Error](err)
	return ok || pgconn.SafeToRetry(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
