//go:build linux

package node_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// hold keeps a lock in PostgreSQL, so that whoever comes to it stands still there, and gives what ends that.
func (c *testCluster) hold(sql string, args ...any) (release func()) {
	c.t.Helper()
	tx, err := c.pg.Begin(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := tx.Exec(c.t.Context(), sql, args...); err != nil {
		c.t.Fatal(err)
	}
	return func() {
		c.t.Helper()
		if err := tx.Rollback(c.t.Context()); err != nil && err != pgx.ErrTxClosed { //nolint:errorlint // Rollback gives it bare
			c.t.Fatal(err)
		}
	}
}

// waits waits until a statement of a node waits for the lock that is held.
func (c *testCluster) waits(id string) {
	c.t.Helper()
	c.eventually(id+" has come to the lock", func() bool {
		return value[int](c, `select count(*) from pg_stat_activity
			where datname = current_database() and application_name = $1 and wait_event_type = 'Lock'`, "opsdeck-node "+id) > 0
	})
}

// A process that is killed in the middle of a step leaves nothing that the next can't go on with.
func TestKilledAtAStep(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		kill func(c *testCluster, d diary, kill func(*exec.Cmd)) (id scheduler.RunID)
		once bool // the first attempt did not come to execute anything
	}{
		{"while it begins its term", func(c *testCluster, d diary, kill func(*exec.Cmd)) scheduler.RunID {
			release := c.hold(`select from opsdeck_node.term_current for update`)
			victim := c.spawn("victim")
			c.waits("victim")
			kill(victim)
			release()
			return c.run(c.job(job{command: d.command(1)}), 0)
		}, true},
		{"in the middle of a leader's transaction", func(c *testCluster, d diary, kill func(*exec.Cmd)) scheduler.RunID {
			victim := c.spawn("victim")
			c.leader()
			id := c.run(c.job(job{command: d.command(1)}), 2*time.Second)
			release := c.hold(`lock table scheduler_job_runs in access exclusive mode`)
			c.waits("victim")
			kill(victim)
			release()
			return id
		}, true},
		{"while it takes a run in hand", func(c *testCluster, d diary, kill func(*exec.Cmd)) scheduler.RunID {
			c.lookAhead()
			victim := c.spawn("victim")
			c.leader()
			id := c.run(c.job(job{command: d.command(1)}), 2*time.Second)
			c.until(id, scheduler.Assigned)
			release := c.hold(`select from scheduler_job_runs where id = $1 for update`, id)
			c.waits("victim") // the statement goes on without it: the run is RUNNING at a worker that is dead
			kill(victim)
			release()
			return id
		}, true},
		{"before it records the end of a command", func(c *testCluster, d diary, kill func(*exec.Cmd)) scheduler.RunID {
			victim := c.spawn("victim")
			id := c.run(c.job(job{command: d.command(1)}), 0)
			c.until(id, scheduler.Running)
			release := c.hold(`select from scheduler_job_runs where id = $1 for update`, id)
			c.eventually("the command has ended", func() bool {
				_, err := os.Stat(d.file)
				return err == nil && time.Since(d.executions(c.t)[strconv.FormatInt(int64(id), 10)][0].last) > 500*time.Millisecond
			})
			kill(victim)
			release()
			return id
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.hasten()
			d := newDiary(t)
			id := tt.kill(c, d, c.kill)
			c.start("heir")
			c.eventually("it has ended", func() bool { return c.row(id).State.Final() })
			if r := c.row(id); r.State != scheduler.Succeeded {
				t.Errorf("it is %s: %s", r.State, r.Summary)
			}
			d.noneTwice(t)
			if n := len(d.executions(t)[strconv.FormatInt(int64(id), 10)]); tt.once && n != 1 {
				t.Errorf("%d executions", n)
			}
			c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
		})
	}
}

// Whatever happens to the nodes, every run is executed to its end, and never at two places at once.
func TestWorkSurvivesRandomFaults(t *testing.T) {
	t.Parallel()
	const nodes, runs, faults = 3, 16, 6
	c := newCluster(t)
	c.hasten()
	d := newDiary(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))

	type place struct {
		ways    links
		process *exec.Cmd
	}
	var places [nodes]place
	lives := 0
	fill := func(i int) {
		lives++
		ways, behind := c.behindLinks()
		places[i] = place{ways, c.spawn("w"+strconv.Itoa(lives), behind)}
	}
	for i := range places {
		fill(i)
	}
	c.leader()
	jobs := c.job(job{command: d.command(1)})
	ids := make([]scheduler.RunID, runs)
	for i := range ids {
		ids[i] = c.run(jobs, time.Duration(i)*500*time.Millisecond)
	}
	open := func() int { return value[int](c, `select count(*) from scheduler_job_runs where state <> 'SUCCEEDED'`) }
	for left := range faults {
		before := open()
		if before == 0 {
			break
		}
		i := random.IntN(nodes)
		p := places[i]
		undo := func() {}
		switch what := random.IntN(5); what {
		case 0:
			c.kill(p.process)
			undo = func() { fill(i) }
		case 1:
			_ = p.process.Process.Signal(syscall.SIGTERM)
			_ = p.process.Wait()
			undo = func() { fill(i) }
		case 2:
			_ = p.process.Process.Signal(syscall.SIGSTOP)
			undo = func() { _ = p.process.Process.Signal(syscall.SIGCONT) }
		case 3:
			p.ways.redis.Mute(bothWays[random.IntN(2):]...)
			undo = p.ways.heal
		case 4:
			p.ways.postgres.Mute(bothWays...)
			undo = p.ways.heal
		}
		// Work goes on without that node, or with it.
		c.eventually("fault "+strconv.Itoa(left)+" holds nothing up", func() bool { now := open(); return now < before || now == 0 })
		undo()
	}
	for _, id := range ids {
		c.until(id, scheduler.Succeeded)
	}
	d.noneTwice(t)
	if executed := len(d.executions(t)); executed != runs {
		t.Errorf("%d of %d runs were executed", executed, runs)
	}
}
