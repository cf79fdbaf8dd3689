//go:build linux

package node_test

import (
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// debianPython is the Python that Debian's packages belong to.
const debianPython = "/usr/bin/python3"

// newMixedCluster is one as they are in the field: all processes share one certificate, which is its own root.
func newMixedCluster(t *testing.T) *testCluster {
	t.Helper()
	c := newCluster(t)
	c.hasten()
	// A scheduler of the field that comes late to its lock loses it, and these tests are about who holds which.
	c.base.LockTTL, c.base.HeartbeatTTL = 5*time.Second, 5*time.Second
	c.set("SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 2)
	c.cert = testcert.Issue(t, nil, testcert.For("127.0.0.1"))
	c.ca = c.cert
	c.base.TLSCert, c.base.TLSKey, c.base.TLSCA = c.cert.CertFile, c.cert.KeyFile, ""
	return c
}

// field runs a scheduler of the field, with the times that ours have.
func (c *testCluster) field(id string) *exec.Cmd {
	c.t.Helper()
	address, err := url.Parse(c.base.RedisURL)
	if err != nil {
		c.t.Fatal(err)
	}
	password, _ := address.User.Password()
	process := exec.Command(debianPython, "-B", "testdata/fieldworker/main.py", "--id", id, "--node-id", "field-"+id,
		"--postgres", c.base.PostgresURL, "--redis", address.Path, "--redis-db", address.Query().Get("db"), "--redis-password", password,
		"--cert", c.cert.CertFile, "--key", c.cert.KeyFile, "--logs", filepath.Join(c.t.TempDir(), "logs"),
		"--tick", "0.1", "--heartbeat-ttl", seconds(c.base.HeartbeatTTL), "--lock-ttl", seconds(c.base.LockTTL),
		"--confirm", "2", "--reassign-after", "1")
	process.Stderr = testLog{c.t}
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its commands end with the test
	if err := process.Start(); err != nil {
		c.t.Fatalf("this test needs Debian's Python: %v", err)
	}
	c.t.Cleanup(func() {
		_ = syscall.Kill(-process.Process.Pid, syscall.SIGKILL)
		_ = process.Wait()
	})
	c.eventually(id+" is alive (it needs python3-redis, python3-psycopg2 and python3-grpcio)", func() bool {
		return c.redis.Exists(c.t.Context(), "scheduler:worker:"+id+":info").Val() == 1
	})
	return process
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// leads waits until somebody leads; a leader of the field begins no term in PostgreSQL. The lock comes before the epoch.
func (c *testCluster) leads(id string) {
	c.t.Helper()
	c.eventually(id+" leads", func() bool { return c.get("scheduler:leader:lock") == id && c.get("scheduler:leader:epoch") != "" })
}

func (c *testCluster) epoch() (epoch int64) {
	c.t.Helper()
	epoch, err := strconv.ParseInt(c.get("scheduler:leader:epoch"), 10, 64)
	if err != nil {
		c.t.Fatal(err)
	}
	return epoch
}

// everybodyWorks puts runs in line until each worker has executed one.
func (c *testCluster) everybodyWorks(d diary, ids ...string) {
	c.t.Helper()
	jobs := c.job(job{command: d.command(1)})
	var runs []scheduler.RunID
	c.eventually("everybody has executed something", func() bool {
		for len(runs) == 0 || value[int](c, `select count(*) from scheduler_job_runs where state not in ('SUCCEEDED', 'FAILED')`) < len(ids) {
			runs = append(runs, c.run(jobs, 0))
		}
		return value[int](c, `select count(distinct assigned_worker_id) from scheduler_job_runs
			where assigned_worker_id = any($1) and state = 'SUCCEEDED'`, ids) == len(ids)
	})
	for _, id := range runs {
		c.until(id, scheduler.Succeeded)
	}
	d.noneTwice(c.t)
}

func TestOursLeadsSchedulersOfTheField(t *testing.T) {
	t.Parallel()
	c := newMixedCluster(t)
	c.start("ours")
	c.leader()
	c.field("901")
	c.field("902")
	c.eventually("one of them is SubLeader", func() bool { id := c.get("scheduler:subleader:lock"); return id == "901" || id == "902" })
	c.everybodyWorks(newDiary(t), "ours", "901", "902")

	// A long run on each: both are left in peace, although those of the field tell Redis nothing about theirs.
	long := c.job(job{command: "sleep 4"})
	runs := []scheduler.RunID{c.run(long, 0), c.run(long, 0), c.run(long, 0)}
	for _, id := range runs {
		if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 {
			t.Errorf("run %d of worker %s was given out again", id, r.Worker)
		}
	}
}

func TestDrainedSchedulerOfTheFieldGetsNothing(t *testing.T) {
	t.Parallel()
	c := newMixedCluster(t)
	c.start("ours")
	c.leader()
	c.field("901")
	info := c.redis.HGetAll(t.Context(), "scheduler:worker:901:info").Val()
	pool := peer.NewPool(c.identity())
	t.Cleanup(func() { _ = pool.Close() })
	worker, err := pool.Worker(info["grpc_host"] + ":" + info["grpc_port"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := worker.Drain(t.Context(), &workerpb.DrainRequest{LeaderEpoch: c.epoch(), Enable: true}); err != nil {
		t.Fatal(err)
	}
	c.crew(2)
	jobs := c.job(job{command: "sleep 0.3"})
	var runs []scheduler.RunID
	for range 8 {
		runs = append(runs, c.run(jobs, 0))
	}
	for _, id := range runs {
		if r := c.until(id, scheduler.Succeeded); r.Worker != "ours" {
			t.Errorf("run %d ran on %s", id, r.Worker)
		}
	}
}

func TestSchedulerOfTheFieldLeadsOurs(t *testing.T) {
	t.Parallel()
	c := newMixedCluster(t)
	former := c.field("901")
	c.leads("901")
	n := c.start("ours")
	c.start("theirs")
	epoch := c.epoch()
	c.everybodyWorks(newDiary(t), "901", "ours", "theirs")

	// Its detached worker asks: the leader does not decide, the SubLeader does.
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
	c.eventually("one of ours is SubLeader", func() bool { id := c.get("scheduler:subleader:lock"); return id == "ours" || id == "theirs" })
	jobs := c.job(job{command: "sleep 3"})
	var id scheduler.RunID
	c.eventually("ours has a run in hand", func() bool {
		id = c.run(jobs, 0)
		r := c.until(id, scheduler.Running)
		return r.Worker == "ours"
	})
	c.detach("ours")
	if r := c.until(id, scheduler.Succeeded); r.Worker != "ours" || r.Attempt != 0 {
		t.Errorf("attempt %d on %s", r.Attempt, r.Worker)
	}
	c.rejoined(n, "ours")

	// It dies, and one of ours leads in the next epoch. What it had in hand runs again.
	lost := c.run(c.job(job{command: "sleep 1"}), 0)
	c.until(lost, scheduler.Running)
	if err := syscall.Kill(-former.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c.eventually("one of ours leads", func() bool { id := c.get("scheduler:leader:lock"); return id != "" && id != "901" })
	if _, next := c.leader(); next <= epoch {
		t.Errorf("epoch %d follows %d", next, epoch)
	}
	c.until(lost, scheduler.Succeeded)
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

func TestLeadPassesBetweenTheKinds(t *testing.T) {
	t.Parallel()
	c := newMixedCluster(t)
	c.start("ours")
	_, epoch := c.leader()
	c.field("901")
	c.eventually("the other is SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "901" })
	jobs := c.job(job{command: "true"})
	for i, next := range []string{"901", "ours", "901"} {
		if c.get("scheduler:leader:lock") == "ours" {
			c.redis.Set(t.Context(), degradeKey, request(epoch), 30*time.Second)
		} else {
			c.redis.Del(t.Context(), "scheduler:leader:lock") // the only way to have a leader of the field step down
		}
		c.leads(next)
		c.eventually("in the next epoch", func() bool { return c.epoch() == epoch+1 })
		epoch++
		c.until(c.run(jobs, 0), scheduler.Succeeded)
		c.eventually(fmt.Sprintf("round %d: the former leader is SubLeader", i), func() bool {
			id := c.get("scheduler:subleader:lock")
			return id != "" && id != next
		})
	}
	if twice := value[int](c, `select count(*) from scheduler_job_runs where attempt > 0`); twice != 0 {
		t.Errorf("%d runs were given out again", twice)
	}
}
