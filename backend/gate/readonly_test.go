package gate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// relation is something with rows, or that counts.
type relation struct {
	Name   string `db:"name"`
	Kind   string `db:"kind"`
	Column string `db:"column"`
}

// onEach are ways to change a table or view, or to hold others up.
var onEach = []string{
	"insert into %[1]s default values", "insert into %[1]s select * from %[1]s", "update %[1]s set %[2]s = %[2]s", "delete from %[1]s",
	"truncate %[1]s", "truncate %[1]s cascade", "drop table %[1]s", "drop view %[1]s cascade", "alter table %[1]s add mine int",
	"alter table %[1]s owner to current_user", "alter table %[1]s disable trigger all", "alter table %[1]s enable row level security",
	"lock table %[1]s in share row exclusive mode", "lock table %[1]s in access exclusive mode", "select * from %[1]s for update",
	"select * from %[1]s for key share", "copy %[1]s from stdin", "copy %[1]s from program 'true'", "copy (select 1) to '/tmp/opsdeck-mine'",
	"create index mine on %[1]s (%[2]s)", "create trigger mine before insert on %[1]s execute function pg_catalog.suppress_redundant_updates_trigger()",
	"create rule mine as on insert to %[1]s do instead nothing", "create policy mine on %[1]s", "comment on table %[1]s is 'mine'",
	"grant all on %[1]s to public", "revoke all on %[1]s from public cascade",
}

// onEachSequence are ways to use up numbers.
var onEachSequence = []string{"select nextval('%[1]s')", "select setval('%[1]s', 1)", "alter sequence %[1]s restart", "drop sequence %[1]s cascade"}

