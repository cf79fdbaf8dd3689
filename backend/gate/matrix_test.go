package gate_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// operations are the functions that change something, each with what it needs and arguments behind the usual four. What they
// name does not exist, so that a call that is let through ends as stale, or invents something harmless.
var operations = map[string]struct {
	needs string
	args  []any
}{
	"job_create":         {gate.Admin, []any{`{}`}},
	"job_update":         {gate.Admin, []any{int64(-1), nil, `{}`}},
	"job_set_enabled":    {gate.Admin, []any{int64(-1), nil, true}},
	"job_duplicate":      {gate.Admin, []any{int64(-1), nil, "x"}},
	"job_delete":         {gate.Admin, []any{int64(-1), nil, int64(0)}},
	"job_run_now":        {gate.Operator, []any{int64(-1), nil, nil}},
	"job_args_reveal":    {gate.Admin, []any{int64(-1)}},
	"run_rerun":          {gate.Operator, []any{int64(-1), 0}},
	"run_cancel_waiting": {gate.Operator, []any{int64(-1), 0}},
	"run_reassign":       {gate.Operator, []any{int64(-1), 0, true, 300}},
	"run_args_reveal":    {gate.Admin, []any{int64(-1)}},
	"setting_set":        {gate.Admin, []any{"SCHEDULER_X", `"<masked>"`, nil}},
	"setting_reset":      {gate.Admin, []any{"SCHEDULER_X", nil}},
	"settings_apply":     {gate.Admin, nil},
	"event_ingest":       {gate.Operator, []any{"", `{}`, nil}},
	"event_reveal":       {gate.Admin, []any{int64(-1)}},
	"audit_reveal":       {gate.Admin, []any{int64(-1)}},
	"session_unlock":     {gate.Operator, []any{5}},
	"operation_begin":    {gate.Operator, []any{"leader.degrade", "", `{}`}},
}

// others are the functions that are no operation of their own: they read, or go on with one that was begun.
var others = []string{
	"whoami", "audit_verify", "seal", "secret_name", "masked_text", "masked", "setting_value", "run_cancel_lost", "run_release", "operation_finish",
}

