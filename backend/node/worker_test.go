//go:build linux

package node_test

import (
	"bytes"
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// call opens the gRPC service of a node, as a leader or an operator does.
func (c *testCluster) call(n *node.Node) workerpb.WorkerServiceClient {
	c.t.Helper()
	pool := peer.NewPool(c.identity())
	c.t.Cleanup(func() { _ = pool.Close() })
	client, err := pool.Worker(n.Addr())
	if err != nil {
		c.t.Fatal(err)
	}
	return client
}

func (c *testCluster) identity() peer.Identity {
	c.t.Helper()
	identity, err := peer.Load(peer.Files{Cert: c.cert.CertFile, Key: c.cert.KeyFile, CA: c.ca.CertFile}, peer.Shared, slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	return identity
}

func TestHowRunsEnd(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for _, id := range []string{"w1", "w2", "w3"} {
		c.start(id)
	}
	tests := []struct {
		name    string
		job     job
		state   scheduler.RunState
		exit    int
		summary []string
		log     string
	}{
		{name: "success", job: job{command: "echo done"}, state: scheduler.Succeeded, log: "done\n"},
		{name: "failure", job: job{command: "echo reason >&2; exit 3"}, state: scheduler.Failed, exit: 3,
			summary: []string{"exit_code=3", "reason"}, log: "reason\n"},
		{name: "hostile output", job: job{command: `printf 'a\000b\377\n'; exit 1`}, state: scheduler.Failed, exit: 1,
			summary: []string{"exit_code=1", "ab\uFFFD"}, log: "a\x00b\xff\n"},
		{name: "only the last lines", job: job{command: `seq 1 5000; exit 1`}, state: scheduler.Failed, exit: 1,
			summary: []string{"exit_code=1\n4991\n", "5000"}},
		{name: "long lines are cut", job: job{command: `head -c 9000 /dev/zero | tr '\000' x; exit 1`}, state: scheduler.Failed,
			exit: 1, summary: []string{"exit_code=1\nxxx"}},
		{name: "environment", job: job{command: `echo "$SCHEDULER_ARGS_JSON"; test -n "$SCHEDULER_JOB_RUN_ID$SCHEDULER_WORKER_ID"`,
			args: `{"day": "月 'quoted' $HOME"}`}, state: scheduler.Succeeded, log: `{"day": "月 'quoted' $HOME"}` + "\n"},
		{name: "arguments as an array", job: job{command: `echo "$SCHEDULER_ARGS_JSON"`, args: `[1]`}, state: scheduler.Succeeded, log: "[1]\n"},
		{name: "timeout", job: job{command: "exec sleep 600", timeout: 1}, state: scheduler.TimedOut, exit: -15,
			summary: []string{"timed out"}},
		{name: "timeout of a stubborn command", job: job{command: "trap '' TERM; while :; do sleep 0.05; done", timeout: 1},
			state: scheduler.TimedOut, exit: -9, summary: []string{"timed out"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := c.on(t)
			id := c.run(c.job(tt.job), 0)
			r := c.until(id, tt.state)
			if r.ExitCode == nil || *r.ExitCode != tt.exit {
				t.Errorf("exit code %v, want %d", r.ExitCode, tt.exit)
			}
			for _, part := range tt.summary {
				if !strings.Contains(r.Summary, part) {
					t.Errorf("summary %q misses %q", r.Summary, part)
				}
			}
			if len(tt.summary) == 0 && r.Summary != "" || len([]rune(r.Summary)) > 2000 {
				t.Errorf("summary %q", r.Summary)
			}
			if got := c.log(id, 0); tt.log != "" && string(got) != tt.log {
				t.Errorf("log %q, want %q", got, tt.log)
			}
			if r.StartedAt == nil || r.FinishedAt == nil || r.FinishedAt.Before(*r.StartedAt) || r.CPU == nil || r.RSS == nil || *r.RSS == 0 {
				t.Errorf("incomplete row %+v", r)
			}
			if want := "db:" + strconv.FormatInt(int64(id), 10) + "/0"; r.LogRef != want {
				t.Errorf("log_ref %q, want %q", r.LogRef, want)
			}
			outcome := value[string](c, `select outcome from opsdeck_node.run_attempt where run_id = $1 and worker_id = $2`, id, r.Worker)
			if outcome != string(tt.state) {
				t.Errorf("attempt's outcome %q", outcome)
			}
		})
	}
}

// log puts the chunks of an attempt together, and insists on their numbers.
func (c *testCluster) log(id scheduler.RunID, attempt int) []byte {
	c.t.Helper()
	gaps := value[int](c, `select count(*) from (select seq, row_number() over (order by seq) as place from opsdeck_node.run_log
		where run_id = $1 and attempt = $2) l where seq <> place`, id, attempt)
	if gaps > 0 {
		c.t.Errorf("the log's numbers have gaps")
	}
	return value[[]byte](c, `select coalesce(string_agg(chunk, ''::bytea order by seq), ''::bytea) from opsdeck_node.run_log
		where run_id = $1 and attempt = $2`, id, attempt)
}

func TestLongLogIsKeptWhole(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	const size = 5 << 20
	id := c.run(c.job(job{command: `i=0; while [ $i -lt 80 ]; do head -c 65536 /dev/zero | tr '\000' x; i=$((i+1)); done`}), 0)
	c.until(id, scheduler.Succeeded)
	if log := c.log(id, 0); len(log) != size || !bytes.Equal(log, bytes.Repeat([]byte("x"), size)) {
		t.Errorf("%d bytes of log, want %d", len(log), size)
	}
	if largest := value[int](c, `select max(length(chunk)) from opsdeck_node.run_log where run_id = $1`, id); largest > 64<<10 {
		t.Errorf("a chunk of %d bytes", largest)
	}
}

func TestLogCanBeFollowedWhileTheRunGoesOn(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w")
	id := c.run(c.job(job{command: "echo first; exec sleep 600"}), 0)
	c.eventually("the first line is in the database", func() bool { return string(c.log(id, 0)) == "first\n" })
	if state := c.row(id).State; state != scheduler.Running {
		t.Errorf("the run is %s", state)
	}
	c.cancel(w, id, "")
	c.until(id, scheduler.Canceled)
}

func (c *testCluster) cancel(n *node.Node, id scheduler.RunID, reason string) workerpb.CancelJobResponse_Result {
	c.t.Helper()
	_, epoch := c.leader()
	answer, err := c.call(n).CancelJob(c.t.Context(), &workerpb.CancelJobRequest{
		LeaderEpoch: epoch, JobRunId: strconv.FormatInt(int64(id), 10), Reason: reason,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.Result
}

func (c *testCluster) drain(n *node.Node, enable bool) {
	c.t.Helper()
	if _, err := c.call(n).Drain(c.t.Context(), &workerpb.DrainRequest{Enable: enable}); err != nil {
		c.t.Fatal(err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w")
	id := c.run(c.job(job{command: "trap '' TERM; while :; do sleep 0.05; done"}), 0)
	c.until(id, scheduler.Running)
	if result := c.cancel(w, id+1, ""); result != workerpb.CancelJobResponse_NOT_FOUND {
		t.Errorf("another run: %s", result)
	}
	old, err := c.call(w).CancelJob(t.Context(), &workerpb.CancelJobRequest{LeaderEpoch: 0, JobRunId: strconv.Itoa(int(id))})
	if err != nil || old.Result != workerpb.CancelJobResponse_REJECTED_OLD_EPOCH {
		t.Errorf("an old epoch: %v, %v", old, err)
	}
	if result := c.cancel(w, id, "wrong input"); result != workerpb.CancelJobResponse_ACCEPTED {
		t.Errorf("the run: %s", result)
	}
	if r := c.until(id, scheduler.Canceled); r.Summary != "wrong input" || r.ExitCode != nil {
		t.Errorf("summary %q, exit code %v", r.Summary, r.ExitCode)
	}
	c.eventually("the worker has laid the run down", func() bool {
		return c.cancel(w, id, "") == workerpb.CancelJobResponse_ALREADY_FINISHED
	})
}

func TestStartJobRefusals(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 3600)
	w := c.start("w")
	_, epoch := c.leader()
	busy := c.run(c.job(job{command: "exec sleep 600"}), 0)
	c.until(busy, scheduler.Running)
	request := func(change func(*workerpb.StartJobRequest)) *workerpb.StartJobRequest {
		r := &workerpb.StartJobRequest{LeaderEpoch: epoch, JobRunId: "999999", CommandName: "true", ArgsJson: "{}"}
		change(r)
		return r
	}
	refused := func(name string, want workerpb.StartJobResponse_Result, change func(*workerpb.StartJobRequest)) {
		t.Helper()
		answer, err := c.call(w).StartJob(t.Context(), request(change))
		if err != nil || answer.Result != want || answer.Message == "" {
			t.Errorf("%s: %v, %v; want %s", name, answer, err, want)
		}
	}
	nothing := func(*workerpb.StartJobRequest) {}

	refused("an old epoch comes before being busy", workerpb.StartJobResponse_REJECTED_OLD_EPOCH,
		func(r *workerpb.StartJobRequest) { r.LeaderEpoch = epoch - 1 })
	refused("busy comes before what is wrong with the request", workerpb.StartJobResponse_REJECTED_ALREADY_RUNNING,
		func(r *workerpb.StartJobRequest) { r.JobRunId = "x" })
	refused("the run in hand again", workerpb.StartJobResponse_ACCEPTED,
		func(r *workerpb.StartJobRequest) { r.JobRunId = strconv.Itoa(int(busy)) })
	c.cancel(w, busy, "")
	c.until(busy, scheduler.Canceled)
	c.eventually("the worker is free", func() bool { return c.status(w).CurrentJobRunId == "" })

	for name, change := range map[string]func(*workerpb.StartJobRequest){
		"no number":          func(r *workerpb.StartJobRequest) { r.JobRunId = "x" },
		"a negative id":      func(r *workerpb.StartJobRequest) { r.JobRunId = "-1" },
		"no command":         func(r *workerpb.StartJobRequest) { r.CommandName = "" },
		"no JSON":            func(r *workerpb.StartJobRequest) { r.ArgsJson = "{" },
		"a bare value":       func(r *workerpb.StartJobRequest) { r.ArgsJson = "5" },
		"no such run":        nothing,
		"a run that is over": func(r *workerpb.StartJobRequest) { r.JobRunId = strconv.Itoa(int(busy)) },
		"another worker's":   func(r *workerpb.StartJobRequest) { r.JobRunId = c.assigned("other", epoch, 0) },
		"a newer leader's":   func(r *workerpb.StartJobRequest) { r.JobRunId = c.assigned("w", epoch+1, 0) },
		"from before a loss": func(r *workerpb.StartJobRequest) { r.JobRunId = c.assigned("w", epoch, 1) },
	} {
		refused(name, workerpb.StartJobResponse_REJECTED_INVALID, change)
	}

	c.drain(w, true)
	refused("draining", workerpb.StartJobResponse_REJECTED_DRAINING, nothing)
	c.redis.Set(t.Context(), "scheduler:detach:w", "1", 0)
	c.eventually("the worker knows", func() bool { return c.status(w).Detached })
	refused("detached comes before draining", workerpb.StartJobResponse_REJECTED_DETACHED, nothing)
}

func (c *testCluster) status(n *node.Node) *workerpb.GetStatusResponse {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	status, err := c.call(n).GetStatus(ctx, &workerpb.GetStatusRequest{}, grpc.WaitForReady(true))
	if err != nil {
		c.t.Fatal(err)
	}
	return status
}

// assigned makes a run of another leader's, far enough in the future that nobody touches it.
func (c *testCluster) assigned(worker string, epoch int64, attempt int) string {
	c.t.Helper()
	id := c.run(c.job(job{command: "true"}), 30*time.Minute)
	c.exec(`update scheduler_job_runs set state = 'ASSIGNED', assigned_worker_id = $2, assigned_at = now() + interval '1 hour',
		leader_epoch = $3, attempt = $4 where id = $1`, id, worker, epoch, attempt)
	return strconv.FormatInt(int64(id), 10)
}
