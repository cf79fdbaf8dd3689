//go:build linux

package node_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// keyed waits for the run with an idempotency key.
func (c *testCluster) keyed(key string) (id scheduler.RunID) {
	c.t.Helper()
	c.eventually("a run has the key "+key, func() bool {
		id = scheduler.RunID(value[int64](c, `select coalesce(max(id), 0) from scheduler_job_runs where idempotency_key = $1`, key))
		return id != 0
	})
	return id
}

func (c *testCluster) runs(job scheduler.JobID) int {
	c.t.Helper()
	return value[int](c, `select count(*) from scheduler_job_runs where job_definition_id = $1`, job)
}

// ticks waits until the leader has looked twice.
func (c *testCluster) ticks() {
	c.t.Helper()
	for range 2 {
		last := c.get("scheduler:leader:last_seen_ts")
		c.eventually("the leader's next tick", func() bool { return c.get("scheduler:leader:last_seen_ts") != last })
	}
}

func TestFailedRunsAreRetried(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	flag := filepath.Join(t.TempDir(), "flag")
	// Fails twice, then works: the file grows by a letter each time.
	jobs := c.job(job{command: "printf x >> " + flag + "; test $(wc -c < " + flag + ") -gt 2", retries: 5, backoff: 1})
	first := c.run(jobs, 0)
	failed := c.until(first, scheduler.Failed)
	second := c.keyed(fmt.Sprintf("retry:%d:1", first))
	if again := c.until(second, scheduler.Failed); again.StartedAt.Before(failed.FinishedAt.Add(time.Second)) {
		t.Errorf("failed at %v, retried at %v", failed.FinishedAt, again.StartedAt)
	} else if third := c.until(c.keyed(fmt.Sprintf("retry:%d:2", first)), scheduler.Succeeded); third.StartedAt.Before(again.FinishedAt.Add(2 * time.Second)) {
		t.Errorf("the second wait is not twice the first: failed at %v, retried at %v", again.FinishedAt, third.StartedAt)
	}
	c.ticks()
	if n := c.runs(jobs); n != 3 {
		t.Errorf("%d runs, want 3", n)
	}
	if watched := value[int](c, `select count(*) from opsdeck_node.retry_watch`); watched != 0 {
		t.Errorf("%d runs are still watched", watched)
	}
	if r := c.row(first); r.State != scheduler.Failed || r.Summary == "" {
		t.Errorf("the history lost the first failure: %+v", r)
	}
}

func TestWhatIsNotRetried(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w")
	_, _ = c.leader()
	spent := c.job(job{command: "exit 1", retries: 1})
	first := c.run(spent, 0)
	c.until(c.keyed(fmt.Sprintf("retry:%d:1", first)), scheduler.Failed)

	canceled := c.job(job{command: "exec sleep 600", retries: 3})
	id := c.run(canceled, 0)
	c.until(id, scheduler.Running)
	c.cancel(w, id, "")
	c.until(id, scheduler.Canceled)

	none := c.job(job{command: "exit 1"})
	c.until(c.run(none, 0), scheduler.Failed)

	slow := c.job(job{command: "exec sleep 600", timeout: 1, retries: 1})
	late := c.run(slow, 0)
	c.until(late, scheduler.TimedOut)
	c.until(c.keyed(fmt.Sprintf("retry:%d:1", late)), scheduler.TimedOut)

	c.eventually("nothing is watched", func() bool { return value[int](c, `select count(*) from opsdeck_node.retry_watch`) == 0 })
	for job, want := range map[scheduler.JobID]int{spent: 2, canceled: 1, none: 1, slow: 2} {
		if n := c.runs(job); n != want {
			t.Errorf("job %d has %d runs, want %d", job, n, want)
		}
	}
}