// once are ways that need no table of ours: roles, objects that would be found first, large objects, files, locks.
var once = []string{
	"create table public.mine (n int)", "create table opsdeck.mine (n int)", "create temp table mine (n int)", "create temp table auth_user as select 1",
	"create schema mine", "create schema pg_temp", "create view public.mine as select 1", "create view opsdeck.mine as select 1",
	"create materialized view public.mine as select 1", "create sequence public.mine", "create type public.mine as (n int)", "create domain public.mine as int",
	"create function public.mine() returns int language sql as 'select 1'", "create function pg_temp.mine() returns int language sql as 'select 1'",
	"create function opsdeck.masked(jsonb) returns jsonb language sql as 'select $1'", "create or replace function opsdeck.whoami() returns int language sql as 'select 1'",
	"create function pg_catalog.now() returns int language sql as 'select 1'", "create operator public.= (leftarg = text, rightarg = text, function = texteq)",
	"create cast (text as jsonb) with inout", "create aggregate public.mine (int) (sfunc = int4pl, stype = int)", "create collation public.mine from \"C\"",
	"create procedure public.mine() language sql as 'delete from scheduler_job_runs'", "do $$ begin delete from scheduler_job_runs; end $$",
	"do $$ begin execute 'update auth_user set is_superuser = true'; end $$", "create extension pgcrypto", "create extension dblink",
	"create language plperl", "create event trigger mine on ddl_command_start execute function mine()", "create publication mine for all tables",
	"create subscription mine connection 'host=x' publication y", "create server mine foreign data wrapper x", "create foreign data wrapper mine",
	"create tablespace mine location '/tmp'", "create database mine", "create role mine", "drop role {viewer}", "alter role {viewer} superuser",
	"alter role {viewer} createrole", "alter role {admin} password 'mine'", "alter role {owner} login", "alter database {database} set search_path = mine",
	"alter system set log_statement = 'all'", "grant {admin} to {viewer}", "grant {owner} to {viewer}", "grant pg_write_all_data to {viewer}", "revoke {view} from {viewer}",
	"set role {operator}", "set role {admin}", "set role {owner}", "set role {audit}", "set role scheduler", "set role postgres",
	"set session authorization scheduler", "set session authorization postgres", "set session authorization {adminlogin}",
	"set session_replication_role = replica", "select set_config('session_replication_role', 'replica', false)", "set log_statement = 'none'",
	"alter default privileges for role {owner} grant execute on functions to public", "alter default privileges for role scheduler grant all on tables to public",
	"reassign owned by scheduler to {viewer}", "drop owned by scheduler", "drop schema opsdeck cascade", "drop schema public cascade", "drop database {database}",
	"alter schema opsdeck owner to {viewer}", "alter function opsdeck.whoami() owner to {viewer}", "alter function opsdeck.whoami() security invoker",
	"alter function opsdeck.whoami() set search_path = public", "drop function opsdeck.whoami()", "alter type opsdeck.outcome add attribute mine int",
	"select lo_create(0)", "select lo_creat(-1)", "select lo_from_bytea(0, 'x')", "select lo_import('/etc/passwd')", "select lo_put(1, 0, 'x')",
	"select pg_logical_emit_message(false, 'x', 'y')", "select pg_export_snapshot()", "select pg_advisory_lock(1)", "select pg_advisory_xact_lock(1)",
	"select pg_try_advisory_lock(1, 2)", "select pg_advisory_unlock_all()", "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'scheduler'",
	"select pg_cancel_backend(pid) from pg_stat_activity where usename = 'scheduler'", "select pg_reload_conf()", "select pg_switch_wal()", "select pg_rotate_logfile()",
	"select pg_create_restore_point('x')", "select pg_read_file('/etc/passwd')", "select pg_ls_dir('.')", "select pg_stat_reset()", "select pg_promote()",
	"select pg_create_physical_replication_slot('mine')", "select pg_create_logical_replication_slot('mine', 'pgoutput')", "checkpoint",
	"select opsdeck._audit('admin', 'x', 'y', '{}')", "select opsdeck._insert_job('{}')", "select opsdeck._new_run(1, '')", "select opsdeck._audit_chain_old()",
	"select opsdeck._leave(null::opsdeck.call, 'done', '', null)", "select opsdeck._enter(null, 'x', null, null, 'job.create', '', '{}')",
	"select opsdeck._set_run_args(1, '{}')", "select opsdeck._end_attempt(1, 0, 'x', 'y')", "select opsdeck._audit_append()", "select opsdeck._requeue_row(null, 1, 'x')",
	"select opsdeck._cancel_row(null, 1, 'x')", "select opsdeck._written(null, 'x', 'y', '{}')", "select opsdeck._inside(null, '{}')",
	"update opsdeck.operator set username = 'admin'", "insert into opsdeck.operator values ('{viewer}', 'admin')", "insert into opsdeck.group_right values ('x', 'ops_admin')",
	"update opsdeck.action set needs = 'ops_view'", "delete from opsdeck.audit_chain", "update opsdeck.audit_head set seq = 0", "delete from opsdeck.seals",
	"insert into opsdeck.operation_effect values (gen_random_uuid(), 'x', 'y', null)", "update opsdeck.installation set app_label = 'x'",
	"insert into auth_user_user_permissions (user_id, permission_id) select 1, 1", "select password from auth_user", "select * from django_session",
	"select * from scheduler_settings", "select value_json from scheduler_settings", "select default_args_json from scheduler_job_definitions",
	"select * from scheduler_events", "select * from scheduler_admin_action_logs", "select * from opsdeck.operation", "select * from opsdeck.operator",
	"prepare transaction 'mine'", "explain analyze delete from scheduler_job_runs", "with gone as (delete from scheduler_job_runs returning 1) select * from gone",
	"merge into scheduler_job_runs r using (select 1) s on true when matched then delete",
	"refresh materialized view public.mine", "reindex table scheduler_job_runs", "reindex database {database}", "cluster scheduler_job_runs using scheduler_job_runs_pkey",
	"security label on table scheduler_job_runs is 'x'", "import foreign schema x from server y into public",
}

