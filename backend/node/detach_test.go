//go:build linux

package node_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

func (c *testCluster) detach(id string) {
	c.t.Helper()
	c.redis.Set(c.t.Context(), "scheduler:detach:"+id, `{"by":"aiko","reason":"upgrade","action_id":"x"}`, 0)
}

// rejoined waits until the node is a member under another id, and gives that.
func (c *testCluster) rejoined(n *node.Node, former string) (id string) {
	c.t.Helper()
	c.eventually("it has rejoined under another id", func() bool {
		id = n.ID()
		return id != former && c.hash(id)["node_id"] != ""
	})
	return id
}

func TestDetachedWorkerRejoinsUnderANewID(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
	n := c.start("w")
	c.leader()
	c.detach("w")
	id := c.rejoined(n, "w")
	if !strings.HasPrefix(id, "w-") {
		t.Errorf("the new id is %s", id)
	}
	left, err := c.redis.Keys(t.Context(), "scheduler:*:w*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range left {
		if !strings.HasPrefix(key, "scheduler:worker:w-") {
			t.Errorf("%s is left", key)
		}
	}
	if r := c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded); r.Worker != id {
		t.Errorf("worker %s ran it", r.Worker)
	}
}

func TestUndockedWorkerGoesOnUnderItsID(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 3600)
	n := c.start("w")
	c.leader()
	for range 2 {
		c.detach("w")
		c.eventually("it says that it is detached", func() bool { return c.hash("w")["detached"] == "1" })
		during := c.run(c.job(job{command: "true"}), 0)
		c.redis.Del(t.Context(), "scheduler:detach:w")
		if r := c.until(during, scheduler.Succeeded); r.Worker != "w" {
			t.Errorf("worker %s ran it", r.Worker)
		}
		c.eventually("it says that it is not", func() bool { return c.hash("w")["detached"] == "0" })
	}
	if n.ID() != "w" {
		t.Errorf("it is %s now", n.ID())
	}
}

func TestDetachedWorkerFinishesTheRunThatItMayGoOnWith(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{true, false} {
		t.Run("alone "+strconv.FormatBool(alone), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
			n := c.start("w")
			c.leader()
			id := c.run(c.job(job{command: "sleep 2"}), 0)
			c.until(id, scheduler.Running)
			if !alone {
				c.start("other")
				c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "other" })
			}
			c.detach("w")
			c.eventually("the run was doubted and trusted again", func() bool {
				return value[int](c, `select version from scheduler_job_runs where id = $1`, id) == 4
			})
			if r := c.row(id); r.State != scheduler.Running || r.Continuation != "NONE" || r.Attempt != 0 {
				t.Errorf("it is %s, %s, attempt %d", r.State, r.Continuation, r.Attempt)
			}
			if !alone {
				c.eventually("the lead was handed over", func() bool { return c.get("scheduler:leader:lock") == "other" })
			}
			if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 || r.Worker != "w" {
				t.Errorf("attempt %d on %s", r.Attempt, r.Worker)
			}
			c.rejoined(n, "w")
		})
	}
}

// judge is a Leader or SubLeader that decides what a test wants.
type judge struct {
	workerpb.UnimplementedWorkerServiceServer

	mu       sync.Mutex
	decision workerpb.ConfirmContinuationResponse_Decision
	deaf     bool
	asked    []*workerpb.ConfirmContinuationRequest
}

func (j *judge) ConfirmContinuation(_ context.Context, req *workerpb.ConfirmContinuationRequest) (*workerpb.ConfirmContinuationResponse, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.asked = append(j.asked, req)
	if j.deaf {
		return nil, status.Error(codes.Unavailable, "nobody home")
	}
	return &workerpb.ConfirmContinuationResponse{Decision: j.decision, Message: "because"}, nil
}

func (c *testCluster) judge(id string, j *judge) {
	c.t.Helper()
	host, port := c.serve(j)
	c.redis.HSet(c.t.Context(), "scheduler:worker:"+id+":info", "worker_id", id, "node_id", id, "grpc_host", host, "grpc_port", port)
}

