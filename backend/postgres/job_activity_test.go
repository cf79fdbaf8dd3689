package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRunsAreCountedByJob(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	report, backup := c.addJob("report"), c.addJob("backup")
	run := func(job scheduler.JobID, state scheduler.RunState, created int, started, finished *time.Time) scheduler.Run {
		return scheduler.Run{JobID: job, State: state, CreatedAt: *at(created), StartedAt: started, FinishedAt: finished}
	}
	c.addRuns(
		run(report, scheduler.Succeeded, -1, at(0), at(90)), // before the window
		run(report, scheduler.Succeeded, 0, at(0), at(10)),
		run(report, scheduler.Failed, 1, at(0), at(20)),
		run(report, scheduler.Canceled, 2, at(0), at(500)),
		run(report, scheduler.Failed, 3, at(9), at(8)), // ends before it starts: no duration
		run(backup, scheduler.Running, 59, at(0), nil),
		run(backup, scheduler.Running, 60, at(0), nil), // after the window
	)
	got, err := c.store.JobActivity(t.Context(), base, *at(60))
	if err != nil {
		t.Fatal(err)
	}
	want := []console.JobActivity{
		{JobID: backup, JobName: "backup", States: map[scheduler.RunState]int{scheduler.Running: 1}},
		{
			JobID: report, JobName: "report", States: map[scheduler.RunState]int{scheduler.Succeeded: 1, scheduler.Failed: 2, scheduler.Canceled: 1},
			Duration: console.Percentiles{N: 2, P50: 15 * time.Second, P95: 19500 * time.Millisecond, P99: 19900 * time.Millisecond},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
