package gate_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestInstallIsANoOpTheSecondTime(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	// Everything that an install makes or grants, as text.
	const everything = `select string_agg(line, E'\n' order by line) from (
		select format('%s %s %s', oid::regprocedure, proacl, md5(prosrc)) as line from pg_proc where pronamespace = 'opsdeck'::regnamespace
		union all select format('%s %s %s', oid::regclass, relacl, relowner::regrole) from pg_class where relnamespace in ('opsdeck'::regnamespace, 'public'::regnamespace)
		union all select format('%s %s %s', attrelid::regclass, attname, attacl) from pg_attribute where attacl is not null and attrelid > 16000
		union all select format('%s %s', tgname, tgenabled) from pg_trigger where not tgisinternal
		union all select format('%s %s', roleid::regrole, member::regrole) from pg_auth_members where roleid::regrole::text like current_database() || '%'
		union all select i::text from opsdeck.installation i
		union all select format('%s %s', defaclrole::regrole, defaclacl) from pg_default_acl
		union all select format('%s %s %s', nspname, nspowner::regrole, nspacl) from pg_namespace where nspname in ('public', 'opsdeck')) all_of_it`
	before := g.value(g.super, everything)
	result, err := gate.Install(t.Context(), g.super, gate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if result.From != gate.Version || result.To != gate.Version {
		t.Errorf("%+v", result)
	}
	after := g.value(g.super, everything)
	if before != after {
		t.Errorf("something changed:\n%s", difference(before, after))
	}
	if !strings.Contains(before, "audit_verify") || !strings.Contains(before, "opsdeck_chain") {
		t.Fatalf("the comparison sees too little:\n%s", before)
	}
}

func difference(a, b string) string {
	var lines []string
	has := map[string]bool{}
	for line := range strings.SplitSeq(a, "\n") {
		has[line] = true
	}
	for line := range strings.SplitSeq(b, "\n") {
		if !has[line] {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestUninstallLeavesNothing(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	const everything = `select string_agg(line, E'\n' order by line) from (
		select format('%s %s %s', oid::regclass, nullif(relacl::text, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)::text), relowner::regrole) as line
			from pg_class where relnamespace = 'public'::regnamespace
		union all select format('%s %s %s', attrelid::regclass, attname, attacl) from pg_attribute where attacl is not null and attrelid > 16000
		union all select tgname from pg_trigger where not tgisinternal
		union all select rolname from pg_roles where rolname like '%\_ops\_%' and rolname like current_database() || '%'
		union all select format('%s %s %s', nspname, nspowner::regrole, nspacl) from pg_namespace where nspname !~ '^pg_(toast|temp)'
		union all select codename from auth_permission union all select app_label || model from django_content_type) all_of_it`
	g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('x', 'a', 't', '{}', now())`)
	before := g.value(super, everything)
	for range 2 {
		if _, err := gate.Install(t.Context(), super, gate.Options{}); err != nil {
			t.Fatal(err)
		}
		if during := g.value(super, everything); during == before {
			t.Fatal("the comparison sees nothing of the gate")
		}
		if err := gate.Uninstall(t.Context(), super, gate.Options{}); err != nil {
			t.Fatal(err)
		}
		if after := g.value(super, everything); after != before {
			t.Errorf("left behind:\n%s\nmissing:\n%s", difference(before, after), difference(after, before))
		}
	}
	g.exec(g.owner, `delete from scheduler_admin_action_logs`) // it is the schedulers' own again
	if err := gate.Uninstall(t.Context(), super, gate.Options{}); reasonOf(err) != "gate.not_installed" {
		t.Error(err)
	}
}

// A managed server has no superuser for its customers: a login that may make roles and is a member of the tables' owner is
// enough.
func TestInstallWithoutASuperuser(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	login := g.value(super, "select current_database() || '_dba'")
	g.exec(super, "create role "+login+" login createrole password 'dba'")
	dba := servertest.Connect(t, servertest.As(t, url, login, "dba"))

	wantRefused := func(reason string) {
		t.Helper()
		if _, err := gate.Install(t.Context(), dba, gate.Options{}); reasonOf(err) != reason {
			t.Errorf("%v, not %s", err, reason)
		}
	}
	wantRefused("gate.not_owner")
	g.exec(super, "grant scheduler to "+login)
	dba = servertest.Connect(t, servertest.As(t, url, login, "dba"))
	g.exec(super, "alter role "+login+" nocreaterole")
	wantRefused("gate.no_createrole")
	g.exec(super, "alter role "+login+" createrole")
	g.exec(super, "alter database "+g.value(super, "select current_database()")+" owner to postgres")
	g.exec(super, "revoke create on schema public from public") // as PostgreSQL 15 has it from the beginning
	wantRefused("gate.no_schema_grant")
	g.exec(super, "grant all on schema public to "+login+" with grant option")
	wantRefused("gate.no_schema_right")
	g.exec(super, "revoke all on schema public from "+login+" cascade")
	g.exec(super, "alter database "+g.value(super, "select current_database()")+" owner to scheduler")
	g.exec(super, "alter schema public owner to scheduler") // PostgreSQL 14 gives it to no database's owner

	g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('x', 'a', 't', '{}', now())`)
	for range 2 {
		if _, err := gate.Install(t.Context(), dba, gate.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	// What was lent is taken back. (PostgreSQL 16 and newer keep the login as the roles' administrator, which uses nothing of theirs.)
	for _, owner := range []string{"_ops_owner", "_ops_audit"} {
		g.wantValue(dba, "false", "select pg_has_role((current_database() || $1)::name, 'usage')", owner)
		if _, err := dba.Exec(t.Context(), "set role "+g.value(dba, "select current_database()")+owner); stateOf(err) != "42501" {
			t.Errorf("the installing login became %s: %v", owner, err)
		}
	}
	g.exec(g.owner, `insert into auth_user (username, password, is_active, is_superuser, is_staff, first_name, last_name, email, date_joined)
		values ('sato', '', true, false, false, '', '', '', now());
		insert into auth_user_groups (user_id, group_id) select u.id, g.id from auth_user u, auth_group g where g.name = 'schedule_ops_ops_admin'`)
	err := gate.AddOperator(t.Context(), dba, gate.NewOperator{Login: login + "_sato", Username: "sato", Right: gate.Admin, Password: "0123456789abc"})
	if err != nil {
		t.Fatal(err)
	}
	sato := servertest.Connect(t, servertest.As(t, url, login+"_sato", "0123456789abc"))
	g.want(sato, call{function: "settings_apply"}, "done")
	if _, err := gate.PruneOperations(t.Context(), dba, gate.LeastKept); err != nil {
		t.Error(err)
	}
	g.viewer = sato
	if v := g.verify(nil, nil); !v.OK || v.Checked != 3 {
		t.Errorf("%+v", v)
	}
	if err := gate.RevokeOperator(t.Context(), dba, login+"_sato"); err != nil {
		t.Fatal(err)
	}
	if _, err := sato.Exec(t.Context(), "select * from opsdeck.whoami()"); err == nil {
		t.Error("a revoked operator still asks")
	}
	if err := gate.Uninstall(t.Context(), dba, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	g.wantValue(super, "scheduler", "select relowner::regrole from pg_class where oid = 'scheduler_admin_action_logs'::regclass")
	g.wantValue(super, "0", "select count(*) from pg_roles where rolname ~ ('^' || current_database() || '_ops_')")
	g.wantValue(super, "0", "select count(*) from pg_attribute where attrelid = 'scheduler_admin_action_logs'::regclass and attacl is not null")
}

// While somebody holds the audit table the installer tries again and again, and whoever writes goes on writing.
func TestInstallWaitsWithoutHoldingUpOthers(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	holder := servertest.Connect(t, url)
	g.exec(holder, "begin; select count(*) from scheduler_admin_action_logs; select count(*) from scheduler_job_runs")

	installed := make(chan error, 1)
	installer := servertest.Connect(t, servertest.Superuser(t, url))
	go func() {
		_, err := gate.Install(t.Context(), installer, gate.Options{LockTimeout: 20 * time.Millisecond, LockWait: time.Hour})
		installed <- err
	}()
	// The installer has asked for the lock, and each row that another session writes gets through all the same.
	g.waitForLock(installer.PgConn().PID())
	for range 200 {
		g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('x', 'a', 't', '{}', now())`)
	}
	select {
	case err := <-installed:
		t.Fatalf("it ended although the table was held: %v", err)
	default:
	}
	g.exec(holder, "commit")
	if err := <-installed; err != nil {
		t.Fatal(err)
	}
	g.exec(g.owner, `insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('x', 'a', 't', '{}', now())`)
	g.viewer = super
	if v := g.verify(nil, nil); !v.OK || v.Checked != 201 {
		t.Errorf("%+v", v)
	}
}

func TestInstallGivesUpOnATableThatIsNeverFree(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	holder := servertest.Connect(t, url)
	g.exec(holder, "begin; lock table scheduler_admin_action_logs in row exclusive mode")
	_, err := gate.Install(t.Context(), super, gate.Options{LockTimeout: time.Millisecond, LockWait: 20 * time.Millisecond})
	if reasonOf(err) != "gate.busy" {
		t.Fatal(err)
	}
	g.exec(holder, "rollback")
	if _, err := gate.Install(t.Context(), super, gate.Options{}); err != nil {
		t.Errorf("a second try: %v", err)
	}
}

func TestPrintedInstallRunsInPsql(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Superuser(t, url)
	conn := servertest.Connect(t, super)
	g := &gated{T: t, url: url, super: conn, owner: servertest.Connect(t, url)}
	text, err := gate.Print(t.Context(), conn, gate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // somebody runs it twice
		psql := exec.Command("psql", "--no-psqlrc", "--quiet", super)
		psql.Stdin = strings.NewReader(text)
		if out, err := psql.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if text, err = gate.Print(t.Context(), conn, gate.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	g.wantValue(conn, fmt.Sprint("true ", gate.Version), "select t.taken || ' ' || i.version from opsdeck.audit_taken t, opsdeck.installation i")
}

func TestOptionsThatCantWorkAreRefused(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	for reason, o := range map[string]gate.Options{
		"gate.other_options": {Prefix: "other"},
	} {
		if _, err := gate.Install(t.Context(), g.super, o); reasonOf(err) != reason {
			t.Errorf("%v, not %s", err, reason)
		}
	}
	fresh := servertest.Connect(t, servertest.Superuser(t, servertest.Database(t)))
	if _, err := gate.Install(t.Context(), fresh, gate.Options{Schema: "nowhere"}); reasonOf(err) != "gate.no_scheduler" {
		t.Error(err)
	}
	for _, o := range []gate.Options{
		{Prefix: "Not-OK"}, {Prefix: strings.Repeat("x", 41)}, {AppLabel: "a b"}, {SchedulerLogin: `x"; drop`}, {Groups: map[string]string{"g": "root"}},
	} {
		if _, err := gate.Install(t.Context(), fresh, o); reasonOf(err) != "gate.bad_option" {
			t.Errorf("%+v: %v", o, err)
		}
	}
	// Roles belong to the server: another database's prefix is not to be taken.
	taken := g.value(g.super, "select prefix from opsdeck.installation")
	if _, err := gate.Install(t.Context(), fresh, gate.Options{Prefix: taken}); err == nil || !strings.Contains(err.Error(), "belongs to something else") {
		t.Errorf("%v", err)
	}
}

// A database with the gate as an older program installed it, with operations and seals in it, becomes today's.
func TestUpgradeFromAnOlderVersion(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	super := servertest.Connect(t, servertest.Superuser(t, url))
	g := &gated{T: t, url: url, super: super, owner: servertest.Connect(t, url)}
	old, err := os.ReadFile("testdata/installed_2.sql")
	if err != nil {
		t.Fatal(err)
	}
	database := g.value(super, "select current_database()")
	g.exec(g.owner, insertAudit, "before", "x", "", `{}`)
	if _, err := super.PgConn().Exec(t.Context(), strings.NewReplacer("fixture_prefix", database, "in database DATABASE", "in database "+database).Replace(string(old))).ReadAll(); err != nil {
		t.Fatal(err)
	}
	g.exec(super, "create role "+database+"_sato login password 'secret'; grant "+database+"_ops_operator to "+database+"_sato; "+
		"insert into opsdeck.operator values ('"+database+"_sato', 'sato'); "+
		"insert into auth_user (username, password, is_active, is_superuser, is_staff, first_name, last_name, email, date_joined) values ('sato', '', true, false, false, '', '', '', now())")
	sato := servertest.Connect(t, servertest.As(t, url, database+"_sato", "secret"))
	g.operator, g.viewer = sato, sato
	id := newID()
	begun := g.want(sato, begin(id, "worker.detach", "7"), "open") // that version let everybody: it had a hole
	if s := g.seal(sato); s.Seq != 1 {
		t.Fatalf("%+v", s)
	}

	result, err := gate.Install(t.Context(), super, gate.Options{})
	if err != nil || result.From != 2 || result.To != gate.Version {
		t.Fatalf("%+v, %v", result, err)
	}
	g.want(sato, begin(id, "worker.detach", "7"), "refused right.missing")
	g.wantValue(sato, "open", "select state from opsdeck.open_operation where operation = $1", id)
	g.wantValue(sato, "gate", "select written_by from opsdeck.scheduler_admin_action_logs where id = $1", begun.AuditID)
	if s := g.seal(sato); s.Seq != 2 {
		t.Errorf("%+v", s)
	}
	if v := g.verify(nil, nil); !v.OK || v.Checked != 3 {
		t.Errorf("%+v", v)
	}
	g.exec(super, "update opsdeck.installation set version = 99")
	if _, err := gate.Install(t.Context(), super, gate.Options{}); reasonOf(err) != "gate.newer_installed" {
		t.Error(err)
	}
}