// Whoever has a viewer's credentials, or an administrator's, can write nothing but by the gate's functions: every statement
// is refused, or leaves everything as it was.
func TestOperatorsWriteNothingPastTheGate(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	job, _ := g.job("report", `{}`)
	g.run(job, "RUNNING", 0, "w1")
	g.want(g.operator, call{function: "session_unlock", args: []any{1}}, "done")
	if _, left, err := gate.Harden(t.Context(), g.super); err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	statements := g.attempts()
	if len(statements) < 300 {
		t.Fatalf("only %d statements", len(statements))
	}
	before := g.fingerprint()
	for who, url := range map[string]string{"viewer": g.logins.Viewer, "admin": g.logins.Admin} {
		conn := g.again(url)
		refused := 0
		for _, statement := range statements {
			if conn.IsClosed() {
				t.Fatalf("%s: the session ended", who)
			}
			// The way of psql: one text, outside of any prepared statement.
			_, err := conn.PgConn().Exec(t.Context(), "begin read write; "+statement+"; commit").ReadAll()
			if err != nil {
				refused++
				g.exec(conn, "rollback; reset all; reset role")
				continue
			}
			g.exec(conn, "reset all; reset role")
			if after := g.fingerprint(); after != before {
				t.Errorf("%s may: %s\n%s", who, statement, difference(before, after))
				before = after
			}
		}
		t.Logf("%s: %d of %d statements refused, the others changed nothing", who, refused, len(statements))
		if refused < len(statements)*9/10 {
			t.Errorf("%s: only %d of %d statements were refused", who, refused, len(statements))
		}
	}
	if after := g.fingerprint(); after != before {
		t.Errorf("something changed:\n%s", difference(before, after))
	}
}

// attempts makes the statements: each way with each table, view and sequence, and those that need none.
func (g *gated) attempts() []string {
	g.Helper()
	rows, err := g.super.Query(g.Context(), `select c.oid::regclass::text as name, c.relkind::text as kind,
			coalesce((select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum = 1), '') as column
		from pg_class c where relnamespace in ('public'::regnamespace, 'opsdeck'::regnamespace) and relkind in ('r', 'v', 'S') order by 1`)
	if err != nil {
		g.Fatal(err)
	}
	relations, err := pgx.CollectRows(rows, pgx.RowToStructByName[relation])
	if err != nil {
		g.Fatal(err)
	}
	roles := gate.RolesOf(g.value(g.super, "select prefix from opsdeck.installation"))
	names := strings.NewReplacer("{viewer}", g.value(g.viewer, "select session_user"), "{adminlogin}", g.value(g.admin, "select session_user"),
		"{view}", roles.View, "{operator}", roles.Operator, "{admin}", roles.Admin, "{owner}", roles.Owner, "{audit}", roles.Audit,
		"{database}", g.value(g.super, "select current_database()"))
	var all []string
	for _, statement := range once {
		all = append(all, names.Replace(statement))
	}
	for _, r := range relations {
		ways := onEach
		if r.Kind == "S" {
			ways = onEachSequence
		}
		for _, way := range ways {
			all = append(all, fmt.Sprintf(way, r.Name, r.Column))
		}
	}
	return all
}

