package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestRunsInHandReachIntoTheWindow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	hour := func(n float64) *time.Time { return at(int(n * 3600)) }
	run := func(state scheduler.RunState, started, finished *time.Time) scheduler.Run {
		r := scheduler.Run{JobID: job, State: state, StartedAt: started, FinishedAt: finished, AssignedWorker: "w", CreatedAt: base}
		if started != nil {
			r.CreatedAt = *started
		}
		return r
	}
	ids := c.addRuns(
		run(scheduler.Succeeded, hour(1), hour(2)),     // over before it begins
		run(scheduler.Succeeded, hour(1), hour(3)),     // ends with its first moment
		run(scheduler.Failed, hour(2), hour(9)),        // longer than all of it
		run(scheduler.Succeeded, hour(3.5), hour(3.6)), // inside
		run(scheduler.Running, hour(3.7), nil),         // goes on
		run(scheduler.Succeeded, hour(4), hour(5)),     // begins with its end
		run(scheduler.Assigned, nil, nil),              // never started
		run(scheduler.Running, hour(-100), nil),        // has been running for days
		run(scheduler.Succeeded, hour(-100), hour(5)),  // has, and has ended: beyond the look back
		run(scheduler.Canceled, hour(3), nil),          // started, and nobody knows its end
	)
	got, more, err := c.store.RunsInHand(t.Context(), *hour(3), *hour(4), 10)
	if err != nil || more {
		t.Fatal(more, err)
	}
	want := []scheduler.RunID{ids[4], ids[3], ids[2], ids[1], ids[7]}
	if diff := cmp.Diff(want, idsOf(got)); diff != "" {
		t.Error(diff)
	}
	if got[0].JobName != "report" || got[0].AssignedWorker != "w" || !got[0].StartedAt.Equal(*hour(3.7)) {
		t.Errorf("%+v", got[0])
	}
	if got, more, err := c.store.RunsInHand(t.Context(), *hour(3), *hour(4), 2); err != nil || !more || len(got) != 2 || got[1].ID != ids[3] {
		t.Errorf("limited: %v, more %t, %v", idsOf(got), more, err)
	}
}

func TestRunsScheduledComeByJobAndTime(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	first, second := c.addJob("first"), c.addJob("second")
	run := func(job scheduler.JobID, due *time.Time) scheduler.Run {
		return scheduler.Run{JobID: job, ScheduledFor: due}
	}
	ids := c.addRuns(run(second, at(60)), run(first, at(120)), run(first, at(60)), run(first, at(0)), run(first, at(180)), run(second, nil))
	got, more, err := c.store.RunsScheduled(t.Context(), *at(60), *at(180), 10)
	if diff := cmp.Diff([]scheduler.RunID{ids[2], ids[1], ids[0]}, idsOf(got)); err != nil || more || diff != "" {
		t.Errorf("more %t, %v\n%s", more, err, diff)
	}
	if got, more, err := c.store.RunsScheduled(t.Context(), *at(60), *at(180), 2); err != nil || !more || len(got) != 2 {
		t.Errorf("limited: %d, more %t, %v", len(got), more, err)
	}
}

func TestTermsLastUntilTheNext(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	if _, recorded, err := c.store.Terms(t.Context(), *at(0), *at(100)); recorded || err != nil {
		t.Errorf("without the node's tables: %t, %v", recorded, err)
	}
	job := c.addJob("inferred")
	epoch := func(n int64) *int64 { return &n }
	c.addRuns(
		scheduler.Run{JobID: job, CreatedAt: *at(10), AssignedAt: at(12), LeaderEpoch: epoch(4)},
		scheduler.Run{JobID: job, CreatedAt: *at(20), AssignedAt: at(21), LeaderEpoch: epoch(4)},
		scheduler.Run{JobID: job, CreatedAt: *at(30), AssignedAt: at(33), LeaderEpoch: epoch(6)},
		scheduler.Run{JobID: job, CreatedAt: *at(200), AssignedAt: at(201), LeaderEpoch: epoch(7)},
		scheduler.Run{JobID: job, CreatedAt: *at(40)},
	)
	inferred, _, err := c.store.Terms(t.Context(), *at(0), *at(100))
	if diff := cmp.Diff([]console.Term{{Epoch: 4, Since: *at(12), Until: at(33)}, {Epoch: 6, Since: *at(33)}}, inferred); err != nil || diff != "" {
		t.Errorf("inferred: %v\n%s", err, diff)
	}
	c.addNodeTables()
	c.exec("insert into opsdeck_node.term values (1, 'a', $1), (2, 'b', $2), (3, 'a', $3), (7, 'c', $4)", at(0), at(10), at(20), at(30))
	got, recorded, err := c.store.Terms(t.Context(), *at(15), *at(30))
	want := []console.Term{{Epoch: 2, WorkerID: "b", Since: *at(10), Until: at(20)}, {Epoch: 3, WorkerID: "a", Since: *at(20), Until: at(30)}}
	if diff := cmp.Diff(want, got); err != nil || !recorded || diff != "" {
		t.Errorf("recorded %t, %v\n%s", recorded, err, diff)
	}
	if got, _, err := c.store.Terms(t.Context(), *at(31), *at(99)); err != nil || len(got) != 1 || got[0].Until != nil {
		t.Errorf("the present one: %+v, %v", got, err)
	}
}