// The matrix knows every function that operators may call, and the database every function of the matrix.
func TestTheMatrixIsComplete(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	rows, err := g.super.Query(t.Context(), `select proname from pg_proc p where pronamespace = 'opsdeck'::regnamespace
		and has_function_privilege($1, p.oid, 'execute') order by 1`, gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation")).View)
	if err != nil {
		t.Fatal(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	want := slices.Sorted(slices.Values(append(slices.Collect(maps.Keys(operations)), others...)))
	if !slices.Equal(found, want) {
		t.Errorf("the database lets operators call\n%q, the matrix has\n%q", found, want)
	}
	// Nobody else's are any of them, and each that runs as its owner has a fixed search path.
	g.wantValue(g.super, "0", `select count(*) from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a
		where pronamespace = 'opsdeck'::regnamespace and a.grantee = 0`)
	g.wantValue(g.super, "0", `select count(*) from pg_proc where pronamespace = 'opsdeck'::regnamespace
		and (proconfig is null or not proconfig @> '{"search_path=pg_catalog, pg_temp"}') and proname not in ('_field', '_audit_digest')`)
	// A function that somebody makes there later is nobody's either.
	owner := gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation")).Owner
	g.exec(g.super, "set role "+owner+"; create function opsdeck.later() returns int language sql as 'select 1'; reset role")
	if _, err := g.admin.Exec(t.Context(), "select opsdeck.later()"); err == nil {
		t.Error("a later function is everybody's")
	}
	// Every action that is journaled can be begun, with the right that the table says.
	rows, err = g.super.Query(t.Context(), "select name, needs from opsdeck.action where journal order by 1")
	if err != nil {
		t.Fatal(err)
	}
	actions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct{ Name, Needs string }])
	if err != nil || len(actions) < 8 {
		t.Fatal(actions, err)
	}
	for _, action := range actions {
		for i, login := range []*pgx.Conn{g.viewer, g.operator, g.admin} {
			want := "open"
			if i < slices.Index(gate.Rights(), action.Needs) {
				want = "refused right.missing"
			}
			g.want(login, begin(newID(), action.Name, "x"), want)
		}
	}
	// A viewer may note that something was brought elsewhere. Such a note lets nothing be done.
	note := newID()
	g.want(g.viewer, begin(note, "environment.promote_from", "x"), "open")
	for function, args := range map[string][]any{"run_release": {note, "x"}, "run_cancel_lost": {note, int64(1), 1}} {
		sql, args := invoke(function, args)
		if o := g.ask(g.viewer, sql, args); o.Result != "refused" || o.Reason != "operation.reused" {
			t.Errorf("%s inside of a note: %+v", function, o)
		}
	}
}

// A right needs both the login's role and the active Django user's permission, for every function.
func TestRightsAreTheMeetingOfLoginAndDjango(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	servertest.Gate(t, url)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	database := g.value(super, "select current_database()")
	g.exec(super, `insert into auth_user (username, password, is_active, is_superuser, is_staff, first_name, last_name, email, date_joined)
		values ('suzuki', '', true, false, false, '', '', '', now())`)
	g.exec(super, `insert into auth_group (name) values ('night shift'), ('day shift')`)
	g.exec(super, `insert into auth_group_permissions (group_id, permission_id) select g.id, p.id from auth_group g, auth_permission p
		where g.name = 'night shift' and p.codename = 'ops_admin'`)
	// Another application's permission of the same name gives nothing.
	g.exec(super, `insert into auth_permission (name, content_type_id, codename)
		select 'Can', id, 'ops_admin' from django_content_type where model = 'jobrun'`)

	logins := map[string]*pgx.Conn{}
	for _, right := range gate.Rights() {
		login := database + "_login_" + right
		if err := gate.AddOperator(t.Context(), super, gate.NewOperator{Login: login, Username: "suzuki", Right: right, Password: "0123456789abc"}); err != nil {
			t.Fatal(err)
		}
		logins[right] = servertest.Connect(t, servertest.As(t, url, login, "0123456789abc"))
	}
	rank := func(right string) int { return slices.Index(gate.Rights(), right) }

	const permission = `insert into auth_user_user_permissions (user_id, permission_id) select u.id, p.id from auth_user u, auth_permission p
		join django_content_type c on c.id = p.content_type_id where u.username = 'suzuki' and c.app_label = '%s' and p.codename = '%s'`
	const group = `insert into auth_user_groups (user_id, group_id) select u.id, g.id from auth_user u, auth_group g where u.username = 'suzuki' and g.name = '%s'`
	calls := 0
	for _, way := range []struct {
		name, sql, gives string
		inactive         bool
	}{
		{name: "nothing", sql: "select 1"},
		{name: "own view", sql: fmt.Sprintf(permission, "opsdeck", gate.View), gives: gate.View},
		{name: "own operator", sql: fmt.Sprintf(permission, "opsdeck", gate.Operator), gives: gate.Operator},
		{name: "own admin", sql: fmt.Sprintf(permission, "opsdeck", gate.Admin), gives: gate.Admin},
		{name: "another application's", sql: fmt.Sprintf(permission, "scheduler", gate.Admin)},
		{name: "a group's permission", sql: fmt.Sprintf(group, "night shift"), gives: gate.Admin},
		{name: "a group without", sql: fmt.Sprintf(group, "day shift")},
		{name: "Django's operators", sql: fmt.Sprintf(group, "schedule_ops_app_operator"), gives: gate.Operator},
		{name: "Django's administrators", sql: fmt.Sprintf(group, "schedule_ops_ops_admin"), gives: gate.Admin},
		{name: "a superuser's flag", sql: "update auth_user set is_superuser = true where username = 'suzuki'"},
		{name: "all, but inactive", inactive: true, sql: fmt.Sprintf(permission, "opsdeck", gate.Admin) + ";" + fmt.Sprintf(group, "schedule_ops_superuser") +
			"; update auth_user set is_active = false where username = 'suzuki'"},
	} {
		g.exec(super, `delete from auth_user_user_permissions; delete from auth_user_groups;
			update auth_user set is_active = true, is_superuser = false where username = 'suzuki'`)
		g.exec(super, way.sql)
		for right, conn := range logins {
			for function, o := range operations {
				allowed := way.gives != "" && !way.inactive && min(rank(right), rank(way.gives)) >= rank(o.needs)
				before := g.value(super, "select count(*) from scheduler_admin_action_logs")
				got := g.do(conn, call{function: function, args: o.args})
				calls++
				refusal := "right.missing"
				if way.inactive {
					refusal = "operator.inactive"
				}
				if refused := got.String() == "refused "+refusal; refused == allowed {
					t.Errorf("%s, login %s, %s: %s", way.name, right, function, got)
				}
				if before == g.value(super, "select count(*) from scheduler_admin_action_logs") {
					t.Errorf("%s, login %s, %s: %s left no row", way.name, right, function, got)
				}
			}
		}
	}
	if calls < 600 {
		t.Errorf("only %d calls", calls)
	}
	g.wantValue(super, "0", "select count(*) from scheduler_admin_action_logs where actor <> 'suzuki' and action <> 'operator.add'")
}

// Logins that are no operator's: without a mapping they only look; without a role they don't even do that.
func TestLoginsWithoutAMapping(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	database := g.value(g.super, "select current_database()")
	roles := gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation"))
	connect := func(name, grant string) *pgx.Conn {
		g.exec(g.super, fmt.Sprintf("create role %s_%s login password 'secret'", database, name))
		if grant != "" {
			g.exec(g.super, fmt.Sprintf("grant %s to %s_%s", grant, database, name))
		}
		return servertest.Connect(t, servertest.As(t, g.url, database+"_"+name, "secret"))
	}
	unmapped, none := connect("unmapped", roles.Admin), connect("none", "")
	g.wantValue(unmapped, "0", "select count(*) from opsdeck.job_definition")
	for function, o := range operations {
		g.want(unmapped, call{function: function, args: o.args}, "refused operator.unmapped")
		sql, args := call{function: function, args: o.args}.sql()
		for who, conn := range map[string]*pgx.Conn{"nobody": none, "the schedulers' login": g.owner} {
			if _, err := conn.Exec(t.Context(), sql, args...); stateOf(err) != "42501" {
				t.Errorf("%s calls %s: %v", who, function, err)
			}
		}
	}
	g.wantValue(g.super, "0", "select count(*) from scheduler_admin_action_logs where actor <> ''")
	for login, reason := range map[string]string{"scheduler": "gate.shared_login", "postgres": "gate.mighty_login", roles.Admin: "gate.bad_login", "": "gate.bad_login"} {
		err := gate.AddOperator(t.Context(), g.super, gate.NewOperator{Login: login, Username: "admin", Right: gate.Admin})
		if reasonOf(err) != reason {
			t.Errorf("%q: %v", login, err)
		}
	}
}

func stateOf(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}

// Whoever calls is whom the server authenticated, whatever the session or the arguments say.
func TestNobodyActsAsSomebodyElse(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	roles := gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation"))
	for _, disguise := range []string{
		"set role " + roles.View, "set role " + roles.Operator, "set application_name = 'admin'", "set opsdeck.actor = 'admin'",
		"set session characteristics as transaction read write", "set search_path = pg_temp, public, opsdeck",
	} {
		conn := g.again(g.logins.Operator)
		g.exec(conn, disguise)
		o := g.do(conn, call{function: "session_unlock", args: []any{1}})
		g.wantValue(g.super, "operator", "select actor from scheduler_admin_action_logs where id = $1", o.AuditID)
		if o.Result != "done" {
			t.Errorf("%s: %s", disguise, o)
		}
		g.want(conn, call{function: "settings_apply"}, "refused right.missing")
	}
	// The note is an annotation: a name in it is kept as that.
	sql, args := invoke("session_unlock", []any{newID(), "because", `{"actor": "admin", "login": "postgres", "os_user": "root"}`, nil, 1})
	o := g.ask(g.operator, sql, args)
	g.wantValue(g.super, "operator "+g.value(g.operator, "select session_user"),
		"select actor || ' ' || (payload_json ->> 'login') from scheduler_admin_action_logs where id = $1", o.AuditID)
	// The schedulers' login may write any actor, and is named as the writer.
	g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('admin', 'job.delete', '1', '{}', now())`)
	g.wantValue(g.viewer, "scheduler", "select written_by from opsdeck.audit where action = 'job.delete'")
	g.wantValue(g.viewer, "gate", "select written_by from opsdeck.audit where id = $1", o.AuditID)
}

// Rights that are taken away are gone at the next call of a session that is open.
func TestWithdrawnRightsEndAtOnce(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	unlock := call{function: "session_unlock", args: []any{1}}
	open := newID()
	g.want(g.operator, begin(open, "worker.detach", "7"), "open")
	roles := gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation"))
	login := g.value(g.operator, "select session_user")
	for _, c := range []struct{ take, give, want string }{
		{"update auth_user set is_active = false where username = 'operator'", "update auth_user set is_active = true", "refused operator.inactive"},
		{"delete from auth_user_groups where user_id = (select id from auth_user where username = 'operator')",
			"insert into auth_user_groups (user_id, group_id) select u.id, g.id from auth_user u, auth_group g where username = 'operator' and name = 'schedule_ops_app_operator'",
			"refused right.missing"},
		{"delete from opsdeck.group_right where gives = 'ops_operator'", "insert into opsdeck.group_right values ('schedule_ops_app_operator', 'ops_operator')", "refused right.missing"},
		{"revoke " + roles.Operator + " from " + login + "; grant " + roles.View + " to " + login,
			"grant " + roles.Operator + " to " + login, "refused right.missing"},
		{"delete from opsdeck.operator where login = '" + login + "'", "insert into opsdeck.operator values ('" + login + "', 'operator')", "refused operator.unmapped"},
		{"update auth_user set username = 'retired' where username = 'operator'", "update auth_user set username = 'operator' where username = 'retired'", "refused operator.unmapped"},
	} {
		g.want(g.operator, unlock, "done")
		g.exec(g.super, c.take)
		g.want(g.operator, unlock, c.want)
		g.want(g.operator, begin(open, "worker.detach", "7"), c.want) // and nobody goes on with what was begun
		sql, args := invoke("run_release", []any{open, "7"})
		if o := g.ask(g.operator, sql, args); o.String() != c.want {
			t.Errorf("%s: run_release was %s", c.take, o)
		}
		g.exec(g.super, c.give)
	}
	g.want(g.operator, unlock, "done")
	if err := gate.RevokeOperator(t.Context(), g.super, login); err != nil {
		t.Fatal(err)
	}
	sql, args := unlock.sql()
	g.exec(g.operator, "set default_transaction_read_only = off")
	if _, err := g.operator.Exec(t.Context(), sql, args...); stateOf(err) != "42501" {
		t.Errorf("a revoked operator: %v", err)
	}
	if strings.Contains(g.value(g.super, "select string_agg(login, ',') from opsdeck.operator"), login) {
		t.Error("the mapping stayed")
	}
}
