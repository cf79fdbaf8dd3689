//go:build linux

package node_test

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestSlotsAreMadeOnce(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	every := c.job(job{command: "true", schedule: `{"kind":"every_n_minutes","n":1}`})
	never := c.job(job{command: "true", schedule: `{"kind":"yearly"}`})
	for _, id := range []string{"one", "two", "three"} {
		c.start(id)
	}
	made := func(id scheduler.JobID) int {
		return value[int](c, `select count(*) from scheduler_job_runs where job_definition_id = $1`, id)
	}
	c.eventually("this minute and the next", func() bool { return made(every) >= 2 })
	c.redis.Del(t.Context(), "scheduler:leader:lock") // another leader makes the same
	c.eventually("the next leader has looked too", func() bool {
		return value[int64](c, `select epoch from opsdeck_node.term_current`) >= 2 && c.get("scheduler:leader:lock") != ""
	})
	byHand := c.run(every, 0)
	c.until(byHand, scheduler.Succeeded)
	if odd := value[int](c, `select count(*) from scheduler_job_runs where job_definition_id = $1 and id <> $2
		and scheduled_for <> date_trunc('minute', scheduled_for)`, every, int64(byHand)); odd != 0 {
		t.Errorf("%d slots lie between minutes", odd)
	}
	if n := made(every); n > 4 { // two slots, the run by hand, and a third slot when the minute has changed
		t.Errorf("%d runs", n)
	}
	if n := made(never); n != 0 {
		t.Errorf("%d runs of a job whose schedule is wrong", n)
	}
	if gaps := value[int64](c, `select max(id) - count(*) from scheduler_job_runs`); gaps != 0 {
		t.Errorf("%d ids were burnt", gaps)
	}
}

func TestRunStartsAtItsTime(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	c.start("w")
	c.leader()
	id := c.run(c.job(job{command: "true"}), 2*time.Second)
	c.until(id, scheduler.Assigned)
	if r := c.until(id, scheduler.Succeeded); r.StartedAt.Before(r.ScheduledFor) {
		t.Errorf("due %v, started %v", r.ScheduledFor, r.StartedAt)
	}
}

func TestRunsAreSpread(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	for _, id := range []string{"one", "two", "three"} {
		c.start(id)
	}
	c.crew(3)
	jobs := c.job(job{command: "true"})
	for range 18 {
		c.run(jobs, 20*time.Second)
	}
	c.eventually("all are given out", func() bool {
		return value[int](c, `select count(*) from scheduler_job_runs where state = 'ASSIGNED'`) == 18
	})
	if workers := value[int](c, `select count(distinct assigned_worker_id) from scheduler_job_runs`); workers != 3 {
		t.Errorf("only %d workers got any", workers)
	}
	leader, _ := c.leader()
	if n := value[int](c, `select count(*) from scheduler_job_runs where assigned_worker_id = $1`, leader); n > 6 {
		t.Errorf("the leader got %d of 18", n)
	}
}

func TestLateRunsAreSkippedUnlessTheyWereLost(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: "true"})
	late, lost := c.run(jobs, -time.Hour), c.run(jobs, -time.Hour+time.Minute)
	c.exec(`update scheduler_job_runs set state = 'ORPHANED', attempt = 1 where id = $1`, lost)
	c.start("w")
	if r := c.until(late, scheduler.Skipped); r.FinishedAt == nil || r.Summary == "" {
		t.Errorf("incomplete row %+v", r)
	}
	if r := c.until(lost, scheduler.Succeeded); r.Attempt != 1 {
		t.Errorf("attempt %d", r.Attempt)
	}
}

func TestDrainingAndDetachedWorkersGetNothing(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 3600)
	drained := c.start("drained")
	c.start("detached")
	c.start("free")
	c.crew(3)
	jobs := c.job(job{command: "true"})
	var runs []scheduler.RunID
	for range 9 {
		runs = append(runs, c.run(jobs, 20*time.Second))
	}
	c.eventually("all are given out", func() bool {
		return value[int](c, `select count(distinct assigned_worker_id) from scheduler_job_runs where state = 'ASSIGNED'`) == 3
	})
	c.drain(drained, true)
	c.redis.Set(t.Context(), "scheduler:detach:detached", `{"by":"operator"}`, 0)
	c.eventually("both say so", func() bool {
		return c.hash("drained")["draining"] == "1" && c.hash("detached")["detached"] == "1"
	})
	c.exec(`update scheduler_job_runs set scheduled_for = now() + id * interval '1 microsecond'`)
	for range 3 {
		runs = append(runs, c.run(jobs, 0))
	}
	for _, id := range runs {
		if r := c.until(id, scheduler.Succeeded); r.Worker != "free" {
			t.Errorf("run %d ran on %s", id, r.Worker)
		}
	}
}

func TestRefusalStarvesNobody(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	c.leader()
	bad := c.run(c.job(job{command: "true", args: "5"}), -time.Minute) // no worker takes it
	c.eventually("it was refused", func() bool {
		r := c.row(bad)
		return r.State == scheduler.Pending && r.Epoch != nil
	})
	good := c.job(job{command: "true"})
	for range 3 {
		c.until(c.run(good, 0), scheduler.Succeeded)
	}
	if r := c.row(bad); r.State.Final() {
		t.Errorf("the refused run is %s", r.State)
	}
}

func TestDueRunDoesNotWaitBehindABusyWorker(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	busy := c.start("busy")
	c.leader()
	long := c.run(c.job(job{command: "exec sleep 600"}), 0)
	c.until(long, scheduler.Running)
	next := c.run(c.job(job{command: "true"}), 2*time.Second)
	if r := c.until(next, scheduler.Assigned); r.Worker != "busy" {
		t.Fatalf("it is %s's", r.Worker)
	}
	c.start("free", func(config *node.Config) { config.NodeID = "other" })
	if r := c.until(next, scheduler.Succeeded); r.Worker != "free" {
		t.Errorf("it ran on %s", r.Worker)
	}
	c.cancel(busy, long, "")
	c.until(long, scheduler.Canceled)
}

func TestCommandThatCannotStartFails(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w", func(config *node.Config) { config.CommandTemplate = []string{"/no/such/program", "{command}"} })
	id := c.run(c.job(job{command: "x"}), 0)
	if r := c.until(id, scheduler.Failed); r.Summary == "" || r.ExitCode != nil {
		t.Errorf("summary %q, exit code %v", r.Summary, r.ExitCode)
	}
}