func TestJobOutcomesAreTheLatestThatAreDueOrDone(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job, other := c.addJob("report"), c.addJob("other")
	soon := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	c.addRuns(
		scheduler.Run{JobID: job, State: scheduler.Failed, ScheduledFor: at(0), StartedAt: at(1), FinishedAt: at(2)},
		scheduler.Run{JobID: job, State: scheduler.Skipped, ScheduledFor: at(60), FinishedAt: at(400)},
		scheduler.Run{JobID: job, State: scheduler.Canceled, ScheduledFor: &soon, FinishedAt: at(1)},
		scheduler.Run{JobID: job, State: scheduler.Assigned, ScheduledFor: at(-60)},
		scheduler.Run{JobID: job, State: scheduler.Succeeded},
		scheduler.Run{JobID: other, State: scheduler.Succeeded, ScheduledFor: at(60)},
	)
	got, err := c.store.JobOutcomes(t.Context(), job, 2)
	want := []console.RunOutcome{
		{State: scheduler.Canceled, ScheduledFor: soon, FinishedAt: at(1)}, {State: scheduler.Skipped, ScheduledFor: *at(60), FinishedAt: at(400)},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestJobChangesComeFromTheAudit(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	write := func(second int, actor, action, target, payload string) {
		c.exec("insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ($1, $2, $3, $4, $5)",
			actor, action, target, payload, at(second))
	}
	write(0, "sato", "job.update", "7", `{"reason": "slower", "detail": {"changed": {"schedule": {"before": {"n": 1}, "after": {"n": 2}}, "enabled": {"after": true}}}}`)
	write(1, "", "job.delete", "7", `{"name": "x", "deleted_job_runs": 3}`)
	write(2, "tanaka", "job.update", "70", `[]`)
	write(3, "sato", "setting.set", "7", `{}`)
	write(4, "sato", "job.run", "7", `{"reason": null}`)
	short := func(changes console.Changes, err error) (all []string) {
		if err != nil || changes.Unreadable {
			t.Fatal(changes.Unreadable, err)
		}
		for _, change := range changes.List {
			all = append(all, change.Actor+" "+change.Action+" "+change.Target+" "+change.Reason)
		}
		return all
	}
	ctx := t.Context()
	of7 := []string{"sato job.run 7 ", " job.delete 7 ", "sato job.update 7 slower"}
	if diff := cmp.Diff(of7, short(c.store.JobChanges(ctx, console.ChangeFilter{JobID: 7, Limit: 10}))); diff != "" {
		t.Error(diff)
	}
	since := []string{"sato job.run 7 ", "tanaka job.update 70 "}
	if diff := cmp.Diff(since, short(c.store.JobChanges(ctx, console.ChangeFilter{Since: *at(2), Limit: 10}))); diff != "" {
		t.Error(diff)
	}
	of, err := c.store.JobChanges(ctx, console.ChangeFilter{JobID: 7, Limit: 10})
	fields := []console.FieldChange{
		{Field: "enabled", After: []byte("true")}, {Field: "schedule", Before: []byte(`{"n": 1}`), After: []byte(`{"n": 2}`)},
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields, of.List[2].Fields); diff != "" || of.List[1].Fields != nil {
		t.Errorf("%+v\n%s", of.List[1].Fields, diff)
	}
	limited, err := c.store.JobChanges(ctx, console.ChangeFilter{JobID: 7, Limit: 2})
	if err != nil || !limited.More || len(limited.List) != 2 {
		t.Errorf("limited: %+v, %v", limited, err)
	}
	// Behind the gate, where operators can't read the table, its view says the same.
	behind := open(t, servertest.Gate(t, c.url).Viewer)
	if diff := cmp.Diff(of7, short(behind.JobChanges(ctx, console.ChangeFilter{JobID: 7, Limit: 10}))); diff != "" {
		t.Error(diff)
	}
}

func TestALoginWithoutTheAuditIsToldNothing(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	changes, err := open(t, viewer(c)).JobChanges(t.Context(), console.ChangeFilter{JobID: 1, Limit: 5})
	if err != nil || !changes.Unreadable {
		t.Errorf("%+v, %v", changes, err)
	}
}

// The filter for late runs and the dashboard's count are one condition: the number leads to exactly those runs.
func TestLaterThanFindsWhatActivityCounts(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	ago := time.Now().Add(-time.Hour).UTC().Truncate(time.Minute)
	run := func(state scheduler.RunState, delay time.Duration) scheduler.Run {
		due := ago
		r := scheduler.Run{JobID: job, State: state, ScheduledFor: &due, CreatedAt: ago}
		if delay >= 0 {
			started := due.Add(delay)
			r.StartedAt = &started
		}
		ago = ago.Add(time.Second) // a job has one run a time
		return r
	}
	c.addRuns(
		run(scheduler.Succeeded, 0), run(scheduler.Succeeded, time.Minute), run(scheduler.Failed, time.Minute+time.Millisecond),
		run(scheduler.Pending, -1), run(scheduler.Skipped, -1), run(scheduler.Canceled, 2*time.Hour), run(scheduler.Running, 61*time.Second),
	)
	from, to := ago.Add(-time.Hour), ago.Add(time.Hour)
	activity, err := c.store.RunActivity(t.Context(), from, to, time.Hour, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	filter := console.RunFilter{LaterThan: time.Minute, CreatedFrom: &from, CreatedBefore: &to}
	found, more, err := c.store.ListRuns(t.Context(), filter, console.Cursor{}, 50)
	if diff := cmp.Diff(idsOf(activity.Late), idsOf(found)); err != nil || more || diff != "" || len(found) != activity.LateRuns || len(found) != 4 {
		t.Errorf("%d found, %d counted, %v\n%s", len(found), activity.LateRuns, err, diff)
	}
	if n, err := c.store.CountRuns(t.Context(), filter, 100); err != nil || n != len(found) {
		t.Errorf("%d counted in the list, %v", n, err)
	}
}
