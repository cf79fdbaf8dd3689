package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestRunGivesEveryColumn(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("nightly report")
	id := c.addRuns(scheduler.Run{JobID: job})[0]
	c.exec(`update scheduler_job_runs set scheduled_for = $1, assigned_at = $2, assigned_worker_id = 'w-1', state = 'FAILED', attempt = 1,
	  version = 7, leader_epoch = 42, started_at = $3, finished_at = $4, exit_code = 3, error_summary = 'boom', log_ref = 'db:1/1',
	  idempotency_key = 'retry:1:2', continuation_state = 'CONFIRMING', continuation_check_started_at = $5,
	  continuation_check_deadline_at = $6, resource_cpu_seconds_total = 1.5, resource_peak_rss_bytes = 1, resource_io_read_bytes = 2,
	  resource_io_write_bytes = 3, updated_at = $7`, at(1), at(2), at(3), at(4), at(5), at(6), at(7))
	epoch, cpu, exit, rss, read, write := int64(42), 1.5, 3, int64(1), int64(2), int64(3)
	want := scheduler.Run{
		ID: id, JobID: job, JobName: "nightly report", Command: "report", ScheduledFor: at(1), AssignedAt: at(2), AssignedWorker: "w-1",
		State: scheduler.Failed, Attempt: 1, Version: 7, LeaderEpoch: &epoch, StartedAt: at(3), FinishedAt: at(4), ExitCode: &exit,
		ErrorSummary: "boom", LogRef: "db:1/1", IdempotencyKey: "retry:1:2", CPUSeconds: &cpu, PeakRSSBytes: &rss,
		IOReadBytes: &read, IOWriteBytes: &write, Continuation: scheduler.Confirming, ConfirmingSince: at(5),
		ConfirmingDeadlineAt: at(6), CreatedAt: base, UpdatedAt: *at(7),
	}
	got, err := c.store.Run(t.Context(), id)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := c.store.Run(t.Context(), id+1); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a run that isn't there: %v", err)
	}
}

func TestAttemptsAreThoseThatNodesRecorded(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	if attempts, err := c.store.Attempts(t.Context(), 1); err != nil || len(attempts) != 0 {
		t.Fatalf("a cluster whose nodes record nothing: %v, %v", attempts, err)
	}
	c.addNodeTables()
	c.exec(`insert into opsdeck_node.run_attempt values (1, 1, 'w-2', 6, $1, null, null, null, null),
	  (1, 0, 'w-1', 5, $2, $3, 'ORPHANED', -9, 'worker lost'), (2, 0, 'w-3', 5, $2, null, '', null, '')`, at(10), at(0), at(9))
	exit := -9
	want := []scheduler.Attempt{
		{Number: 0, WorkerID: "w-1", LeaderEpoch: 5, StartedAt: *at(0), EndedAt: at(9), Outcome: "ORPHANED", ExitCode: &exit, Note: "worker lost"},
		{Number: 1, WorkerID: "w-2", LeaderEpoch: 6, StartedAt: *at(10)},
	}
	got, err := c.store.Attempts(t.Context(), 1)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

// A login that may see the scheduler's tables but not the node's gets no attempts and no log, and no error either.
func TestNodeTablesOutOfReachAreAbsent(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addNodeTables()
	store := open(t, viewer(c))
	if attempts, err := store.Attempts(t.Context(), 1); err != nil || len(attempts) != 0 {
		t.Errorf("attempts %v, error %v", attempts, err)
	}
	id := c.addRuns(scheduler.Run{JobID: c.addJob("report"), State: scheduler.Running, Version: 3})[0]
	if part, err := store.LogPart(t.Context(), id, 0, 0, 100); err != nil || len(part.Chunks) != 0 || part.RunVersion != 3 {
		t.Errorf("%+v, error %v", part, err)
	}
}

func TestLogPartsKeepToTheirBudget(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.addNodeTables()
	c.addRuns(scheduler.Run{JobID: c.addJob("report"), State: scheduler.Running, Attempt: 1, Version: 7})
	for seq, chunk := range []string{"12345", "\x00\xff", "", "1234567890", "x"} {
		c.exec("insert into opsdeck_node.run_log values (1, 0, $1, $2, 'stdout', $3)", seq+1, base, []byte(chunk))
	}
	c.exec("insert into opsdeck_node.run_log values (1, 1, 1, $1, 'stderr', 'other attempt')", base)
	for _, test := range []struct {
		after    int64
		maxBytes int
		want     []int64
		more     bool
	}{
		{0, 100, []int64{1, 2, 3, 4, 5}, false},
		{0, 7, []int64{1, 2, 3}, true},
		{0, 1, []int64{1}, true}, // at least one, however large
		{3, 1, []int64{4}, true},
		{4, 1, []int64{5}, false},
		{5, 1, nil, false},
	} {
		before := c.store.Statements()
		part, err := c.store.LogPart(t.Context(), 1, 0, test.after, test.maxBytes)
		var got []int64
		for _, chunk := range part.Chunks {
			got = append(got, chunk.Seq)
		}
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" || part.More != test.more {
			t.Errorf("after %d, %d bytes: more %t, error %v\n%s", test.after, test.maxBytes, part.More, err, diff)
		}
		if part.State != scheduler.Running || part.RunAttempt != 1 || part.RunVersion != 7 {
			t.Errorf("after %d: its run is %+v", test.after, part)
		}
		if n := c.store.Statements() - before; n != 1 {
			t.Errorf("%d statements, and it is asked ten times a minute", n)
		}
	}
	part, _ := c.store.LogPart(t.Context(), 1, 0, 1, 2)
	if got := part.Chunks[0]; string(got.Data) != "\x00\xff" || got.Stream != "stdout" || !got.At.Equal(base.UTC()) || got.At.Location() != time.UTC {
		t.Errorf("a chunk is read as %+v", got)
	}
}

func TestARunHasItsOwnArguments(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ids := c.addRuns(scheduler.Run{JobID: c.addJob("report")}, scheduler.Run{JobID: c.addJob("other")})
	if got, err := c.store.Run(t.Context(), ids[0]); err != nil || got.Args != nil {
		t.Errorf("without the node's tables: %s, %v", got.Args, err)
	}
	c.addNodeTables()
	c.exec(`insert into opsdeck_node.run_args values ($1, '{"day": 1, "password": "x"}')`, int64(ids[0]))
	if got, err := c.store.Run(t.Context(), ids[0]); err != nil || string(got.Args) != `{"day": 1, "password": "x"}` {
		t.Errorf("%s, %v", got.Args, err)
	}
	if got, err := c.store.Run(t.Context(), ids[1]); err != nil || got.Args != nil {
		t.Errorf("a run without any: %s, %v", got.Args, err)
	}
	behind := open(t, servertest.Gate(t, c.url).Viewer)
	if got, err := behind.Run(t.Context(), ids[0]); err != nil || string(got.Args) != `{"day": 1, "password": "<masked>"}` {
		t.Errorf("behind the gate: %s, %v", got.Args, err)
	}
}
