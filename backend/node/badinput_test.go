//go:build linux

package node_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestHugeLogIsBounded(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	const limit, size = 1 << 20, 1 << 30
	w := c.start("w", serving, func(config *node.Config) { config.MaxLogBytes = limit })
	id := c.run(c.job(job{command: fmt.Sprintf("echo begin; head -c %d /dev/zero; printf '\\nend'", size)}), 0)
	c.until(id, scheduler.Succeeded)
	log := string(c.log(id, 0))
	if len(log) < limit || len(log) > limit+64<<10 {
		t.Errorf("%d bytes of a log of %d are kept, the limit is %d", len(log), size, limit)
	}
	dropped := size + len("begin\n\nend") - limit - 8<<10
	told := fmt.Sprintf("[%d bytes of output are not kept: a run may log %d bytes. The last 8192 bytes follow.]", dropped, limit)
	if !strings.HasPrefix(log, "begin\n") || !strings.HasSuffix(log, "\nend") || !strings.Contains(log, told) {
		t.Errorf("the log ends with %q and misses %q", log[len(log)-40:], told)
	}
	if _, metrics := c.http(w, "/metrics", ""); !strings.Contains(metrics, "opsdeck_node_log_dropped_bytes_total 1.07") {
		t.Error("the metrics don't tell")
	}
}

func TestImpossibleScheduleStopsNobody(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	bad := c.job(job{command: "true", schedule: `{"kind":"daily","time":"25:00"}`})
	w := c.start("w", serving)
	if message := c.problem(w, "schedule", fmt.Sprintf("job %d", bad)); !strings.Contains(message, "HH:MM") {
		t.Errorf("the node says %q", message)
	}
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
	if _, metrics := c.http(w, "/metrics", ""); !strings.Contains(metrics, `opsdeck_node_problems{kind="schedule"} 1`) {
		t.Error("the metrics don't tell")
	}
	c.exec(`update scheduler_job_definitions set schedule = '{"kind":"hourly","minute":1}' where id = $1`, bad)
	c.eventually("it is repaired", func() bool { return len(c.health(w).Problems) == 0 })
}

func TestMalformedArgumentsAreTold(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	jobs := c.job(job{command: "true", args: "5"})
	id := c.run(jobs, 0)
	w := c.start("w", serving)
	const why = "refused by worker w: args_json is neither an object nor an array"
	c.eventually("the run says why", func() bool { return c.row(id).Summary == why })
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
	if _, metrics := c.http(w, "/metrics", ""); !strings.Contains(metrics, `opsdeck_node_refused_starts_total{result="REJECTED_INVALID"} 1`) {
		t.Error("the metrics don't tell")
	}
	c.exec(`update scheduler_job_definitions set default_args_json = '{}' where id = $1`, jobs)
	if r := c.until(id, scheduler.Succeeded); r.Summary != "" {
		t.Errorf("after a repair the run says %q", r.Summary)
	}
}

func TestUnknownCommandFails(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	r := c.until(c.run(c.job(job{command: "no-such-command"}), 0), scheduler.Failed)
	if r.ExitCode == nil || *r.ExitCode != 127 || !strings.Contains(r.Summary, "not found") {
		t.Errorf("exit code %v: %q", r.ExitCode, r.Summary)
	}
}

func TestRowsEditedByHand(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	jobs := c.job(job{command: "true"})
	strange, timeless, nobodys, doubted := c.run(jobs, 0), c.run(jobs, 0), c.run(jobs, 0), c.run(jobs, 0)
	c.exec(`update scheduler_job_runs set state = 'PAUSED' where id = $1`, strange)
	c.exec(`update scheduler_job_runs set scheduled_for = null where id = $1`, timeless)
	c.exec(`update scheduler_job_runs set state = 'ASSIGNED' where id = $1`, nobodys)
	c.exec(`update scheduler_job_runs set state = 'RUNNING', assigned_worker_id = 'gone', continuation_state = 'CONFIRMING' where id = $1`, doubted)
	w := c.start("w", serving)
	if message := c.problem(w, "row", fmt.Sprintf("run %d", strange)); !strings.Contains(message, "'PAUSED'") {
		t.Errorf("the node says %q", message)
	}
	c.problem(w, "row", fmt.Sprintf("run %d", timeless))
	for _, id := range []scheduler.RunID{nobodys, doubted} {
		c.until(id, scheduler.Succeeded)
	}
	if r := value[string](c, `select state from scheduler_job_runs where id = $1`, strange); r != "PAUSED" {
		t.Errorf("somebody changed it to %s", r)
	}
}

func TestWrongRedisKeysStopNobody(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	one := c.start("one", serving)
	c.start("two")
	c.crew(2)
	jobs := c.job(job{command: "true"})
	id := c.run(jobs, 3600e9)
	spoil := func(keys ...string) {
		t.Helper()
		for _, key := range keys {
			pipe := c.redis.TxPipeline()
			pipe.Del(t.Context(), key)
			pipe.LPush(t.Context(), key, "rubbish")
			if _, err := pipe.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	spoil("scheduler:workers:set", "scheduler:worker:one", "scheduler:worker:two:info", "scheduler:leader:last_seen_ts",
		"scheduler:leader:degrade", "scheduler:leader:epoch", "scheduler:subleader:lock", fmt.Sprintf("scheduler:jobrun:lease:%d", id))
	c.exec(`update scheduler_job_runs set scheduled_for = clock_timestamp() where id = $1`, id)
	c.until(id, scheduler.Succeeded)
	_, metrics := c.http(one, "/metrics", "")
	if !strings.Contains(metrics, "opsdeck_node_redis_wrong_keys_total ") || strings.Contains(metrics, "opsdeck_node_redis_wrong_keys_total 0") {
		t.Error("the metrics don't tell")
	}
	spoil("scheduler:leader:lock") // the leader can't keep it: another term begins
	c.until(c.run(jobs, 0), scheduler.Succeeded)
	c.leader()
	c.crew(2)
}

func TestClockThatIsOff(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for name, off := range map[string]time.Duration{"fast": 10 * time.Minute, "slow": -10 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			c := c.on(t)
			w := c.start(name, serving, func(config *node.Config) {
				config.Now = func() time.Time { return time.Now().Add(off) }
			})
			if message := c.problem(w, "clock", "this machine"); !strings.Contains(message, "10m0s") {
				t.Errorf("the node says %q", message)
			}
			id := c.run(c.job(job{command: "true"}), 2*time.Second)
			r := c.until(id, scheduler.Succeeded)
			if r.StartedAt.Before(r.ScheduledFor) || r.StartedAt.After(r.ScheduledFor.Add(30*time.Second)) || r.FinishedAt.Before(*r.StartedAt) {
				t.Errorf("due %v, started %v, ended %v", r.ScheduledFor, r.StartedAt, r.FinishedAt)
			}
			if _, metrics := c.http(w, "/metrics", ""); !strings.Contains(metrics, "opsdeck_node_clock_offset_seconds") {
				t.Error("the metrics don't tell")
			}
			c.stop(w)
		})
	}
}
