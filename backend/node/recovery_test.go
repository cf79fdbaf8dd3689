//go:build linux

package node_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

func TestKilledWorkersRunGoesToAnother(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	pids := filepath.Join(t.TempDir(), "pids")
	// The first attempt writes down who it is and hangs; the second finds that and ends.
	script := `test -s ` + pids + ` && exit 0; sleep 600 & echo $$ $! > ` + pids + `; wait`
	doomed := c.spawn("doomed")
	id := c.run(c.job(job{command: script}), 0)
	c.until(id, scheduler.Running)
	var processes []string
	c.eventually("the command has written its processes down", func() bool {
		text, err := os.ReadFile(pids)
		processes = strings.Fields(string(text))
		return err == nil && len(processes) == 2
	})
	c.start("heir")
	c.kill(doomed)
	for _, pid := range processes {
		c.eventually("process "+pid+" is gone", func() bool { return gone(pid) })
	}
	r := c.until(id, scheduler.Succeeded)
	if r.Attempt != 1 || r.Worker != "heir" || !strings.HasSuffix(r.LogRef, "/1") {
		t.Errorf("attempt %d on %s, log %s", r.Attempt, r.Worker, r.LogRef)
	}
	outcome := value[string](c, `select string_agg(attempt || ' ' || worker_id || ' ' || outcome, ', ' order by attempt)
		from opsdeck_node.run_attempt where run_id = $1`, id)
	if outcome != "0 doomed ORPHANED, 1 heir SUCCEEDED" {
		t.Errorf("attempts: %s", outcome)
	}
}

// gone tells whether a process has ended; one that nobody has waited for yet has.
func gone(pid string) bool {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestRunOfAWorkerThatDiedBeforeTheStart(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	c.hasten()
	doomed := c.spawn("doomed")
	c.leader()
	id := c.run(c.job(job{command: "true"}), 45*time.Second)
	c.until(id, scheduler.Assigned)
	c.kill(doomed)
	c.start("heir")
	c.eventually("it is the heir's", func() bool { return c.row(id).Worker == "heir" })
	if r := c.row(id); r.State != scheduler.Assigned || r.Attempt != 1 || r.StartedAt != nil {
		t.Errorf("it is %s in attempt %d", r.State, r.Attempt)
	}
}

func TestRestartedWorkerUnderTheSameIDDoesNotKeepALostRun(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.lookAhead()
	c.hasten()
	c.start("leading")
	c.leader()
	c.set("SCHEDULER_ASSIGN_WEIGHT_LEADER", 1)
	c.set("SCHEDULER_ASSIGN_WEIGHT_SUBLEADER", 1000)
	marker := filepath.Join(t.TempDir(), "marker")
	doomed := c.spawn("doomed")
	id := c.run(c.job(job{command: "test -e " + marker + " && exit 0; touch " + marker + "; exec sleep 600"}), 3*time.Second)
	c.eventually("it was assigned", func() bool { return c.row(id).State == scheduler.Assigned })
	c.exec(`update scheduler_job_runs set assigned_worker_id = 'doomed', version = version + 1 where id = $1 and state = 'ASSIGNED'`, id)
	if r := c.until(id, scheduler.Running); r.Worker != "doomed" {
		t.Fatalf("it runs on %s", r.Worker)
	}
	c.eventually("the command runs", func() bool { _, err := os.Stat(marker); return err == nil })
	c.kill(doomed)
	c.spawn("doomed") // alive again, but with empty hands
	if r := c.until(id, scheduler.Succeeded); r.Attempt != 1 {
		t.Errorf("attempt %d", r.Attempt)
	}
}

func TestWorkerThatComesBackInTimeKeepsItsRun(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	c.set("SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 60)
	frozen := c.spawn("frozen")
	id := c.run(c.job(job{command: "sleep 4"}), 0)
	c.until(id, scheduler.Running)
	c.start("leading")
	if err := frozen.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	c.eventually("the run is doubted", func() bool { return c.row(id).Continuation == string(scheduler.Confirming) })
	if err := frozen.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 || r.Worker != "frozen" || r.Continuation != string(scheduler.NotConfirming) {
		t.Errorf("attempt %d on %s, %s", r.Attempt, r.Worker, r.Continuation)
	}
}

func TestDoubtOutlastsTheLeaderThatHadIt(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.hasten()
	c.set("SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 60)
	frozen := c.spawn("frozen")
	id := c.run(c.job(job{command: "sleep 7"}), 0)
	c.until(id, scheduler.Running)
	first := c.spawn("first")
	if err := frozen.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	c.eventually("the run is doubted", func() bool { return c.row(id).Continuation == string(scheduler.Confirming) })
	deadline := value[time.Time](c, `select continuation_check_deadline_at from scheduler_job_runs where id = $1`, id)
	c.start("second")
	c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "second" })
	c.kill(first)
	c.eventually("the second leads", func() bool {
		return value[string](c, `select worker_id from opsdeck_node.term_current`) == "second"
	})
	if now := value[time.Time](c, `select continuation_check_deadline_at from scheduler_job_runs where id = $1`, id); !now.Equal(deadline) {
		t.Errorf("the deadline was %s and is %s", deadline, now)
	}
	if err := frozen.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 || r.Worker != "frozen" || r.Continuation != string(scheduler.NotConfirming) {
		t.Errorf("attempt %d on %s, %s", r.Attempt, r.Worker, r.Continuation)
	}
}

func TestWorkerEndsARunThatWasTakenFromIt(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	id := c.run(c.job(job{command: "exec sleep 600"}), 0)
	c.until(id, scheduler.Running)
	c.exec(`update scheduler_job_runs set state = 'CANCELED', finished_at = now(), error_summary = 'by hand',
		version = version + 1 where id = $1`, id)
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded) // the worker is free again
	if r := c.row(id); r.State != scheduler.Canceled || r.Summary != "by hand" {
		t.Errorf("the run is %s: %q", r.State, r.Summary)
	}
	if note := value[string](c, `select note from opsdeck_node.run_attempt where run_id = $1`, id); !strings.Contains(note, "taken") {
		t.Errorf("the attempt's note is %q", note)
	}
}

