package gate_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Two migrations that an application may come with one day: one only adds, the other changes what is there.
const (
	addingMigration = `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("scheduler", "0007_jobrun_resource_usage")]
    operations = [migrations.AddField("jobdefinition", "owner", models.CharField(max_length=80, null=True))]
`
	changingMigration = `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("scheduler", "0008_adds")]
    operations = [
        migrations.AlterField("jobdefinition", "name", models.CharField(max_length=250)),
        migrations.AlterField("adminactionlog", "target", models.CharField(max_length=300)),
        migrations.AddField("adminactionlog", "host", models.CharField(max_length=80, null=True)),
        migrations.AlterField("event", "event_type", models.CharField(max_length=200)),
    ]
`
)

// What only adds needs nobody's help. What changes a column, or the audit table at all, needs the gate to step aside.
func TestDjangoMigratesBesideTheGate(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	b.install()
	b.django(`User.objects.get(username="sato").groups.add(Group.objects.get(name="schedule_ops_ops_admin"))`)
	b.admin = b.addOperator("sato", gate.Admin)
	b.viewer = b.admin
	works := func() {
		t.Helper()
		made := b.want(b.admin, call{function: "job_create", args: []any{`{"name": "n", "type": "time", "command_name": "c", "schedule": {"kind": "hourly", "minute": 5}}`}}, "done")
		b.want(b.admin, call{function: "event_ingest", args: []any{"file", `{}`, nil}}, "done")
		b.wantValue(b.admin, "n", "select name from opsdeck.job_definition where id = $1", made.id("job_id"))
		b.wantValue(b.admin, "gate", "select written_by from opsdeck.audit where id = $1", made.AuditID)
		if v := b.verify(nil, nil); !v.OK {
			t.Errorf("%+v", v)
		}
	}
	works()

	b.project.Write("scheduler/migrations/0008_adds.py", addingMigration)
	b.project.Manage("migrate")
	works()

	b.project.Write("scheduler/migrations/0009_changes.py", changingMigration)
	if err := b.project.TryManage("migrate"); err == nil || !strings.Contains(err.Error(), "cannot alter type of a column used by a view or rule") {
		t.Error(err)
	}
	if err := gate.ReturnAuditTable(t.Context(), b.dba, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	b.project.Manage("migrate")
	b.django(`AdminActionLog.objects.create(actor="sato", action="setting.set", target="written meanwhile")`)
	b.want(b.admin, call{function: "settings_apply"}, "done") // who operates by the functions still may
	b.install()
	works()
	b.wantValue(b.super, "0", "select count(*) from scheduler_admin_action_logs a where not exists (select from opsdeck.audit_chain c where c.audit_id = a.id)")

	// And back, and away: the schema is Django's again to the last right.
	if err := gate.ReturnAuditTable(t.Context(), b.dba, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	b.project.Manage("migrate", "scheduler", "0007")
	b.project.Remove("scheduler/migrations/0008_adds.py")
	b.project.Remove("scheduler/migrations/0009_changes.py")
	if err := gate.Uninstall(t.Context(), b.dba, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	b.wantAsMigrated()
}

// Taken out again, the database is what Django migrated.
func TestUninstallLeavesWhatDjangoMigrated(t *testing.T) {
	t.Parallel()
	b := newBeside(t)
	b.install()
	if b.dump() == b.before {
		t.Fatal("the comparison sees nothing of the gate")
	}
	b.admin = b.addOperator("sato", gate.Admin)
	b.django(`
night = Group.objects.get(name="Night shift")
night.permissions.add(Permission.objects.get(content_type__app_label="opsdeck", codename="ops_admin"))
User.objects.get(username="sato").groups.add(night)`)
	b.want(b.admin, call{function: "settings_apply"}, "done")
	if err := gate.AddIndexes(t.Context(), b.dba); err != nil {
		t.Fatal(err)
	}
	if err := gate.Uninstall(t.Context(), b.dba, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	b.wantAsMigrated()

	// The rows stay, Django's own, the operator's and that there is one; they are Django's to change again. So stays the
	// permission that somebody was given.
	if got := b.django(`
result = [AdminActionLog.objects.filter(action="setting.apply").update(actor="suzuki"), AdminActionLog.objects.all().delete()[0],
    list(Permission.objects.filter(content_type__app_label="opsdeck").values_list("codename", flat=True)), night.permissions.count()]`); got != `[1, 3, ["ops_admin"], 1]` {
		t.Error(got)
	}
	if _, err := b.admin.Exec(t.Context(), "select count(*) from scheduler_job_runs"); stateOf(err) != "42501" {
		t.Errorf("an operator's login still reads: %v", err)
	}
}

// Where one role owns the tables and Django connects as another, the audit table goes back to the one that owned it.
func TestTheAuditTableGoesBackToItsOwner(t *testing.T) {
	t.Parallel()
	url := servertest.Database(t)
	b := &beside{gated: &gated{T: t, url: url, super: servertest.Connect(t, servertest.Superuser(t, url)), owner: servertest.Connect(t, url)}}
	app, reporter := b.login("app"), b.login("reporter")
	b.exec(b.super, fmt.Sprintf(`create role %[1]s login password '%[3]s'; create role %[2]s;
		grant select, insert, update, delete on all tables in schema public to %[1]s; grant usage on all sequences in schema public to %[1]s;
		grant select on scheduler_admin_action_logs to %[2]s with grant option; grant select on scheduler_job_runs to public`, app, reporter, password))
	django := servertest.Connect(t, servertest.As(t, url, app, password))
	b.before = b.dump()
	options := gate.Options{SchedulerLogin: app}
	if _, err := gate.Install(t.Context(), b.super, options); err != nil {
		t.Fatal(err)
	}
	writes := func(conn *pgx.Conn) {
		t.Helper()
		b.exec(conn, insertAudit, "sato", "job.delete", "1", `{}`)
		b.value(conn, "select count(*) from scheduler_admin_action_logs")
	}
	dump := exec.CommandContext(t.Context(), "pg_dump", "--data-only", "--table=scheduler_admin_action_logs", url)
	if out, err := dump.CombinedOutput(); err != nil {
		t.Errorf("the owner's dump: %v\n%s", err, out)
	}
	for who, conn := range map[string]*pgx.Conn{"Django": django, "the owner": b.owner} {
		writes(conn)
		if _, err := conn.Exec(t.Context(), "delete from scheduler_admin_action_logs"); stateOf(err) != "42501" {
			t.Errorf("%s deletes: %v", who, err)
		}
	}
	for range 2 { // taken and given back twice
		if err := gate.ReturnAuditTable(t.Context(), b.super, gate.Options{}); err != nil {
			t.Fatal(err)
		}
		b.wantValue(b.super, "scheduler", "select relowner::regrole from pg_class where oid = 'scheduler_admin_action_logs'::regclass")
		writes(django)
		if _, err := gate.Install(t.Context(), b.super, gate.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := gate.Uninstall(t.Context(), b.super, gate.Options{}); err != nil {
		t.Fatal(err)
	}
	if after := b.dump(); after != b.before {
		t.Errorf("left behind:\n%s\nmissing:\n%s", difference(b.before, after), difference(after, b.before))
	}
}
