//go:build linux

package node_test

import (
	"os/exec"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// BenchmarkFailover tells how long nobody leads, and how long a lost run takes until it runs again, with the standard
// times of locks and heartbeats. docs/node.md has its figures:
//
//	go test ./backend/node -run '^$' -bench Failover -benchtime 3x
func BenchmarkFailover(b *testing.B) {
	for _, bb := range []struct {
		name string
		lose func(c *testCluster, ways links, former *exec.Cmd, epoch int64)
	}{
		{"kill", func(c *testCluster, _ links, former *exec.Cmd, _ int64) { c.kill(former) }},
		{"degrade", func(c *testCluster, _ links, _ *exec.Cmd, epoch int64) {
			c.redis.Set(c.t.Context(), degradeKey, request(epoch), 30*time.Second)
		}},
		{"without Redis", func(_ *testCluster, ways links, _ *exec.Cmd, _ int64) { ways.redis.Mute(bothWays...) }},
		{"without PostgreSQL", func(_ *testCluster, ways links, _ *exec.Cmd, _ int64) { ways.postgres.Mute(bothWays...) }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var sum time.Duration
			for b.Loop() {
				c := newCluster(b)
				c.standardTimes()
				ways, behind := c.behindLinks()
				former := c.spawn("former", behind)
				_, epoch := c.leader()
				c.spawn("successor")
				c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "successor" })
				begun := time.Now()
				bb.lose(c, ways, former, epoch)
				c.eventually("the successor leads", func() bool {
					return value[string](c, `select worker_id from opsdeck_node.term_current`) == "successor"
				})
				sum += time.Since(begun)
			}
			b.ReportMetric(sum.Seconds()/float64(b.N), "s/failover")
		})
	}
	b.Run("run of a killed worker", func(b *testing.B) {
		var sum time.Duration
		for b.Loop() {
			c := newCluster(b)
			c.standardTimes()
			leading := c.start("leading", func(config *node.Config) { config.Tick = node.DefaultTick })
			c.leader()
			c.drain(leading, true)
			doomed := c.spawn("doomed")
			id := c.run(c.job(job{command: "sleep 600"}), 0)
			c.until(id, scheduler.Running)
			c.drain(leading, false)
			begun := time.Now()
			c.kill(doomed)
			c.within(2*time.Minute, "it runs again", func() bool { r := c.row(id); return r.Attempt == 1 && r.State == scheduler.Running })
			sum += time.Since(begun)
		}
		b.ReportMetric(sum.Seconds()/float64(b.N), "s/repair")
	})
}

// standardTimes are those of the schedulers in the field.
func (c *testCluster) standardTimes() {
	c.base.Tick, c.base.LockTTL, c.base.HeartbeatTTL = node.DefaultTick, node.DefaultLockTTL, node.DefaultHeartbeatTTL
}
