package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Result is what an install did.
type Result struct {
	From, To int // versions; From 0 = it was not there
	Prefix   string
	Roles    Roles
}

// Install brings the gate to this program's version, in short transactions, or leaves it as it was before the transaction
// that failed; then it may be repeated. On an installation of this version it only gives tables that have come since their
// rights. conn is a superuser's, or a login's with CREATEROLE that is a member of the tables' owner and may make schemas.
//
// Only the audit table is locked, for an instant: while somebody else holds it Install tries again until Options.LockWait
// has passed, and nobody waits behind it for longer than Options.LockTimeout.
func Install(ctx context.Context, conn *pgx.Conn, options Options) (Result, error) {
	state, err := ReadState(ctx, conn, options.Schema)
	if err != nil {
		return Result{}, err
	}
	if err := state.check(); err != nil {
		return Result{}, err
	}
	o, err := options.complete(state)
	if err != nil {
		return Result{}, err
	}
	for _, p := range parts(o.names(state.Database), state) {
		if err := patiently(ctx, o, func() error { return transact(ctx, conn, o, p.sql()) }); err != nil {
			return Result{}, fmt.Errorf("install %s: %w", p.what, err)
		}
	}
	return Result{From: state.Version, To: Version, Prefix: o.Prefix, Roles: RolesOf(o.Prefix)}, nil
}

// transact runs a script in a transaction of its own.
func transact(ctx context.Context, conn *pgx.Conn, o Options, script string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		limit := fmt.Sprintf("set local lock_timeout = %d", o.LockTimeout.Milliseconds())
		if _, err := tx.Exec(ctx, limit); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, script)
		return located(err, script)
	})
}

// located says which line of a script the server complained about.
func located(err error, script string) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	around := e.Where
	if at := int(e.Position); at > 0 && at <= len(script) {
		line, _, _ := strings.Cut(script[strings.LastIndexByte(script[:at-1], '\n')+1:], "\n")
		around = strings.TrimSpace(line)
	}
	if around == "" {
		return err
	}
	return fmt.Errorf("%w, at: %s", err, around)
}

// patiently repeats what failed because somebody else held a lock, or changed the same row of the catalogue.
func patiently(ctx context.Context, o Options, try func() error) error {
	end := time.Now().Add(o.LockWait)
	pause := o.LockTimeout
	for {
		err := try()
		if err == nil || !passing(err) {
			return err
		}
		if time.Now().After(end) {
			return scheduler.Errorf(scheduler.Unavailable, "gate.busy",
				"the scheduler's tables were in use for %s without a gap; nothing of this step was done, try again at a quieter time", o.LockWait).Because(err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		pause = min(2*pause, 2*time.Second)
	}
}

// passing tells whether trying again may help.
func passing(err error) bool {
	switch sqlState(err) {
	case "55P03", "40P01", "40001": // lock_not_available, deadlock_detected, serialization_failure
		return true
	case "XX000": // internal_error: the only one that two installers or a GRANT beside us cause
		return strings.Contains(err.Error(), "concurrently")
	}
	return false
}

// Print gives an install as one file for psql, for somebody who reads before running. It needs a connection only to know
// what is there; it changes nothing.
func Print(ctx context.Context, conn *pgx.Conn, options Options) (string, error) {
	state, err := ReadState(ctx, conn, options.Schema)
	if err != nil {
		return "", err
	}
	o, err := options.complete(state)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- Opsdeck's gate, version %d, for database %s: run with psql as a superuser, or as a login with CREATEROLE that\n"+
		"-- is a member of %s. A step that fails because a table is busy is undone; run the file again.\n\\set ON_ERROR_STOP on\n",
		Version, state.Database, o.SchedulerLogin)
	for _, p := range parts(o.names(state.Database), state) {
		fmt.Fprintf(&b, "\n-- ==== %s ====\nbegin;\nset local lock_timeout = %d;\n%s\ncommit;\n", p.what, o.LockTimeout.Milliseconds(), p.sql())
	}
	return b.String(), nil
}
