//go:build linux

package node_test

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestElection(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for id, host := range map[string]string{"a1": "a", "a2": "a", "b1": "b"} {
		c.start(id, func(config *node.Config) { config.NodeID = host })
	}
	leader, epoch := c.leader()
	if epoch != 1 {
		t.Errorf("the first leader has epoch %d", epoch)
	}
	c.eventually("everybody has said what it is, and whom it follows", func() bool {
		roles := map[string]int{}
		for _, id := range []string{"a1", "a2", "b1"} {
			said := c.hash(id)
			if said["leader_worker_id"] != leader || said["epoch"] != "1" {
				return false
			}
			roles[said["role"]]++
		}
		return roles["leader"] == 1 && roles["subleader"] > 0
	})
	sub := c.get("scheduler:subleader:lock")
	if sub == "" || sub == leader {
		t.Errorf("%q leads, %q is SubLeader", leader, sub)
	}
	c.eventually("each node has a SubLeader that is not the leader", func() bool {
		a, b := c.get("scheduler:subleader:a:lock"), c.get("scheduler:subleader:b:lock")
		if strings.HasPrefix(leader, "a") {
			return strings.HasPrefix(a, "a") && a != leader && b == "b1"
		}
		return strings.HasPrefix(a, "a") && b == ""
	})
	info := c.redis.HGetAll(t.Context(), "scheduler:worker:b1:info").Val()
	for _, field := range []string{"worker_id", "node_id", "grpc_host", "grpc_port", "last_seen"} {
		if info[field] == "" {
			t.Errorf("the info hash %v has no %s", info, field)
		}
	}
	if got := c.hash("b1")["capabilities"]; got != "detach,drain,degrade,continuation,args" {
		t.Errorf("capabilities %q", got)
	}
	if members := c.redis.SCard(t.Context(), "scheduler:workers:set").Val(); members != 3 {
		t.Errorf("%d workers in the set", members)
	}
	c.eventually("the leader says when it was active", func() bool { return c.get("scheduler:leader:last_seen_ts") != "" })
}

func TestKilledLeaderIsReplaced(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	former := c.spawn("former")
	c.leader()
	c.start("one")
	c.start("two")
	c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") != "" })
	c.kill(former)
	c.eventually("somebody else leads", func() bool { id := c.get("scheduler:leader:lock"); return id == "one" || id == "two" })
	if _, epoch := c.leader(); epoch < 2 {
		t.Errorf("the successor has epoch %d", epoch)
	}
	c.eventually("the former leader is out of the set", func() bool {
		return !c.redis.SIsMember(t.Context(), "scheduler:workers:set", "former").Val()
	})
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

func TestRestartUnderTheSameIDKeepsTheEpoch(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.base.LockTTL = 30 * time.Second // longer than any restart
	first := c.spawn("w")
	c.leader()
	c.kill(first)
	c.start("w")
	id := c.run(c.job(job{command: "true"}), 0)
	c.until(id, scheduler.Succeeded)
	if got := c.get("scheduler:leader:epoch"); got != "1" {
		t.Errorf("epoch %s", got)
	}
	if terms := value[int](c, `select count(*) from opsdeck_node.term`); terms != 1 {
		t.Errorf("%d terms", terms)
	}
}

func TestFrozenLeaderDoesNotActWhenItWakes(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	frozen := c.spawn("frozen")
	c.leader()
	c.start("successor")
	c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "successor" })
	signal := func(s syscall.Signal) {
		t.Helper()
		if err := frozen.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	signal(syscall.SIGSTOP)
	c.eventually("the successor leads", func() bool { return c.get("scheduler:leader:lock") == "successor" })
	_, epoch := c.leader()
	jobs := c.job(job{command: "true"})
	for range 20 {
		c.run(jobs, 0)
	}
	signal(syscall.SIGCONT)
	c.eventually("every run has ended", func() bool {
		return value[int](c, `select count(*) from scheduler_job_runs where state = 'SUCCEEDED'`) == 20
	})
	if other := value[int](c, `select count(*) from scheduler_job_runs where leader_epoch < $1`, epoch); other != 0 {
		t.Errorf("%d runs were changed by the former leader", other)
	}
	if twice := value[int](c, `select count(*) - count(distinct run_id) from opsdeck_node.run_attempt`); twice != 0 {
		t.Errorf("%d runs started twice", twice)
	}
}

func TestRedisThatLostTheLockCannotMakeTwoLeaders(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("one")
	c.start("two")
	jobs := c.job(job{command: "true"})
	last := int64(0)
	for range 5 {
		id, epoch := c.leader()
		if epoch <= last {
			t.Fatalf("epoch %d follows %d", epoch, last)
		}
		last = epoch
		c.run(jobs, 0)
		c.redis.FlushDB(t.Context()) // locks, heartbeats and the epoch are gone
		c.eventually("the next term has begun", func() bool {
			next := value[int64](c, `select epoch from opsdeck_node.term_current`)
			return next > epoch && c.get("scheduler:leader:epoch") == strconv.FormatInt(next, 10)
		})
		_ = id
	}
	c.eventually("every run has ended", func() bool {
		return value[int](c, `select count(*) from scheduler_job_runs where state = 'SUCCEEDED'`) == 5
	})
	if twice := value[int](c, `select count(*) - count(distinct run_id) from opsdeck_node.run_attempt`); twice != 0 {
		t.Errorf("%d runs started twice", twice)
	}
}

func TestDegradeFromOutside(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("one")
	c.leader()
	c.start("two")
	c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "two" })
	c.redis.Del(t.Context(), "scheduler:leader:lock")
	c.eventually("the SubLeader leads", func() bool { return c.get("scheduler:leader:lock") == "two" })
	if _, epoch := c.leader(); epoch != 2 {
		t.Errorf("epoch %d", epoch)
	}
}

func TestStopLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_ASSIGN_WEIGHT_LEADER", 1000) // it gets every run
	leading := c.start("leading")
	c.leader()
	again := filepath.Join(t.TempDir(), "again")
	id := c.run(c.job(job{command: "echo started; test -e " + again + " || { touch " + again + "; exec sleep 600; }"}), 0)
	c.until(id, scheduler.Running)
	c.eventually("the command has said so", func() bool { return len(c.log(id, 0)) > 0 })

	c.stop(leading)
	r := c.row(id)
	if r.State != scheduler.Running || r.Continuation != string(scheduler.Confirming) || !strings.Contains(r.Summary, "node was stopped") {
		t.Errorf("the run is %s, %s: %q", r.State, r.Continuation, r.Summary)
	}
	left, err := c.redis.Keys(t.Context(), "scheduler:*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range left {
		expires := c.redis.TTL(t.Context(), key).Val() > 0 // such as a start's lease
		if key != "scheduler:leader:epoch" && key != "scheduler:leader:last_seen_ts" && !expires {
			t.Errorf("%s is left", key)
		}
	}
	if leading.Addr() != "" {
		t.Errorf("it still listens on %s", leading.Addr())
	}
	c.stop(leading) // repeated
	if err := leading.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Errorf("it can't start again: %v", err)
	}
	if r := c.until(id, scheduler.Succeeded); r.Attempt != 1 {
		t.Errorf("attempt %d", r.Attempt)
	}
}
