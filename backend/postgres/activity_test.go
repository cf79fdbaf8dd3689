package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRunActivityAggregatesItsWindow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	minute := func(n int) *time.Time { return at(60 * n) }
	run := func(state scheduler.RunState, created int, due, started, finished *time.Time) scheduler.Run {
		return scheduler.Run{JobID: job, State: state, CreatedAt: *minute(created), ScheduledFor: due, StartedAt: started, FinishedAt: finished}
	}
	ids := c.addRuns(
		run(scheduler.Succeeded, -1, minute(-1), minute(-1), minute(8)),   // before the window
		run(scheduler.Succeeded, 0, at(0), at(0), at(10)),                 // on its first moment
		run(scheduler.Failed, 1, at(60), at(62), at(82)),                  // 2 s late: within the limit
		run(scheduler.TimedOut, 31, minute(31), minute(33), at(33*60+30)), // late
		run(scheduler.Succeeded, 32, minute(32), at(32*60-10), at(32*60)), // early counts as no delay
		run(scheduler.Skipped, 33, minute(33), nil, minute(39)),           // never started and never will: not late
		run(scheduler.Pending, 34, minute(34), nil, nil),                  // long overdue: late
		run(scheduler.Running, 35, nil, minute(35), nil),                  // due at no time
		run(scheduler.Failed, 36, minute(36), minute(40), minute(39)),     // ends before it starts: no duration
		run(scheduler.Assigned, 60, minute(60), nil, nil),                 // after the window, but open
		run(scheduler.Canceled, 59, minute(59), nil, nil),
	)
	got, err := c.store.RunActivity(t.Context(), base, *minute(60), 30*time.Minute, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	count := func(start int, state scheduler.RunState, n int) console.StateCount {
		return console.StateCount{Start: *minute(start), State: state, Runs: n}
	}
	wantBuckets := []console.StateCount{
		count(0, scheduler.Failed, 1), count(0, scheduler.Succeeded, 1),
		count(30, scheduler.Canceled, 1), count(30, scheduler.Failed, 1), count(30, scheduler.Pending, 1), count(30, scheduler.Running, 1),
		count(30, scheduler.Skipped, 1), count(30, scheduler.Succeeded, 1), count(30, scheduler.TimedOut, 1),
	}
	if diff := cmp.Diff(wantBuckets, got.Buckets); diff != "" {
		t.Errorf("buckets\n%s", diff)
	}
	wantOpen := map[scheduler.RunState]int{scheduler.Pending: 1, scheduler.Running: 1, scheduler.Assigned: 1}
	if diff := cmp.Diff(wantOpen, got.Open); diff != "" {
		t.Errorf("open runs\n%s", diff)
	}
	if diff := cmp.Diff([]scheduler.RunID{ids[8], ids[3], ids[2]}, idsOf(got.Failures)); diff != "" || got.FailedRuns != 3 {
		t.Errorf("%d failures\n%s", got.FailedRuns, diff)
	}
	if diff := cmp.Diff([]scheduler.RunID{ids[8], ids[6], ids[3]}, idsOf(got.Late)); diff != "" || got.LateRuns != 3 {
		t.Errorf("%d late runs\n%s", got.LateRuns, diff)
	}
	// Durations 10, 20, 30 and 10 s; delays 0, 2, 120, 0 and 240 s.
	if want := (console.Percentiles{N: 4, P50: 15 * time.Second, P95: 28500 * time.Millisecond, P99: 29700 * time.Millisecond}); got.Duration != want {
		t.Errorf("durations %+v, not %+v", got.Duration, want)
	}
	if want := (console.Percentiles{N: 5, P50: 2 * time.Second, P95: 216 * time.Second, P99: 235200 * time.Millisecond}); got.StartDelay != want {
		t.Errorf("delays %+v, not %+v", got.StartDelay, want)
	}
}

func TestRunActivityOfAnEmptyWindow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	got, err := c.store.RunActivity(t.Context(), base, base.Add(time.Hour), time.Minute, time.Minute)
	if err != nil || len(got.Buckets) != 0 || got.Duration.N != 0 || got.StartDelay.N != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestOpenRunsByWorker(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	ids := c.addRuns(
		scheduler.Run{JobID: job, AssignedWorker: "a", State: scheduler.Running},
		scheduler.Run{JobID: job, AssignedWorker: "a", State: scheduler.Assigned},
		scheduler.Run{JobID: job, AssignedWorker: "a", State: scheduler.Assigned},
		scheduler.Run{JobID: job, AssignedWorker: "b", State: scheduler.Assigned},
		scheduler.Run{JobID: job, AssignedWorker: "c", State: scheduler.Succeeded},
		scheduler.Run{JobID: job, State: scheduler.Pending},
	)
	got, err := c.store.OpenRunsByWorker(t.Context())
	want := map[string]console.OpenRuns{"a": {Assigned: 2, Running: 1, RunningRun: ids[0]}, "b": {Assigned: 1}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
