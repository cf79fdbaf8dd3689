package gate_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/djangoproject"
)

// beside is a database that Django has migrated, as docs/django.md finds one: Django's login owns it, and somebody who is no
// superuser, with CREATEROLE and a member of that login, looks after it.
type beside struct {
	*gated
	project *djangoproject.Project
	dba     *pgx.Conn
	before  string // the schema as Django left it
}

const password = "0123456789abc"

func newBeside(t *testing.T) *beside {
	t.Helper()
	url := servertest.EmptyDatabase(t)
	b := &beside{gated: &gated{T: t, url: url}, project: djangoproject.New(t, url)}
	b.project.Manage("migrate")
	b.super, b.owner = servertest.Connect(t, servertest.Superuser(t, url)), servertest.Connect(t, url)
	b.django(`
for name in ["sato", "suzuki"]:
    User.objects.create_user(name, password="a long one for Django alone")
for name in ["schedule_ops_app_operator", "schedule_ops_ops_admin", "Night shift"]:
    Group.objects.create(name=name)
AdminActionLog.objects.create(actor="sato", action="job.delete", target="1", payload_json={"name": "before the gate"})`)
	b.before = b.dump()

	dba := b.login("dba")
	b.exec(b.super, fmt.Sprintf("create role %s login createrole password '%s'; grant %s to %[1]s", dba, password, b.owner.Config().User))
	b.dba = servertest.Connect(t, servertest.As(t, url, dba, password))
	return b
}

// login makes a name that no other test's database has: logins belong to the whole server.
func (b *beside) login(name string) string { return b.owner.Config().Database + "_" + name }

// django runs Python with Django's login and gives what it calls result.
func (b *beside) django(code string) string {
	b.Helper()
	return b.project.Do(code)
}

// wantDjango runs Python that has to end with an error of this text.
func (b *beside) wantDjango(problem, code string) {
	b.Helper()
	if result, got := b.project.Try(code); !strings.Contains(got, problem) || problem == "" {
		b.Errorf("%s\nended with %q and %s, not with %q", code, got, result, problem)
	}
}