func TestWhatBecomesOfADetachedWorkersRun(t *testing.T) {
	t.Parallel()
	const (
		nobody = workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED
		allow  = workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE
		abort  = workerpb.ConfirmContinuationResponse_MUST_ABORT
	)
	tests := []struct {
		name        string
		leader, sub judge
		asked       [2]int // Leader and SubLeader
		state       scheduler.RunState
		summary     string
	}{
		{"the leader forbids it", judge{decision: abort}, judge{decision: allow}, [2]int{1, 0}, scheduler.Failed, "because"},
		{"the SubLeader forbids it", judge{deaf: true}, judge{decision: abort}, [2]int{1, 1}, scheduler.Failed, "because"},
		{"the leader doesn't decide, the SubLeader allows it", judge{decision: nobody}, judge{decision: allow}, [2]int{1, 1}, scheduler.Succeeded, ""},
		{"nobody decides", judge{decision: nobody}, judge{deaf: true}, [2]int{3, 3}, scheduler.Failed, "neither Leader nor SubLeader"},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
			ctx := t.Context()
			c.redis.Set(ctx, "scheduler:leader:lock", "judge", 0)
			c.redis.Set(ctx, "scheduler:subleader:lock", "second", 0)
			c.redis.Set(ctx, "scheduler:leader:epoch", 5, 0)
			c.judge("judge", &tt.leader)
			c.judge("second", &tt.sub)
			n := c.start("w")
			c.eventually("it follows the leader", func() bool { return c.hash("w")["leader_worker_id"] == "judge" })
			id := c.assigned("w", 5, 0)
			answer, err := c.call(n).StartJob(ctx, &workerpb.StartJobRequest{
				LeaderEpoch: 5, JobRunId: id, CommandName: "sleep 3", ArgsJson: "{}",
			})
			if err != nil || answer.Result != workerpb.StartJobResponse_ACCEPTED {
				t.Fatalf("%v, %v", answer, err)
			}
			c.detach("w")
			run, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			r := c.until(scheduler.RunID(run), tt.state)
			if !strings.Contains(r.Summary, tt.summary) || tt.summary != "" && !strings.Contains(r.Summary, "detached") || r.Continuation != "NONE" {
				t.Errorf("%s, %q", r.Continuation, r.Summary)
			}
			c.rejoined(n, "w")
			if got := [2]int{len(tt.leader.asked), len(tt.sub.asked)}; got != tt.asked {
				t.Errorf("asked %v times, want %v", got, tt.asked)
			}
			if q := tt.leader.asked[0]; q.WorkerId != "w" || q.JobRunId != id || q.LeaderEpoch != 5 {
				t.Errorf("asked %v", q)
			}
		})
	}
}

func TestContinuationIsDecidedByWhatPostgreSQLSays(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	leading := c.start("leading")
	_, epoch := c.leader()
	others := map[string]*node.Node{} // of three, one is neither of the two SubLeaders
	for _, id := range []string{"a", "b", "c"} {
		others[id] = c.start(id)
	}
	var plain *node.Node
	c.eventually("one is a plain worker", func() bool {
		elected := []string{c.get("scheduler:subleader:lock"), c.get("scheduler:subleader:host:lock")}
		for id, n := range others {
			if !slices.Contains(elected, "") && !slices.Contains(elected, id) && c.hash(id)["role"] == "worker" {
				plain = n
			}
		}
		return plain != nil
	})
	running := func(change string) string {
		t.Helper()
		id := c.assigned("w", epoch, 0)
		c.exec(`update scheduler_job_runs set started_at = now() + interval '1 hour', `+change+` where id = $1`, id)
		return id
	}
	const deadline = `state = 'RUNNING', continuation_state = 'CONFIRMING', continuation_check_deadline_at = now() + interval '1 hour' * `
	tests := []struct {
		name  string
		ask   *node.Node
		run   string
		epoch int64
		want  workerpb.ConfirmContinuationResponse_Decision
	}{
		{"it is still its own", leading, running(deadline + "1"), epoch, workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE},
		{"not even doubted", leading, running("state = 'RUNNING'"), epoch, workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE},
		{"given out again since", leading, running(deadline + "1"), epoch - 1, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"another worker's", leading, running(deadline + "1, assigned_worker_id = 'x'"), epoch, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"too late", leading, running(deadline + "-1"), epoch, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"canceled", leading, running("state = 'CANCELED'"), epoch, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"deleted", leading, "999999", epoch, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"no number", leading, "x", epoch, workerpb.ConfirmContinuationResponse_MUST_ABORT},
		{"not for a plain worker", plain, "1", epoch, workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED},
	}
	for _, tt := range tests {
		answer, err := c.call(tt.ask).ConfirmContinuation(t.Context(), &workerpb.ConfirmContinuationRequest{
			LeaderEpoch: tt.epoch, WorkerId: "w", JobRunId: tt.run,
		})
		if err != nil || answer.Decision != tt.want || (answer.Message == "") != (tt.want == workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE) {
			t.Errorf("%s: %v, %v; want %s", tt.name, answer, err, tt.want)
		}
	}
}

func TestDrainingOutlastsARejoin(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
	n := c.start("w")
	c.drain(n, true)
	c.detach("w")
	id := c.rejoined(n, "w")
	if c.hash(id)["draining"] != "1" || !c.status(n).Draining {
		t.Error("the drain has ended with the former id")
	}
}

func TestDetachFlagsOfTheGoneAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 3600)
	c.base.HeartbeatTTL = time.Second
	c.detach("gone:for ever")
	c.start("w")
	c.leader()
	v := c.start("v")
	c.eventually("the leader sees both", func() bool { return c.hash("v")["leader_worker_id"] == "w" })
	c.detach("w")
	c.detach("v")
	if err := v.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"gone:for ever", "v"} {
		c.eventually("the flag of the gone is removed", func() bool {
			return c.redis.Exists(t.Context(), "scheduler:detach:"+id).Val() == 0
		})
	}
	if c.redis.Exists(t.Context(), "scheduler:detach:w").Val() != 1 {
		t.Error("so is that of a live worker")
	}
}
