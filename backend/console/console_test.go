package console_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestPagesKnowWhereTheyStand(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	for i := range 5 {
		e.addRun(scheduler.Succeeded, "", i)
	}
	list := func(c console.Cursor) console.RunPage {
		page, err := e.ListRuns(t.Context(), console.RunFilter{}, c, 2)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	check := func(name string, p console.RunPage, runs int, newer, older bool) {
		t.Helper()
		if len(p.Runs) != runs || p.HasNewer != newer || p.HasOlder != older {
			t.Errorf("%s: %d runs, newer %t, older %t", name, len(p.Runs), p.HasNewer, p.HasOlder)
		}
	}
	first := list(console.Cursor{})
	check("first", first, 2, false, true)
	second := list(console.Older(first.Runs[1]))
	check("second", second, 2, true, true)
	third := list(console.Older(second.Runs[1]))
	check("third", third, 1, true, false)
	check("back to the second", list(console.Newer(third.Runs[0])), 2, true, true)
	check("back to the first", list(console.Newer(second.Runs[0])), 2, false, true)
	if _, err := e.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, console.MaxPageSize+1); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("a page that is too large: %v", err)
	}
}

func TestCountsAreExactThenAGuessThenUnknown(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.addRun(scheduler.Failed, "", 0)
	e.exec(`insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary,
	  log_ref, idempotency_key, continuation_state, created_at, updated_at)
	  select $1, now() + n * interval '1 s', '', 'SUCCEEDED', 0, 0, '', '', '', 'NONE', now(), now() from generate_series(1, $2::int) n`,
		e.job, console.CountLimit+500)
	e.exec("analyze scheduler_job_runs")
	count := func(f console.RunFilter) console.Count {
		c, err := e.CountRuns(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if got := count(console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}); got != (console.Count{N: 1}) {
		t.Errorf("one run: %+v", got)
	}
	if got := count(console.RunFilter{}); got.N != console.CountLimit || !got.Capped || got.Guess != console.CountLimit+501 {
		t.Errorf("many runs: %+v", got)
	}
	blocker, err := e.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Rollback(context.WithoutCancel(t.Context()))
	if _, err := blocker.Exec(t.Context(), "lock table scheduler_job_runs"); err != nil {
		t.Fatal(err)
	}
	if got := count(console.RunFilter{}); !got.Unknown {
		t.Errorf("a count that takes too long: %+v", got)
	}
}

func TestALogIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	id := e.addRun(scheduler.Running, "w-1", 0)
	write := func(seq int, data string) {
		e.exec("insert into opsdeck_node.run_log values ($1, 0, $2, now(), 'stdout', $3)", int64(id), seq, []byte(data))
	}
	read := func(after int64) console.LogPage {
		page, err := e.RunLog(t.Context(), id, 0, after)
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	if p := read(0); p.More || p.Ended || p.Next != 0 {
		t.Errorf("an empty log of a running run: %+v", p)
	}
	large := strings.Repeat("x", console.MaxLogBytes)
	write(1, "first\n")
	write(2, large) // doesn't fit beside the first
	if p := read(0); len(p.Chunks) != 1 || p.Next != 1 || !p.More {
		t.Errorf("the first page: %d chunks, next %d, more %t", len(p.Chunks), p.Next, p.More)
	}
	e.exec("update scheduler_job_runs set state = 'SUCCEEDED' where id = $1", int64(id))
	if p := read(0); !p.More || p.Ended {
		t.Errorf("the first page of a finished run: more %t, ended %t", p.More, p.Ended)
	}
	if p := read(1); len(p.Chunks) != 1 || p.Next != 2 || p.More || !p.Ended {
		t.Errorf("the last page: %d chunks, next %d, more %t, ended %t", len(p.Chunks), p.Next, p.More, p.Ended)
	}
	if p := read(2); len(p.Chunks) != 0 || p.Next != 2 || !p.Ended {
		t.Errorf("behind the end: %+v", p)
	}
}

func TestWorkersThatOnlyTheDatabaseKnowsAreLost(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.addWorker("w-1", "node-a", nobody(t))
	running := e.addRun(scheduler.Running, "w-1", 0)
	e.addRun(scheduler.Assigned, "gone", 0)
	list, err := e.ListWorkers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var short []string
	for _, w := range list.Workers {
		short = append(short, fmt.Sprint(w.ID, " ", w.Lost, " ", w.Open))
	}
	want := []string{fmt.Sprintf("w-1 false {0 1 %d}", running), "gone true {1 0 0}"}
	if diff := cmp.Diff(want, short); diff != "" {
		t.Error(diff)
	}
	if again, err := e.ListWorkers(t.Context()); err != nil || len(again.Workers) != 2 {
		t.Errorf("a second look within seconds: %v", err)
	}
}

func TestWorkerDetailNeedsSomeTrace(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	old := e.addRun(scheduler.Succeeded, "left", 3600)
	e.addRun(scheduler.Succeeded, "long gone", 7*3600)
	assigned := e.addRun(scheduler.Assigned, "busy", 7*3600)
	if w, err := e.Worker(t.Context(), "left"); err != nil || !w.Worker.Lost || len(w.Recent) != 1 || w.Recent[0].ID != old {
		t.Errorf("a worker that left an hour ago: %+v, %v", w, err)
	}
	if w, err := e.Worker(t.Context(), "busy"); err != nil || len(w.Assigned) != 1 || w.Assigned[0].ID != assigned {
		t.Errorf("a worker that still has work: %+v, %v", w, err)
	}
	if _, err := e.Worker(t.Context(), "long gone"); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a worker without a trace: %v", err)
	}
}