func TestRedisRestart(t *testing.T) {
	t.Parallel()
	server := &forgetfulRedis{t: t, socket: filepath.Join(t.TempDir(), "redis.sock")}
	t.Cleanup(server.stop)
	server.start()
	url := "unix://" + server.socket
	c := newClusterOn(t, url, servertest.RedisClient(t, url))
	c.start("one")
	c.start("two")
	_, before := c.leader()
	id := c.run(c.job(job{command: "sleep 3"}), 0)
	c.until(id, scheduler.Running)
	server.stop()
	server.start()
	c.eventually("the next term has begun", func() bool {
		return value[int64](c, `select epoch from opsdeck_node.term_current`) > before
	})
	if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 {
		t.Errorf("the run was given out again")
	}
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

// forgetfulRedis keeps nothing when it stops.
type forgetfulRedis struct {
	t       *testing.T
	socket  string
	process *exec.Cmd
}

func (r *forgetfulRedis) start() {
	r.t.Helper()
	r.process = exec.Command("redis-server", "--port", "0", "--unixsocket", r.socket, "--save", "", "--dir", filepath.Dir(r.socket))
	if err := r.process.Start(); err != nil {
		r.t.Fatalf("this test needs redis-server: %v", err)
	}
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: r.socket})
	defer func() { _ = client.Close() }()
	c := &testCluster{t: r.t}
	c.eventually("Redis answers", func() bool { return client.Ping(r.t.Context()).Err() == nil })
}

func (r *forgetfulRedis) stop() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
}

func TestPostgresAway(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	admin := servertest.Pool(t, servertest.Superuser(t, c.base.PostgresURL))
	marker := filepath.Join(t.TempDir(), "ended")
	goOn := filepath.Join(t.TempDir(), "go-on")
	id := c.run(c.job(job{command: "until test -e " + goOn + "; do sleep 0.05; done; echo late; touch " + marker}), 0)
	c.until(id, scheduler.Running)
	name := value[string](c, `select current_database()`)
	administer := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql, name); err != nil {
			t.Fatal(err)
		}
	}
	c.pg.Close()
	administer(`update pg_database set datallowconn = false where datname = $1`)
	administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()`)
	if err := os.WriteFile(goOn, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.eventually("the command has ended", func() bool { _, err := os.Stat(marker); return err == nil })
	administer(`update pg_database set datallowconn = true where datname = $1`)
	c.pg = servertest.Pool(t, c.base.PostgresURL)
	c.until(id, scheduler.Succeeded)
	if log := string(c.log(id, 0)); log != "late\n" {
		t.Errorf("log %q", log)
	}
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

// fieldWorker tells Redis that it lives and no more, as the schedulers in the field do.
type fieldWorker struct {
	workerpb.UnimplementedWorkerServiceServer

	id   string
	hand atomic.Value // the run in hand
}

func (w *fieldWorker) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	return &workerpb.GetStatusResponse{WorkerId: w.id, Role: "worker", CurrentJobRunId: w.hand.Load().(string)}, nil
}

func TestWorkersThatReportNothingAreAsked(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := &fieldWorker{id: "field"}
	host, port := c.serve(w)
	c.redis.Set(t.Context(), "scheduler:worker:field:heartbeat", "1", time.Hour)
	c.redis.HSet(t.Context(), "scheduler:worker:field:info", "worker_id", "field", "node_id", "f", "grpc_host", host, "grpc_port", port)
	id := c.run(c.job(job{command: "true"}), -time.Minute)
	c.exec(`update scheduler_job_runs set state = 'RUNNING', started_at = now() - interval '1 minute',
		assigned_worker_id = 'field' where id = $1`, id)
	doubted := func(want scheduler.ContinuationState) {
		t.Helper()
		c.eventually("the run is "+string(want), func() bool { return c.row(id).Continuation == string(want) })
	}
	w.hand.Store("")
	c.start("leading")
	doubted(scheduler.Confirming)
	w.hand.Store(strconv.FormatInt(int64(id), 10))
	doubted(scheduler.NotConfirming)
	if r := c.row(id); r.State != scheduler.Running || r.Attempt != 0 {
		t.Errorf("it is %s in attempt %d", r.State, r.Attempt)
	}
}