func TestForbidSkips(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w1")
	c.start("w2")
	c.crew(2)
	jobs := c.job(job{command: "exec sleep 600", policy: "forbid"})
	running := c.run(jobs, 0)
	who := c.until(running, scheduler.Running).Worker
	second, third := c.run(jobs, 0), c.run(jobs, time.Second)
	for _, id := range []scheduler.RunID{second, third} {
		r := c.until(id, scheduler.Skipped)
		if want := fmt.Sprintf("skipped: run %d of the same job has not ended (concurrency_policy forbid)", running); r.Summary != want {
			t.Errorf("the reason is %q, want %q", r.Summary, want)
		}
		if r.ScheduledFor.After(*r.FinishedAt) {
			t.Errorf("skipped at %v before its time %v", r.FinishedAt, r.ScheduledFor)
		}
	}
	if r := c.row(running); r.State != scheduler.Running {
		t.Errorf("the running one is %s", r.State)
	}
	if who == "w1" {
		c.cancel(w, running, "")
		c.until(running, scheduler.Canceled)
		c.until(c.run(jobs, 0), scheduler.Running) // and now it may
	}
}

func TestAllowOverlaps(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w1")
	c.start("w2")
	c.crew(2)
	jobs := c.job(job{command: "exec sleep 600", policy: "allow"})
	one, two := c.run(jobs, 0), c.run(jobs, 0)
	c.eventually("both run", func() bool {
		return c.row(one).State == scheduler.Running && c.row(two).State == scheduler.Running
	})
}

func TestReplaceCancelsTheOlderRunFirst(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w1")
	c.start("w2")
	c.crew(2)
	dir := t.TempDir()
	log, script := filepath.Join(dir, "log"), filepath.Join(dir, "script")
	// The older run takes its time to end. Had the newer one begun before, it would be in the log first.
	text := "trap 'sleep 0.1; echo ended >> " + log + "; exit 1' TERM\necho began >> " + log + "\nwhile :; do sleep 0.02; done\n"
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	jobs := c.job(job{command: ". " + script, policy: "replace"})
	older := c.run(jobs, 0)
	c.until(older, scheduler.Running)
	c.eventually("the older command runs", func() bool { return lines(log) == 1 })
	newer := c.run(jobs, 0)
	if r := c.until(older, scheduler.Canceled); r.Summary != fmt.Sprintf("replaced by run %d (concurrency_policy replace)", newer) {
		t.Errorf("the reason is %q", r.Summary)
	}
	r := c.until(newer, scheduler.Running)
	if ended := c.row(older).FinishedAt; r.StartedAt.Before(*ended) {
		t.Errorf("the newer began at %v, the older ended at %v", r.StartedAt, ended)
	}
	c.eventually("the newer command runs", func() bool { return lines(log) == 3 })
	if order, _ := os.ReadFile(log); string(order) != "began\nended\nbegan\n" {
		t.Errorf("the two did this: %s", order)
	}
}

func TestTwoWaitingRunsOfAReplacingJob(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: "true", policy: "replace"})
	older, newer := c.run(jobs, -time.Minute), c.run(jobs, -time.Second)
	c.start("w")
	c.until(newer, scheduler.Succeeded)
	if r := c.row(older); r.State != scheduler.Canceled || !strings.Contains(r.Summary, "replaced") {
		t.Errorf("the older run is %s: %q", r.State, r.Summary)
	}
}

func TestRunArgumentsWinOverTheJobs(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: `echo "$SCHEDULER_ARGS_JSON"; case "$SCHEDULER_ARGS_JSON" in *own*) exit 1;; esac`, args: `{"of": "job"}`, retries: 1})
	usual, special := c.run(jobs, 0), c.run(jobs, 0)
	c.exec(`insert into opsdeck_node.run_args (run_id, args_json) values ($1, '{"of": "own"}')`, special)
	c.start("w")
	c.until(usual, scheduler.Succeeded)
	c.until(special, scheduler.Failed)
	if log := string(c.log(usual, 0)); log != "{\"of\": \"job\"}\n" {
		t.Errorf("the usual run got %s", log)
	}
	retry := c.keyed(fmt.Sprintf("retry:%d:1", special))
	c.until(retry, scheduler.Failed)
	for _, id := range []scheduler.RunID{special, retry} {
		if log := string(c.log(id, 0)); log != "{\"of\": \"own\"}\n" {
			t.Errorf("run %d got %s", id, log)
		}
	}
	if !strings.Contains(c.hash("w")["capabilities"], string(scheduler.CanArgs)) {
		t.Errorf("the worker says it can %s", c.hash("w")["capabilities"])
	}
}