// fingerprint is everything that a statement could change: rows, objects, rights, roles, large objects, locks that stay.
func (g *gated) fingerprint() string {
	g.Helper()
	tables := strings.Fields(g.value(g.super, `select string_agg(c.oid::regclass::text, ' ' order by 1) from pg_class c
		where relnamespace in ('public'::regnamespace, 'opsdeck'::regnamespace) and relkind = 'r'`))
	parts := []string{
		`select 'class ' || md5(string_agg(concat_ws(' ', relname, relnamespace, relkind, relowner, relacl::text, relrowsecurity, relhastriggers, relhasrules), ',' order by oid)) from pg_class where oid >= 16384`,
		`select 'proc ' || md5(string_agg(concat_ws(' ', proname, prosrc, proowner, proacl::text, proconfig::text), ',' order by oid)) from pg_proc`,
		`select 'type ' || count(*) from pg_type union all select 'namespace ' || string_agg(nspname || nspowner || coalesce(nspacl::text, ''), ',' order by oid) from pg_namespace where nspname !~ '^pg_(toast_)?temp'`,
		`select 'attribute ' || md5(string_agg(concat_ws(' ', attrelid, attname, attacl::text, atttypid), ',' order by attrelid, attnum)) from pg_attribute where attrelid >= 16384`,
		`select 'trigger ' || md5(string_agg(concat_ws(' ', tgname, tgrelid, tgenabled), ',' order by oid)) from pg_trigger`,
		`select 'others ' || (select count(*) from pg_rewrite) || ' ' || (select count(*) from pg_policy) || ' ' || (select count(*) from pg_operator) || ' ' || (select count(*) from pg_cast) || ' ' || (select count(*) from pg_extension) || ' ' || (select count(*) from pg_largeobject_metadata) || ' ' || (select count(*) from pg_default_acl) || ' ' || (select count(*) from pg_publication) || ' ' || (select count(*) from pg_description)`,
		`select 'role ' || rolname || rolsuper || rolcreaterole || rolcanlogin || coalesce(rolpassword, '') from pg_authid where rolname like current_database() || '%' or rolname in ('scheduler', 'postgres')`,
		`select 'member ' || roleid::regrole || ' ' || member::regrole from pg_auth_members where member::regrole::text like current_database() || '%'`,
		`select 'database ' || (select coalesce(datacl::text, '') || datdba from pg_database where datname = current_database())`,
		`select 'settings ' || setrole::regrole || setconfig::text from pg_db_role_setting where setdatabase = (select oid from pg_database where datname = current_database())`,
		`select 'advisory ' || count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
	}
	for _, table := range tables {
		parts = append(parts, fmt.Sprintf(`select 'rows of %s ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') from %s t`, table, table))
	}
	for _, sequence := range strings.Fields(g.value(g.super, `select string_agg(oid::regclass::text, ' ') from pg_class where relkind = 'S' and oid >= 16384`)) {
		parts = append(parts, fmt.Sprintf(`select '%s ' || last_value || is_called from %s`, sequence, sequence))
	}
	return g.value(g.super, "select string_agg(line, E'\\n' order by line) from ("+strings.Join(parts, " union all ")+") all_of_it (line)")
}

// What no server can refuse: a login's own settings, and defaults for what it makes, which is nothing.
func TestALoginChangesOnlyItself(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	login := g.value(g.viewer, "select session_user")
	before := g.fingerprint()
	conn := g.again(g.logins.Viewer)
	g.exec(conn, "set default_transaction_read_only = off")
	for _, statement := range []string{
		"alter default privileges in schema public grant all on tables to public", "alter role " + login + " set work_mem = '1MB'",
		"alter role " + login + " password 'another-password'", "notify x", "listen x",
	} {
		g.exec(conn, statement)
	}
	g.wantValue(g.super, "0", "select count(*) from pg_default_acl where defaclrole <> $1::text::regrole and defaclnamespace <> 0", login)
	for _, line := range strings.Split(difference(before, g.fingerprint()), "\n") {
		if !strings.HasPrefix(line, "others ") && !strings.HasPrefix(line, "role "+login) {
			t.Errorf("also changed: %s", line)
		}
	}
}

// Without hardening PostgreSQL itself lets every login do a few things; the list of what it takes away is complete, and with
// Soften everything is as it was.
func TestHardenTakesWhatPublicHas(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	harmful := []string{
		"select lo_create(0)", "select pg_advisory_lock(1)", "create temp table mine (n int)", "select pg_logical_emit_message(false, 'x', 'y')",
		"select pg_export_snapshot()",
	}
	try := func(who, url string) (done []string) {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatalf("%s: %v", who, err)
		}
		defer conn.Close(context.WithoutCancel(t.Context()))
		for _, statement := range harmful {
			if _, err := conn.PgConn().Exec(t.Context(), "begin read write; "+statement+"; rollback").ReadAll(); err == nil {
				done = append(done, statement)
			} else {
				g.exec(conn, "rollback")
			}
		}
		return done
	}
	rights := func() string {
		return g.value(g.super, `select string_agg(line, E'\n' order by line) from (
			select format('%s %s %s', p.oid::regprocedure, a.grantee, a.privilege_type) from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a
				where pronamespace = 'pg_catalog'::regnamespace
			union all select format('%s %s', a.grantee, a.privilege_type) from pg_database d, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
				where datname = current_database()) rights (line)`)
	}
	before := rights()
	if got := try("viewer", g.logins.Viewer); len(got) != len(harmful) {
		t.Errorf("before, a viewer may %q", got)
	}
	taken, left, err := gate.Harden(t.Context(), g.super)
	if err != nil || len(taken) < 20 || len(left) > 0 {
		t.Fatal(taken, left, err)
	}
	if got := try("viewer", g.logins.Viewer); len(got) > 0 {
		t.Errorf("a viewer still may %q", got)
	}
	if got := try("scheduler", g.url); len(got) != len(harmful) {
		t.Errorf("the schedulers may only %q", got)
	}
	g.exec(g.super, "create role "+g.value(g.super, "select current_database() || '_stranger'")+" login password 'secret'")
	stranger := servertest.As(t, g.url, g.value(g.super, "select current_database() || '_stranger'"), "secret")
	if conn, err := pgx.Connect(t.Context(), stranger); stateOf(err) != "42501" {
		if err == nil {
			conn.Close(t.Context())
		}
		t.Errorf("a stranger connects: %v", err)
	}
	if _, _, err := gate.Harden(t.Context(), g.super); err != nil { // twice is once
		t.Fatal(err)
	}
	if err := gate.Soften(t.Context(), g.super); err != nil {
		t.Fatal(err)
	}
	if after := rights(); after != before {
		t.Errorf("more:\n%s\nless:\n%s", difference(before, after), difference(after, before))
	}
}

// What a superuser took from PUBLIC, the login that installed may not give back: it is told, and nothing is half undone.
func TestUninstallDoesNotLeaveHardeningBehind(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	g := &gated{T: t, url: url, super: servertest.Connect(t, servertest.Superuser(t, url))}
	dba := g.value(g.super, "select current_database() || '_dba'")
	g.exec(g.super, "create role "+dba+" login createrole password 'secret'; grant scheduler to "+dba)
	installer := servertest.Connect(t, servertest.As(t, url, dba, "secret"))
	if _, err := gate.Install(t.Context(), installer, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := gate.Harden(t.Context(), g.super); err != nil {
		t.Fatal(err)
	}
	if err := gate.Uninstall(t.Context(), installer, gate.Options{}); reasonOf(err) != "gate.not_softened" {
		t.Fatal(err)
	}
	g.wantValue(g.super, "true true", "select t.taken || ' ' || i.hardened from opsdeck.audit_taken t, opsdeck.installation i")
	if err := gate.Uninstall(t.Context(), g.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	g.wantValue(g.super, "true", "select has_function_privilege('public', 'pg_advisory_lock(bigint)', 'execute')")
}

// A session can put things of its own in front of others; the gate's functions never look there.
func TestTemporaryObjectsAreNotFoundInstead(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	conn := g.again(g.logins.Viewer)
	g.exec(conn, "set default_transaction_read_only = off")
	g.exec(conn, `create temp table auth_user (id int, username text, is_active bool); insert into auth_user values (1, 'viewer', true);
		create temp table auth_group (id int, name text); create temp table operator (login text, username text);
		create temp table action (name text, needs text, journal bool); insert into action values ('setting.apply', 'ops_view', false);
		create function pg_temp.secret_name(text) returns bool language sql as 'select false';
		create function pg_temp.pg_has_role(name, name, text) returns bool language sql as 'select true';
		set search_path = pg_temp, opsdeck, public, pg_catalog`)
	g.want(conn, call{function: "settings_apply"}, "refused right.missing")
	job, _ := g.job("report", `{"password": "pw1"}`)
	g.wantValue(conn, `{"password": "<masked>"}`, "select default_args_json from opsdeck.job_definition where id = $1", job)
}
