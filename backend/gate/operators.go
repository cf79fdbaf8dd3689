package gate

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// NewOperator is a person who shall operate. What they may do needs both: the right that the login gets here, and the same
// right from Django, directly or through a group.
type NewOperator struct {
	Login    string // of PostgreSQL, one a person; made if it does not exist
	Username string // of Django
	Right    string // View, Operator or Admin
	Password string // "" = none is set: for certificates, or a login that exists
}

// OperatorState is a mapping and what it is worth.
type OperatorState struct {
	Login    string    `db:"login"`
	Username string    `db:"username"`
	Since    time.Time `db:"created_at"`
	CanLogin bool      `db:"can_login"`
	Active   bool      `db:"active"` // the Django user
	Known    bool      `db:"known"`  // the Django user exists
	Right    string    `db:"right_by_login"`
}

// AddOperator maps a login to a Django user and makes it a member of the right's role and of no other of the gate's. Repeated
// it changes what differs.
func AddOperator(ctx context.Context, conn *pgx.Conn, operator NewOperator) error {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return err
	}
	if err := operator.check(o); err != nil {
		return err
	}
	verifier := ""
	if operator.Password != "" {
		if verifier, err = scram(operator.Password); err != nil {
			return err
		}
	}
	n := o.names(state.Database)
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := operator.known(ctx, tx, n); err != nil {
			return err
		}
		for _, statement := range operator.statements(verifier, n) {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `insert into opsdeck.operator (login, username) values ($1, $2)
			on conflict (login) do update set username = excluded.username`, operator.Login, operator.Username)
		if err != nil {
			return err
		}
		return noteOperator(ctx, tx, n, "operator.add", operator.Login, map[string]any{
			"username": operator.Username, "right": operator.Right, "password_set": operator.Password != "",
		})
	})
}

// noteOperator writes into the audit what was done with an operator's login. There is no Django user to name as its actor; the
// chain keeps whose session it was.
func noteOperator(ctx context.Context, tx pgx.Tx, n names, action, login string, detail map[string]any) error {
	_, err := tx.Exec(ctx, "insert into "+n.AuditTable+" (actor, action, target, payload_json, created_at) "+
		"values ('', $1, $2, jsonb_build_object('login', session_user, 'detail', $3::jsonb), clock_timestamp())", action, login, detail)
	return err
}

func (p NewOperator) check(o Options) error {
	invalid := func(reason, format string, args ...any) error {
		return scheduler.Errorf(scheduler.Invalid, reason, format, args...)
	}
	switch roles := RolesOf(o.Prefix); {
	case p.Login == "" || len(p.Login) > 63 || hostileName.MatchString(p.Login):
		return invalid("gate.bad_login", "%q can't be a login: use 1 to 63 bytes without quotes, backslashes, $ and %%", p.Login)
	case slices.Contains([]string{roles.View, roles.Operator, roles.Admin, roles.Owner, roles.Audit}, p.Login):
		return invalid("gate.bad_login", "%q is one of the gate's own roles", p.Login)
	case p.Login == o.SchedulerLogin:
		return invalid("gate.shared_login", "%q is the schedulers' own login: many would share it, and the trail could not say who it was", p.Login)
	case !slices.Contains(Rights(), p.Right):
		return invalid("gate.bad_right", "%q is no right: choose one of %s", p.Right, strings.Join(Rights(), ", "))
	}
	return nil
}

// known refuses a Django user that does not exist, and a login that is somebody's who stands above the gate.
func (p NewOperator) known(ctx context.Context, tx pgx.Tx, n names) error {
	var there bool
	if err := tx.QueryRow(ctx, "select exists (select from "+n.Schema+".auth_user where username = $1)", p.Username).Scan(&there); err != nil {
		return err
	}
	if !there {
		return scheduler.Errorf(scheduler.NotFound, "gate.no_user", "Django has no user %q: make the user there first", p.Username)
	}
	var above bool
	if err := tx.QueryRow(ctx, `select exists (select from pg_catalog.pg_roles where rolname = $1
		and (rolsuper or pg_has_role(oid, $2, 'member')))`, p.Login, n.LoginName).Scan(&above); err != nil {
		return err
	}
	if above {
		return scheduler.Errorf(scheduler.Invalid, "gate.mighty_login",
			"%q is a superuser or owns the scheduler's tables: the gate can't hold it back, so it is no operator's login", p.Login)
	}
	return nil
}

// statements make the login what it shall be. Utility statements take no parameters: names are quoted, the verifier is ours.
func (p NewOperator) statements(verifier string, n names) []string {
	login := pgx.Identifier{p.Login}.Sanitize()
	all := []string{
		"do $$ begin if not exists (select from pg_catalog.pg_roles where rolname = " + literal(p.Login) + ") then create role " + login +
			" login inherit; end if; end $$",
		"alter role " + login + " in database " + pgx.Identifier{n.database}.Sanitize() + " set default_transaction_read_only = on",
	}
	if verifier != "" {
		all = append(all, "alter role "+login+" login password "+literal(verifier))
	}
	for _, right := range Rights() {
		role := pgx.Identifier{n.Names.Of(right)}.Sanitize()
		if right == p.Right {
			all = append(all, "grant "+role+" to "+login)
		} else {
			all = append(all, "do $$ begin if exists (select from pg_catalog.pg_auth_members m where m.roleid = "+literal(n.Names.Of(right))+
				"::regrole and m.member = "+literal(login)+"::regrole) then revoke "+role+" from "+login+"; end if; end $$")
		}
	}
	return all
}

// ListOperators gives every mapping.
func ListOperators(ctx context.Context, conn *pgx.Conn) ([]OperatorState, error) {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return nil, err
	}
	rows, err := conn.Query(ctx, render("operators", o.names(state.Database)))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[OperatorState])
}

// RevokeOperator ends a mapping and the login's memberships: its next operation is refused, its next question too. The login
// itself stays.
func RevokeOperator(ctx context.Context, conn *pgx.Conn, login string) error {
	state, o, err := installation(ctx, conn, Options{})
	if err != nil {
		return err
	}
	n := o.names(state.Database)
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "delete from opsdeck.operator where login = $1", login)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return scheduler.Errorf(scheduler.NotFound, "gate.no_operator", "%q is no operator's login", login)
		}
		for _, right := range Rights() {
			var member bool
			if err := tx.QueryRow(ctx, `select exists (select from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.member
				where m.roleid = to_regrole(quote_ident($1)) and r.rolname = $2)`, n.Names.Of(right), login).Scan(&member); err != nil {
				return err
			}
			if !member {
				continue
			}
			statement := "revoke " + pgx.Identifier{n.Names.Of(right)}.Sanitize() + " from " + pgx.Identifier{login}.Sanitize()
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return noteOperator(ctx, tx, n, "operator.revoke", login, map[string]any{})
	})
}
