//go:build linux

package node_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// redisProcess is a Redis of a test's own, which may be killed.
type redisProcess struct {
	t       *testing.T
	port    int
	process *exec.Cmd
	client  *redis.Client
}

func (r *redisProcess) address() string { return "127.0.0.1:" + strconv.Itoa(r.port) }

// freePort is one that nobody listens on just now.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func startRedis(t *testing.T, more ...string) *redisProcess {
	t.Helper()
	r := &redisProcess{t: t, port: freePort(t)}
	dir := t.TempDir()
	arguments := append([]string{"--port", strconv.Itoa(r.port), "--bind", "127.0.0.1", "--save", "", "--dir", dir}, more...)
	if more != nil && strings.HasSuffix(more[0], ".conf") {
		arguments = append([]string{more[0], "--port", strconv.Itoa(r.port), "--dir", dir}, more[1:]...)
	}
	r.process = exec.Command("redis-server", arguments...)
	if err := r.process.Start(); err != nil {
		t.Fatalf("this test needs redis-server: %v", err)
	}
	t.Cleanup(r.kill)
	r.client = redis.NewClient(&redis.Options{Addr: r.address()})
	t.Cleanup(func() { _ = r.client.Close() })
	(&testCluster{t: t}).eventually("Redis answers", func() bool { return r.client.Ping(t.Context()).Err() == nil })
	return r
}

func (r *redisProcess) kill() {
	_ = r.process.Process.Kill()
	_ = r.process.Wait()
}

func TestRedisCluster(t *testing.T) {
	t.Parallel()
	const masters, slots = 3, 16384
	var servers []*redisProcess
	var hosts []string
	for i := range masters {
		server := startRedis(t, "--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(freePort(t)))
		first, last := i*slots/masters, (i+1)*slots/masters-1
		if err := server.client.ClusterAddSlotsRange(t.Context(), first, last).Err(); err != nil {
			t.Fatal(err)
		}
		servers, hosts = append(servers, server), append(hosts, server.address())
	}
	for _, server := range servers[1:] {
		bus := server.client.ConfigGet(t.Context(), "cluster-port").Val()["cluster-port"]
		if err := servers[0].client.Do(t.Context(), "cluster", "meet", "127.0.0.1", server.port, bus).Err(); err != nil {
			t.Fatal(err)
		}
	}
	wait := &testCluster{t: t}
	for _, server := range servers {
		wait.eventually("the Redis Cluster is whole", func() bool {
			info := server.client.ClusterInfo(t.Context()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d", masters))
		})
	}
	many := redis.NewClusterClient(&redis.ClusterOptions{Addrs: hosts})
	t.Cleanup(func() { _ = many.Close() })
	c := newClusterOn(t, "redis+cluster://"+strings.Join(hosts, ","), many)

	// One worker after the other gets the SubLeader's lock, the leader's, and everything else the node does in Redis.
	c.set("SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 0)
	nodes := map[string]*node.Node{}
	for _, id := range []string{"a", "b", "c"} {
		nodes[id] = c.start(id, func(config *node.Config) { config.NodeID = id })
	}
	c.crew(3)
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
	former, epoch := c.leader()
	c.redis.Set(t.Context(), degradeKey, request(epoch), 30*time.Second)
	c.eventually("another leads", func() bool { id := c.get("scheduler:leader:lock"); return id != "" && id != former })
	c.detach(former)
	c.rejoined(nodes[former], former)
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}

func TestRedisSentinelFailover(t *testing.T) {
	t.Parallel()
	master := startRedis(t)
	replica := startRedis(t, "--replicaof", "127.0.0.1 "+strconv.Itoa(master.port))
	wait := &testCluster{t: t}
	wait.eventually("the replica follows", func() bool {
		return strings.Contains(replica.client.Info(t.Context(), "replication").Val(), "master_link_status:up")
	})
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor main 127.0.0.1 %d 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n", master.port)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := startRedis(t, config, "--sentinel")
	wait.eventually("the Sentinel knows both", func() bool {
		return strings.Contains(sentinel.client.Info(t.Context(), "sentinel").Val(), "slaves=1")
	})
	many := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "main", SentinelAddrs: []string{sentinel.address()}})
	t.Cleanup(func() { _ = many.Close() })
	c := newClusterOn(t, "redis+sentinel://"+sentinel.address()+"/main", many)

	c.start("one")
	c.start("two")
	c.crew(2)
	during := c.run(c.job(job{command: "sleep 6"}), 0)
	c.until(during, scheduler.Running)
	master.kill()
	wait.eventually("the replica is master", func() bool {
		return strings.Contains(replica.client.Info(t.Context(), "replication").Val(), "role:master")
	})
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
	if r := c.until(during, scheduler.Succeeded); r.Attempt != 0 {
		t.Errorf("the run in hand was given out again: attempt %d", r.Attempt)
	}
}

func TestPostgresWithSeveralHosts(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	socket, _ := postgresSocket(t, c.base.PostgresURL)
	dead := "127.0.0.1:" + strconv.Itoa(freePort(t))
	c.base.PostgresURL = postgresAt(t, c.base.PostgresURL, dead, bridge(t, socket))
	c.start("w")
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}
