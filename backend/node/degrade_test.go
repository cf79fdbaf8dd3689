//go:build linux

package node_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const degradeKey = "scheduler:leader:degrade"

func request(epoch int64) string {
	return fmt.Sprintf(`{"by":"aiko","reason":"upgrade","action_id":"x","epoch":%d}`, epoch)
}

func TestDegradedLeaderStepsDownAndWorkGoesOn(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]func(int64) string{
		"who names the epoch":    request,
		"whoever leads":          func(int64) string { return "1" },
		"without naming anybody": func(int64) string { return `{"by":"aiko"}` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.start("former")
			c.leader()
			during := c.run(c.job(job{command: "sleep 2"}), 0)
			c.until(during, scheduler.Running)
			c.start("successor")
			c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "successor" })
			c.redis.Set(t.Context(), degradeKey, text(1), 30*time.Second)
			c.eventually("the SubLeader leads", func() bool { return c.get("scheduler:leader:lock") == "successor" })
			if _, epoch := c.leader(); epoch != 2 {
				t.Errorf("epoch %d", epoch)
			}
			c.eventually("the former leader is SubLeader", func() bool { return c.hash("former")["role"] == "subleader" })
			if left := c.redis.TTL(t.Context(), degradeKey).Val(); left < time.Second {
				t.Fatalf("the request ended after %s, so nothing is proven", left)
			}
			c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
			if r := c.until(during, scheduler.Succeeded); r.Attempt != 0 || r.Worker != "former" {
				t.Errorf("the run in hand ended as attempt %d on %s", r.Attempt, r.Worker)
			}
			if id, epoch := c.leader(); id != "successor" || epoch != 2 {
				t.Errorf("%s leads in epoch %d: it obeyed a request that was not its own", id, epoch)
			}
		})
	}
}

func TestRequestForAnotherEpochIsIgnored(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("one")
	c.start("two")
	id, epoch := c.leader()
	c.redis.Set(t.Context(), degradeKey, request(epoch+1), 30*time.Second)
	c.until(c.run(c.job(job{command: "sleep 1"}), 0), scheduler.Succeeded) // ten beats
	if now, same := c.leader(); now != id || same != epoch {
		t.Errorf("%s leads in epoch %d after %s in %d", now, same, id, epoch)
	}
}

func TestLoneLeaderLeadsAgainWhenTheRequestExpires(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("alone")
	_, epoch := c.leader()
	c.redis.Set(t.Context(), degradeKey, request(epoch), 2*time.Second)
	c.eventually("it has stepped down", func() bool { return c.get("scheduler:leader:lock") == "" })
	c.eventually("the request has expired or it leads", func() bool {
		return c.redis.Exists(t.Context(), degradeKey).Val() == 0 || c.get("scheduler:leader:lock") != ""
	})
	if c.redis.Exists(t.Context(), degradeKey).Val() != 0 {
		t.Error("it leads again while the request stands")
	}
	if _, next := c.leader(); next != epoch+1 {
		t.Errorf("epoch %d follows %d", next, epoch)
	}
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

func TestRequestOfAWrongTypeStopsNobody(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.redis.HSet(t.Context(), degradeKey, "by", "aiko")
	c.start("w")
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

func TestSubLeaderPrefersAnotherNodeThanTheLeaders(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.base.NodeID = "a"
	c.start("a1")
	c.leader()
	c.start("a2")
	c.eventually("there is nobody else", func() bool { return c.get("scheduler:subleader:lock") == "a2" })
	c.start("b1", func(config *node.Config) { config.NodeID = "b" })
	c.eventually("it has passed to the other node", func() bool { return c.get("scheduler:subleader:lock") == "b1" })
	c.eventually("each node has its own", func() bool {
		return c.get("scheduler:subleader:a:lock") == "a2" && c.get("scheduler:subleader:b:lock") == "b1"
	})
}

// ghost is a leader that holds its lock, writes last_seen_ts no more, and answers calls or doesn't.
type ghost struct {
	workerpb.UnimplementedWorkerServiceServer

	deaf  bool
	pings atomic.Int32
}

func (g *ghost) Ping(context.Context, *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	g.pings.Add(1)
	if g.deaf {
		return nil, status.Error(codes.Unavailable, "nobody home")
	}
	return &workerpb.PingResponse{WorkerId: "ghost"}, nil
}

func TestSubLeaderDegradesALeaderThatIsStaleAndSilent(t *testing.T) {
	t.Parallel()
	for _, deaf := range []bool{true, false} {
		t.Run(fmt.Sprintf("deaf %v", deaf), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.set("SCHEDULER_LEADER_STALE_SECONDS", 1)
			g := &ghost{deaf: deaf}
			host, port := c.serve(g)
			ctx := t.Context()
			c.redis.Set(ctx, "scheduler:leader:lock", "ghost", 0)
			c.redis.Set(ctx, "scheduler:leader:epoch", 7, 0)
			c.redis.Set(ctx, "scheduler:leader:last_seen_ts", "1000000", 0)
			c.redis.HSet(ctx, "scheduler:worker:ghost:info", "worker_id", "ghost", "node_id", "g", "grpc_host", host, "grpc_port", port)
			c.start("sub")
			if !deaf {
				c.eventually("it was called some times", func() bool { return g.pings.Load() > 5 })
				if text := c.get(degradeKey); text != "" {
					t.Errorf("a leader that answers was asked to step down: %s", text)
				}
				return
			}
			c.eventually("it is asked to step down", func() bool { return c.get(degradeKey) != "" })
			var asked struct {
				By     string `json:"by"`
				Reason string `json:"reason"`
				Epoch  int64  `json:"epoch"`
			}
			if err := json.Unmarshal([]byte(c.get(degradeKey)), &asked); err != nil || asked.By != "sub" || asked.Epoch != 7 || asked.Reason == "" {
				t.Errorf("asked %+v, %v", asked, err)
			}
			if ttl := c.redis.TTL(ctx, degradeKey).Val(); ttl <= 0 || ttl > 30*time.Second {
				t.Errorf("the request stands for %s", ttl)
			}
		})
	}
}

// serve listens as a worker does, until the test ends.
func (c *testCluster) serve(service workerpb.WorkerServiceServer) (host, port string) {
	c.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	server := grpc.NewServer(grpc.Creds(c.identity().Server()))
	workerpb.RegisterWorkerServiceServer(server, service)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(listener) }()
	c.t.Cleanup(func() { server.Stop(); <-ended })
	return "127.0.0.1", strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