func TestBeliefsAskEveryWorker(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.addWorker("w-1", "node-a", listen(t, "w-1", 4))
	e.addWorker("w-2", "node-b", listen(t, "w-2", 3))
	e.addWorker("w-3", "node-c", nobody(t))
	if err := e.redis.MSet(t.Context(), "scheduler:leader:lock", "w-1", "scheduler:leader:epoch", 4).Err(); err != nil {
		t.Fatal(err)
	}
	got, err := e.Beliefs(t.Context())
	if err != nil || len(got.Workers) != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	leader, lagging, dead := got.Workers[0], got.Workers[1], got.Workers[2]
	if leader.Disagree || leader.Role != scheduler.Leader || leader.RoundTrip == nil || leader.Err != nil {
		t.Errorf("the leader: %+v", leader)
	}
	if !lagging.Disagree || *lagging.Epoch != 3 {
		t.Errorf("a worker an epoch behind: %+v", lagging)
	}
	if scheduler.CodeOf(dead.Err) != scheduler.Unavailable || dead.Epoch != nil {
		t.Errorf("a worker that does not answer: %+v", dead)
	}
}

func TestProbeAsksForEverything(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.addWorker("w-1", "node-a", listen(t, "w-1", 4))
	p, err := e.ProbeWorker(t.Context(), "w-1")
	if err != nil || p.Err != nil || p.Pong == nil || p.Status == nil || p.Status.CurrentRun != "5" || p.Certificate != nil {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := e.ProbeWorker(t.Context(), "w-2"); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a worker that isn't there: %v", err)
	}
}

func TestTheDashboardPutsItTogether(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	e.addWorker("w-1", "node-a", nobody(t))
	e.addRun(scheduler.Running, "w-1", 60)
	e.addRun(scheduler.Failed, "w-1", 60)
	e.addRun(scheduler.Failed, "w-1", 25*3600)
	if err := e.redis.Set(t.Context(), "scheduler:leader:lock", "w-1", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	cluster, err := e.Cluster(t.Context())
	if err != nil || cluster.LeaderNode != "node-a" || cluster.Workers != (console.WorkerSummary{Total: 1, Running: 1}) {
		t.Errorf("%+v, %v", cluster, err)
	}
	activity, err := e.Activity(t.Context())
	if err != nil || activity.FailedRuns != 1 || activity.Open[scheduler.Running] != 1 || len(activity.NextDue) == 0 {
		t.Errorf("%+v, %v", activity, err)
	}
	jobs, err := e.ListJobs(t.Context())
	if err != nil || len(jobs.Jobs) != 1 || len(jobs.Jobs[0].Next) != 3 || jobs.Jobs[0].ScheduleError != nil {
		t.Errorf("%+v, %v", jobs, err)
	}
}
