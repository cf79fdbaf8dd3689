package gate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Uninstall gives the audit table back and removes roles and schema, with the chain and the list of operators. Audit rows,
// operators' logins and Django permissions that somebody has been given stay.
func Uninstall(ctx context.Context, conn *pgx.Conn, options Options) error {
	state, o, err := installation(ctx, conn, options)
	if err != nil {
		return err
	}
	if state.Hardened { // first: it may be more than this login can do, and then nothing else shall be done
		if err := Soften(ctx, conn); err != nil {
			return err
		}
	}
	if err := ReturnAuditTable(ctx, conn, o); err != nil {
		return err
	}
	if state.Indexes {
		if err := DropIndexes(ctx, conn); err != nil {
			return err
		}
	}
	n := o.names(state.Database)
	script := prologue + render("lend", n) + render("drop", n)
	if err := patiently(ctx, o, func() error { return transact(ctx, conn, o, script) }); err != nil {
		return fmt.Errorf("remove the gate: %w", err)
	}
	return nil
}

// ReturnAuditTable makes way for Django's migrations: it gives the audit table back to the schedulers' login, without triggers,
// and takes the masking views away, which would keep every column that they read as it is. Operations go on; Install takes
// the table again, chains what was written meanwhile, and makes the views anew.
func ReturnAuditTable(ctx context.Context, conn *pgx.Conn, options Options) error {
	state, o, err := installation(ctx, conn, options)
	if err != nil {
		return err
	}
	n := o.names(state.Database)
	script := prologue + render("lend", n) + render("audit_return", n) + render("step_aside", n) + render("leave", n)
	if err := patiently(ctx, o, func() error { return transact(ctx, conn, o, script) }); err != nil {
		return fmt.Errorf("give the audit table back: %w", err)
	}
	return nil
}

// installation completes options from what is installed; it is an error if nothing is.
func installation(ctx context.Context, conn *pgx.Conn, options Options) (State, Options, error) {
	state, err := ReadState(ctx, conn, options.Schema)
	if err != nil {
		return state, options, err
	}
	if !state.Installed {
		return state, options, scheduler.Errorf(scheduler.NotFound, "gate.not_installed", "the gate is not installed in %s", state.Database)
	}
	o, err := options.complete(state)
	return state, o, err
}
