package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// insufficientPrivilege is the SQLSTATE of what a login may not do.
const insufficientPrivilege = "42501"

// Server is the system identifier of the database's server, which its standbys share: another one under the same address is
// another server. "" = this login may not ask for it.
func (s *Store) Server() string {
	if id := s.server.Load(); id != nil {
		return *id
	}
	return ""
}

// checkServer refuses a connection to another server than the first one's: an address may have been given to another meanwhile.
func (s *Store) checkServer(ctx context.Context, conn *pgx.Conn) error {
	type row struct {
		Server string `db:"server"`
	}
	found, err := collect[row](ctx, conn, sql.server, nil)
	if said, ok := errors.AsType[*pgconn.PgError](err); ok && said.Code == insufficientPrivilege {
		return nil
	}
	if err != nil {
		return err
	}
	id := found[0].Server
	if s.server.CompareAndSwap(nil, &id) || s.Server() == id {
		return nil
	}
	return scheduler.Errorf(scheduler.Forbidden, ReasonSwapped,
		"The PostgreSQL at %s is another server than the one that this profile knows (system identifier %s instead of %s). If you are sure that it is the right one, accept it after a test of the profile, or run “opsctl doctor --accept-server”.",
		s.address, id, s.Server()).With("address", s.address).With("found", id).With("known", s.Server())
}

// ReasonSwapped is why a connection to another server than the known one is refused.
const ReasonSwapped = "postgres.swapped"
