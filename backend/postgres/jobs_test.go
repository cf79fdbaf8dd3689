package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestListJobsJudgesTheLatestRuns(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	second, first, idle := c.addJob("b"), c.addJob("a"), c.addJob("c")
	soon := time.Now().Add(time.Minute).Truncate(time.Second)
	run := func(job scheduler.JobID, state scheduler.RunState, due *time.Time) scheduler.Run {
		r := scheduler.Run{JobID: job, State: state, ScheduledFor: due}
		if state.Final() {
			r.FinishedAt = due
		}
		return r
	}
	ids := c.addRuns(
		run(first, scheduler.Failed, at(0)), // too old to count
		run(first, scheduler.Succeeded, at(60)),
		run(first, scheduler.TimedOut, at(120)),
		run(first, scheduler.Skipped, at(180)), // did not end by itself
		run(first, scheduler.Running, at(240)), // the latest that is due
		run(first, scheduler.Pending, &soon),   // not due yet
		run(first, scheduler.Failed, nil),      // due at no time
		run(second, scheduler.Succeeded, at(0)),
	)
	got, err := c.store.ListJobs(t.Context(), 5)
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		job              scheduler.JobID
		last             *console.RunResult
		succeeded, ended int
	}
	var short []result
	for _, j := range got {
		short = append(short, result{j.Job.ID, j.LastRun, j.Succeeded, j.Ended})
	}
	want := []result{
		{first, &console.RunResult{ID: ids[4], State: scheduler.Running, ScheduledFor: at(240)}, 1, 2},
		{second, &console.RunResult{ID: ids[7], State: scheduler.Succeeded, ScheduledFor: at(0), FinishedAt: at(0)}, 1, 1},
		{idle, nil, 0, 0},
	}
	if diff := cmp.Diff(want, short, cmp.AllowUnexported(result{})); diff != "" {
		t.Error(diff)
	}
}

func TestJobGivesEveryColumn(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	id := c.addJob("report")
	c.exec("update scheduler_job_definitions set created_at = $1, updated_at = $2", at(0), at(1))
	want := scheduler.Job{
		ID: id, Name: "report", Enabled: true, Type: scheduler.TimeJob, Command: "report", DefaultArgs: []byte(`{"a": 1}`),
		Schedule: []byte(`{"kind": "hourly", "minute": 5}`), Timeout: 90 * time.Second, MaxRetries: 2, RetryBackoff: 30 * time.Second,
		ConcurrencyPolicy: scheduler.Forbid, CreatedAt: *at(0), UpdatedAt: *at(1),
	}
	got, err := c.store.Job(t.Context(), id)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := c.store.Job(t.Context(), id+1); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a job that isn't there: %v", err)
	}
}

func TestEnabledJobsLeavesOutTheOthers(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	on, off := c.addJob("on"), c.addJob("off")
	c.exec("update scheduler_job_definitions set enabled = false where id = $1", int64(off))
	got, err := c.store.EnabledJobs(t.Context())
	if err != nil || len(got) != 1 || got[0].ID != on {
		t.Errorf("%+v, %v", got, err)
	}
}

// Behind the gate an operator reads jobs through a view that masks their secrets.
func TestSecretsInArgumentsAreMaskedBehindTheGate(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	id := c.addJob("report")
	c.exec(`update scheduler_job_definitions set default_args_json = '{"day": 1, "api_key": "k1"}'`)
	store := open(t, servertest.Gate(t, c.url).Viewer)
	one, err := store.Job(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	list, err := store.ListJobs(t.Context(), 5)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	enabled, err := store.EnabledJobs(t.Context())
	if err != nil || len(enabled) != 1 {
		t.Fatal(enabled, err)
	}
	if string(one.DefaultArgs) != `{"day": 1, "api_key": "<masked>"}` || !one.ArgsMasked {
		t.Errorf("%s, said to be masked: %t", one.DefaultArgs, one.ArgsMasked)
	}
	if list[0].Job.DefaultArgs != nil || enabled[0].DefaultArgs != nil {
		t.Errorf("lists carry arguments: %s, %s", list[0].Job.DefaultArgs, enabled[0].DefaultArgs)
	}
}