func (b *beside) install() gate.Result {
	b.Helper()
	result, err := gate.Install(b.Context(), b.dba, gate.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return result
}

// addOperator gives a Django user a login with a right and connects as it.
func (b *beside) addOperator(username, right string) *pgx.Conn {
	b.Helper()
	login := b.login(username)
	if err := gate.AddOperator(b.Context(), b.dba, gate.NewOperator{Login: login, Username: username, Right: right, Password: password}); err != nil {
		b.Fatal(err)
	}
	return servertest.Connect(b.T, servertest.As(b.T, b.url, login, password))
}

// dump is the database's schema with owners, rights and triggers, as pg_dump writes it.
func (b *beside) dump() string {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), "pg_dump", "--schema-only", servertest.Superuser(b.T, b.url)).Output()
	if err != nil {
		b.Fatalf("pg_dump: %v", err)
	}
	var lines []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) { // a new random word each time
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// wantAsMigrated checks that nothing of the gate is left, and that Django finds nothing to do.
func (b *beside) wantAsMigrated() {
	b.Helper()
	if after := b.dump(); after != b.before {
		b.Errorf("left behind:\n%s\nmissing:\n%s", difference(b.before, after), difference(after, b.before))
	}
	b.wantNothingToMigrate()
}

func (b *beside) wantNothingToMigrate() {
	b.Helper()
	for _, command := range [][]string{{"migrate", "--check"}, {"makemigrations", "--check", "--dry-run"}} {
		if err := b.project.TryManage(command...); err != nil {
			b.Errorf("manage.py %q: %v", command, err)
		}
	}
}

// Django's own work goes on beside the gate as before, with one exception: what is written into the audit stays.
func TestDjangoGoesOnBesideTheGate(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	b.install()
	b.wantNothingToMigrate()
	b.viewer = b.dba

	b.django(`
job = JobDefinition.objects.create(name="report", type="time", command_name="report", schedule={"kind": "hourly", "minute": 5})
job.timeout_seconds = 90
job.save()
run = JobRun.objects.create(job_definition=job, scheduled_for=job.created_at)
with transaction.atomic():
    run = JobRun.objects.select_for_update().get(pk=run.pk)
    run.state, run.version = "ASSIGNED", run.version + 1
    run.save()
Event.objects.create(event_type="file", payload_json=[1])
ConfigReloadRequest.objects.create(requested_by="sato")
for value in [30, 60]:
    SchedulerSetting.objects.update_or_create(key="SCHEDULER_ASSIGN_AHEAD_SECONDS", defaults={"value_json": {"value": value}})
SchedulerSettingHelp.objects.create(key="SCHEDULER_ASSIGN_AHEAD_SECONDS")
SchedulerSetting.objects.all().delete()
Event.objects.all().delete()
result = job.delete()`)
	b.wantValue(b.super, "0", "select count(*) from scheduler_job_runs")

	// Every row of the audit, bulk inserts too, comes onto the chain, under Django's login.
	b.django(`
AdminActionLog.objects.create(actor="sato", action="setting.set", target="X", payload_json={"value": 1})
AdminActionLog.objects.bulk_create([AdminActionLog(actor="", action="alert.webhook", target="alertmanager") for _ in range(3)])`)
	b.wantValue(b.super, "4", "select count(*) from opsdeck.audit_chain where login = $1 and not by_gate", b.owner.Config().User)
	if v := b.verify(nil, nil); !v.OK || v.Checked != 5 {
		t.Errorf("%+v", v)
	}
	for _, code := range []string{
		`AdminActionLog.objects.all().delete()`,
		`AdminActionLog.objects.filter(actor="sato").update(actor="suzuki")`,
		`list(AdminActionLog.objects.raw("select * from scheduler_admin_action_logs for update"))`,
	} {
		b.wantDjango("ProgrammingError: permission denied for table scheduler_admin_action_logs", code)
	}
	if err := b.project.TryManage("flush", "--no-input"); err == nil {
		t.Error("flush emptied the audit")
	}
	b.wantValue(b.super, "5", "select count(*) from scheduler_admin_action_logs")
	b.wantValue(b.super, "2", "select count(*) from auth_user")
}

// Rights are Django's to give and to take, without anybody's asking PostgreSQL: the next operation knows.
func TestDjangoGivesAndTakesRights(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	b.install()
	sato := b.addOperator("sato", gate.Admin)
	b.django(`
sato = User.objects.get(username="sato")
night = Group.objects.get(name="Night shift")
permission = lambda codename: Permission.objects.get(content_type__app_label="opsdeck", codename=codename)`)
	detach := func(want string) {
		t.Helper()
		b.want(sato, begin(newID(), "worker.detach", "7"), want)
	}
	apply := func(want string) {
		t.Helper()
		b.want(sato, call{function: "settings_apply"}, want)
	}
	for _, step := range []struct{ code, detach, apply string }{
		{``, "refused right.missing", "refused right.missing"},
		{`sato.groups.add(Group.objects.get(name="schedule_ops_ops_admin"))`, "open", "done"},
		{`sato.is_active = False; sato.save()`, "refused operator.inactive", "refused operator.inactive"},
		{`sato.is_active = True; sato.save()`, "open", "done"},
		{`sato.groups.set([Group.objects.get(name="schedule_ops_app_operator")])`, "open", "refused right.missing"},
		{`sato.groups.set([night])`, "refused right.missing", "refused right.missing"},
		{`night.permissions.add(permission("ops_operator"))`, "open", "refused right.missing"},
		{`sato.user_permissions.add(permission("ops_admin"))`, "open", "done"},
		{`sato.user_permissions.clear(); night.permissions.clear()`, "refused right.missing", "refused right.missing"},
		{`sato.is_superuser = True; sato.save()`, "refused right.missing", "refused right.missing"}, // is no bypass
		{`sato.groups.set([]); sato.user_permissions.add(permission("ops_view"))`, "refused right.missing", "refused right.missing"},
		{`sato.username = "sato.h"; sato.save()`, "refused operator.unmapped", "refused operator.unmapped"},
		{`sato.username = "sato"; sato.save(); sato.user_permissions.add(permission("ops_admin"))`, "open", "done"},
		{`sato.delete()`, "refused operator.unmapped", "refused operator.unmapped"},
	} {
		b.django(step.code)
		detach(step.detach)
		apply(step.apply)
		if t.Failed() {
			t.Fatalf("after %s", step.code)
		}
	}

	// The right that the login has bounds what Django gives.
	suzuki := b.addOperator("suzuki", gate.View)
	b.django(`User.objects.get(username="suzuki").user_permissions.add(permission("ops_admin"))`)
	b.want(suzuki, call{function: "settings_apply"}, "refused right.missing")

	// Django's pages offer the three permissions, and Django itself knows who has them.
	if got := b.django(`
from django.test import Client
chief = User.objects.create_superuser("chief", password="a long one for Django alone")
client = Client()
client.force_login(chief)
page = client.get("/admin/auth/group/add/").content.decode()
result = [text in page for text in ["Can look at the scheduler in Opsdeck", "Can operate runs and workers in Opsdeck", "Can change jobs and settings in Opsdeck"]] \
    + [User.objects.get(username="suzuki").has_perm("opsdeck.ops_admin"), User.objects.get(username="suzuki").has_perm("opsdeck.ops_view")]`); got != "[true, true, true, true, false]" {
		t.Error(got)
	}
}
