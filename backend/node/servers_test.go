//go:build linux

package node_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

func TestRedisCluster(t *testing.T) {
	t.Parallel()
	var hosts []string
	for _, server := range servertest.StartRedisCluster(t, 3) {
		hosts = append(hosts, server.Address)
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
	master, replica, sentinel := servertest.StartWatchedRedis(t, "main")
	many := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "main", SentinelAddrs: []string{sentinel.Address}})
	t.Cleanup(func() { _ = many.Close() })
	c := newClusterOn(t, "redis+sentinel://"+sentinel.Address+"/main", many)

	c.start("one")
	c.start("two")
	c.crew(2)
	during := c.run(c.job(job{command: "sleep 6"}), 0)
	c.until(during, scheduler.Running)
	master.Kill()
	c.eventually("the replica is master", func() bool {
		return strings.Contains(replica.Client.Info(t.Context(), "replication").Val(), "role:master")
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
	c.base.PostgresURL = postgresAt(t, c.base.PostgresURL, link.Nowhere(t), link.Bridge(t, socket))
	c.start("w")
	c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
}
