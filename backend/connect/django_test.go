package connect_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/djangoproject"
)

// A database that Django itself has migrated is read and operated like any other, and Django finds what was done.
func TestADatabaseThatDjangoMade(t *testing.T) {
	t.Parallel()
	database := servertest.EmptyDatabase(t)
	django := djangoproject.New(t, database)
	django.Manage("migrate")
	django.Do(`for name in ["schedule_ops_app_operator", "schedule_ops_ops_admin"]: Group.objects.create(name=name)`)
	logins := servertest.Gate(t, database)
	a := servertest.Access(t, logins.Admin, servertest.Redis(t))
	c, err := connect.Open(t.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()

	perform := func(plan operations.Plan, err error) operations.Outcome {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := c.Commands.Perform(t.Context(), plan, operations.Order{Reason: "to try it"})
		if err != nil || outcome.Result != operations.Done {
			t.Fatalf("%+v, %v", outcome, err)
		}
		return outcome
	}
	perform(c.Commands.PlanCreateJob(t.Context(), scheduler.Job{
		Name: "report", Enabled: true, Type: scheduler.TimeJob, Command: "report", ConcurrencyPolicy: "forbid",
		Schedule: json.RawMessage(`{"kind": "daily", "time": "02:30"}`), DefaultArgs: json.RawMessage(`{"token": "secret"}`),
	}))
	jobs, err := c.Console.ListJobs(t.Context())
	if err != nil || len(jobs.Jobs) != 1 {
		t.Fatalf("%+v, %v", jobs, err)
	}
	perform(c.Commands.PlanRunNow(t.Context(), jobs.Jobs[0].Job.ID, ""))
	if runs, err := c.Console.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, 50); err != nil || len(runs.Runs) != 1 {
		t.Errorf("%+v, %v", runs, err)
	}
	got := django.Do(`
run = JobRun.objects.select_related("job_definition").get()
result = [run.state, run.job_definition.name, run.job_definition.default_args_json, list(AdminActionLog.objects.order_by("id").values_list("actor", "action"))[-2:]]`)
	if want := `["PENDING", "report", {"token": "secret"}, [["admin", "job.create"], ["admin", "job.run"]]]`; got != want {
		t.Errorf("Django finds %s", got)
	}
}
