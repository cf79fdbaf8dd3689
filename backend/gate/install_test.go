package gate_test

import (
	"strings"
	"testing"

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