func TestNewcomerGetsItsShare(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	c.set("SCHEDULER_REBALANCE_ASSIGNED_COOLDOWN_SECONDS", 0)
	c.set("SCHEDULER_REBALANCE_ASSIGNED_ENABLED", "no")
	c.start("first")
	c.leader()
	jobs := c.job(job{command: "true"})
	for range 8 {
		c.run(jobs, 90*time.Second)
	}
	soon := c.run(jobs, 25*time.Second) // too close to be moved
	c.eventually("the first has all", func() bool {
		return value[int](c, `select count(*) from scheduler_job_runs where assigned_worker_id = 'first'`) == 9
	})
	c.start("second")
	c.crew(2)
	c.ticks()
	theirs := func() int {
		return value[int](c, `select count(*) from scheduler_job_runs where assigned_worker_id = 'second'`)
	}
	if n := theirs(); n != 0 {
		t.Errorf("%d runs moved although that is turned off", n)
	}
	c.set("SCHEDULER_REBALANCE_ASSIGNED_ENABLED", true)
	c.eventually("the second has its share", func() bool { return theirs() >= 5 })
	if r := c.row(soon); r.Worker != "first" {
		t.Errorf("a run that is due soon moved to %s", r.Worker)
	}
	if note := value[string](c, `select min(error_summary) from scheduler_job_runs where assigned_worker_id = 'second'`); note != "rebalanced: first -> second" {
		t.Errorf("the note is %q", note)
	}
}

func TestWorkerTakesAsManyRunsAsItMay(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_MAX_JOBS_PER_WORKER", 3)
	w := c.start("w")
	c.leader()
	c.eventually("it says so", func() bool { return c.hash("w")["slots"] == "3" })
	jobs := c.job(job{command: "exec sleep 600"})
	var runs []scheduler.RunID
	for range 4 {
		runs = append(runs, c.run(jobs, -time.Second))
	}
	running := func() int {
		return value[int](c, `select count(*) from scheduler_job_runs where state = 'RUNNING'`)
	}
	c.eventually("three run", func() bool { return running() == 3 && c.hash("w")["load"] == "3" })
	started := value[time.Duration](c, `select max(started_at) - min(started_at) from scheduler_job_runs where state = 'RUNNING'`)
	if started > 10*time.Second {
		t.Errorf("they started within %s", started)
	}
	c.ticks()
	if n := running(); n != 3 {
		t.Errorf("%d run at once", n)
	}
	if doubts := value[int](c, `select count(*) from scheduler_job_runs where continuation_state <> 'NONE'`); doubts != 0 {
		t.Errorf("%d runs are doubted", doubts)
	}
	first := scheduler.RunID(value[int64](c, `select min(id) from scheduler_job_runs where state = 'RUNNING'`))
	c.cancel(w, first, "")
	c.until(first, scheduler.Canceled)
	c.eventually("the next takes its place", func() bool { return running() == 3 })
	if r := c.row(runs[3]); r.State != scheduler.Running && first != runs[3] {
		t.Errorf("the last is %s", r.State)
	}
}

func TestLeaseOfAnotherLeaderKeepsARunFromStarting(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	c.leader()
	jobs := c.job(job{command: "true"})
	id := c.run(jobs, time.Hour)
	lease := fmt.Sprintf("scheduler:jobrun:lease:%d", id)
	c.redis.Set(t.Context(), lease, "another", time.Hour)
	c.exec(`update scheduler_job_runs set scheduled_for = clock_timestamp() where id = $1`, id)
	for range 2 { // due later, and not in the way of each other
		c.until(c.run(jobs, 0), scheduler.Succeeded)
	}
	if r := c.row(id); r.State != scheduler.Pending && r.State != scheduler.Assigned {
		t.Errorf("the run is %s", r.State)
	}
	c.redis.Del(t.Context(), lease)
	c.until(id, scheduler.Succeeded)
	c.eventually("its own lease has been given back", func() bool { return c.redis.Exists(t.Context(), lease).Val() == 0 })
}
