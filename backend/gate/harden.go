package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// PublicRight is something that PostgreSQL lets everybody do.
type PublicRight struct {
	Kind string `db:"kind" json:"kind"` // function, database, schema
	Name string `db:"name" json:"name"` // the function's signature, the database's privilege, the schema
	Own  bool   `db:"own" json:"own"`   // the schedulers' login has it also without PUBLIC
}

func (r PublicRight) String() string {
	switch r.Kind {
	case "database":
		return strings.ToUpper(r.Name) + " on the database"
	case "schema":
		return "CREATE on schema " + r.Name
	}
	return "EXECUTE on " + r.Name
}

// on is the right as GRANT and REVOKE name it.
func (r PublicRight) on(database string) string {
	switch r.Kind {
	case "database":
		return r.Name + " on database " + pgx.Identifier{database}.Sanitize()
	case "schema":
		return "create on schema " + pgx.Identifier{r.Name}.Sanitize()
	}
	return "execute on function pg_catalog." + r.Name
}

// holders are those who have the right while PUBLIC has not: the schedulers, who may use it, and for CONNECT the operators.
func (r PublicRight) holders(n names) []string {
	var all []string
	if !r.Own {
		all = append(all, n.Login)
	}
	if r.Kind == "database" && r.Name == "connect" {
		all = append(all, n.View)
	}
	return all
}

// Harden takes from PUBLIC what does harm with a login that may only read, gives it to the schedulers' login, which may
// use it, and CONNECT to operators. It returns what was taken, and what this login may not take: on a managed server most
// of it belongs to the provider. Soften gives it all back.
func Harden(ctx context.Context, conn *pgx.Conn) (taken, left []PublicRight, err error) {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return nil, nil, err
	}
	before, err := publicRights(ctx, conn, o)
	if err != nil {
		return nil, nil, err
	}
	n := o.names(state.Database)
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, right := range before {
			// Somebody else's function is a warning or an error, depending on the server; neither is ours to change.
			for _, holder := range right.holders(n) {
				if err := attempt(ctx, tx, "grant "+right.on(state.Database)+" to "+holder); err != nil {
					return err
				}
			}
			if err := attempt(ctx, tx, "revoke "+right.on(state.Database)+" from public"); err != nil {
				return err
			}
		}
		if left, err = publicRights(ctx, tx.Conn(), o); err != nil {
			return err
		}
		var kept []PublicRight
		if err := json.Unmarshal([]byte(state.Hardening), &kept); err != nil {
			return err
		}
		taken = without(before, left)
		b, err := json.Marshal(append(kept, taken...))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "update opsdeck.installation set hardened = true, hardening = $1", string(b))
		return err
	})
	return taken, left, err
}

// Soften gives back to PUBLIC what Harden took, all of it or nothing: what a superuser took, only a superuser can give back.
func Soften(ctx context.Context, conn *pgx.Conn) error {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return err
	}
	var kept []PublicRight
	if err := json.Unmarshal([]byte(state.Hardening), &kept); err != nil {
		return fmt.Errorf("read what was hardened: %w", err)
	}
	n := o.names(state.Database)
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, right := range kept {
			// Names come from the server itself, but through a table: only what PUBLIC could have had is given back.
			if right.Kind == "function" {
				if err := tx.QueryRow(ctx, "select p.proname || '(' || oidvectortypes(p.proargtypes) || ')' from pg_catalog.pg_proc p "+
					"where p.oid = ('pg_catalog.' || $1::text)::regprocedure", right.Name).Scan(&right.Name); err != nil {
					return err
				}
			} else if right.Kind == "database" && right.Name != "connect" && right.Name != "temporary" {
				return fmt.Errorf("%q is no right that hardening takes", right.Name)
			}
			if err := attempt(ctx, tx, "grant "+right.on(state.Database)+" to public"); err != nil {
				return err
			}
			for _, holder := range right.holders(n) {
				if err := attempt(ctx, tx, "revoke "+right.on(state.Database)+" from "+holder); err != nil {
					return err
				}
			}
		}
		now, err := publicRights(ctx, tx.Conn(), o)
		if err != nil {
			return err
		}
		if missing := without(kept, now); len(missing) > 0 {
			return scheduler.Errorf(scheduler.Invalid, "gate.not_softened",
				"the login %s may not give back to PUBLIC what was taken from it, such as %s: do this as a superuser", state.Installer, missing[0])
		}
		_, err = tx.Exec(ctx, "update opsdeck.installation set hardened = false, hardening = '[]'")
		return err
	})
}

func publicRights(ctx context.Context, conn *pgx.Conn, o Options) ([]PublicRight, error) {
	rows, err := conn.Query(ctx, render("public_rights", names{}), o.SchedulerLogin)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[PublicRight])
}

// attempt runs a statement that may be refused; only a refusal is passed over.
func attempt(ctx context.Context, tx pgx.Tx, statement string) error {
	err := pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error {
		_, err := inner.Exec(ctx, statement)
		return err
	})
	if sqlState(err) == "42501" { // insufficient_privilege
		return nil
	}
	return err
}

func without(all, some []PublicRight) []PublicRight {
	has := map[string]bool{}
	for _, r := range some {
		has[r.String()] = true
	}
	var rest []PublicRight
	for _, r := range all {
		if !has[r.String()] {
			rest = append(rest, r)
		}
	}
	return rest
}
