//go:build linux

package node_test

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

// postgresSocket is the socket of a test's database.
func postgresSocket(t testing.TB, databaseURL string) (socket string, u *url.URL) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")), u
}

// postgresAt is a test's database at other addresses.
func postgresAt(t testing.TB, databaseURL string, hosts ...string) string {
	t.Helper()
	_, u := postgresSocket(t, databaseURL)
	return "postgres://" + u.User.String() + "@" + strings.Join(hosts, ",") + u.Path + "?sslmode=disable"
}

// links are the ways of one node to its servers, which a test can spoil.
type links struct{ redis, postgres *link.Link }

// behindLinks gives a node ways of its own to PostgreSQL and Redis.
func (c *testCluster) behindLinks() (links, func(*node.Config)) {
	c.t.Helper()
	pgSocket, _ := postgresSocket(c.t, c.base.PostgresURL)
	redisAddress, err := url.Parse(c.base.RedisURL)
	if err != nil {
		c.t.Fatal(err)
	}
	l := links{redis: link.To(c.t, "unix", redisAddress.Path), postgres: link.To(c.t, "unix", pgSocket)}
	return l, func(config *node.Config) {
		config.PostgresURL = postgresAt(c.t, c.base.PostgresURL, l.postgres.Address)
		password, _ := redisAddress.User.Password()
		config.RedisURL = "redis://" + url.UserPassword(redisAddress.User.Username(), password).String() + "@" +
			l.redis.Address + "/" + redisAddress.Query().Get("db")
	}
}

// heal lets everything through again.
func (l links) heal() {
	l.redis.Heal()
	l.postgres.Heal()
}

// bothWays is for what can be cut in one direction too: what the node says, and what it hears.
var bothWays = []link.Direction{link.Up, link.Down}

// diary is where jobs write down that they are being executed, several times a second.
type diary struct{ file string }

func newDiary(t testing.TB) diary { return diary{filepath.Join(t.TempDir(), "diary")} }

// command is executed for so many seconds.
func (d diary) command(seconds int) string {
	return fmt.Sprintf(`i=0; while [ $i -lt %d ]; do echo "$SCHEDULER_JOB_RUN_ID $$ $(date +%%s%%N)" >> %s; sleep 0.05; i=$((i+1)); done`,
		20*seconds, d.file)
}

// execution is what one process wrote.
type execution struct{ first, last time.Time }

// executions gives those of each run, in their order.
func (d diary) executions(t testing.TB) map[string][]execution {
	t.Helper()
	text, err := os.ReadFile(d.file)
	if err != nil {
		t.Fatal(err)
	}
	index := map[string]int{} // of run and process
	all := map[string][]execution{}
	for line := range strings.Lines(string(text)) {
		var run, pid string
		var nanoseconds int64
		if n, err := fmt.Sscan(line, &run, &pid, &nanoseconds); n != 3 {
			t.Logf("half a line: %q, %v", line, err) // its writer was killed
			continue
		}
		at := time.Unix(0, nanoseconds)
		i, known := index[run+" "+pid]
		if !known {
			i = len(all[run])
			index[run+" "+pid] = i
			all[run] = append(all[run], execution{first: at})
		}
		all[run][i].last = at
	}
	return all
}

// noneTwice checks that no two processes executed a run at the same time.
func (d diary) noneTwice(t testing.TB) {
	t.Helper()
	for run, executions := range d.executions(t) {
		for i := 1; i < len(executions); i++ {
			if overlap := executions[i-1].last.Sub(executions[i].first); overlap >= 0 {
				t.Errorf("run %s was executed twice at once, for %s", run, overlap)
			}
		}
	}
}

// A worker that its cluster misses, in whatever way, has stopped executing by the time another starts.
func TestRunOfALostWorkerMovesWithoutBeingExecutedTwice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		lose func(links, *exec.Cmd)
	}{
		{"killed", func(_ links, p *exec.Cmd) { _ = p.Process.Kill() }},
		{"frozen", func(_ links, p *exec.Cmd) { _ = p.Process.Signal(syscall.SIGSTOP) }},
		{"stopped", func(_ links, p *exec.Cmd) { _ = p.Process.Signal(syscall.SIGTERM) }},
		{"cut off from both", func(l links, _ *exec.Cmd) { l.redis.Mute(bothWays...); l.postgres.Mute(bothWays...) }},
		{"cut off from Redis", func(l links, _ *exec.Cmd) { l.redis.Mute(bothWays...) }},
		{"mute", func(l links, _ *exec.Cmd) { l.redis.Mute(link.Up); l.postgres.Mute(link.Up) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.hasten()
			d := newDiary(t)
			ways, behind := c.behindLinks()
			victim := c.spawn("victim", behind)
			id := c.run(c.job(job{command: d.command(7)}), 0)
			c.until(id, scheduler.Running)
			c.eventually("it is being executed", func() bool { _, err := os.Stat(d.file); return err == nil })
			c.start("heir")
			c.eventually("there is somebody to take over", func() bool { return c.hash("heir")["role"] == "subleader" })
			begun := time.Now()
			tt.lose(ways, victim)
			c.eventually("the heir executes it", func() bool { r := c.row(id); return r.Attempt > 0 && r.State == scheduler.Running })
			t.Logf("runs again after %s", time.Since(begun).Round(10*time.Millisecond))
			c.eventually("it has done so for a while", func() bool {
				executions := d.executions(t)[strconv.FormatInt(int64(id), 10)]
				return len(executions) == 2 && executions[1].last.Sub(executions[1].first) > time.Second
			})
			ways.heal()
			_ = victim.Process.Signal(syscall.SIGCONT)
			if r := c.until(id, scheduler.Succeeded); r.Worker != "heir" || r.Attempt != 1 {
				t.Errorf("attempt %d on %s", r.Attempt, r.Worker)
			}
			d.noneTwice(t)
			if n := len(d.executions(t)[strconv.FormatInt(int64(id), 10)]); n != 2 {
				t.Errorf("%d executions", n)
			}
		})
	}
}

// A worker that its cluster does not miss keeps its run.
func TestWorkerWithoutPostgresKeepsItsRun(t *testing.T) {
	t.Parallel()
	for _, directions := range [][]link.Direction{{link.Up, link.Down}, {link.Down}} {
		t.Run(fmt.Sprint(directions), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.hasten()
			d := newDiary(t)
			ways, behind := c.behindLinks()
			leading := c.start("leading")
			c.leader()
			c.spawn("worker", behind)
			c.crew(2)
			c.drain(leading, true)
			id := c.run(c.job(job{command: d.command(6)}), 0)
			if r := c.until(id, scheduler.Running); r.Worker != "worker" {
				t.Fatalf("it runs on %s", r.Worker)
			}
			c.eventually("it is being executed", func() bool { _, err := os.Stat(d.file); return err == nil })
			c.eventually("its heartbeat names the run", func() bool {
				return c.hash("worker")["current_job_run_id"] == strconv.FormatInt(int64(id), 10)
			})
			locked := func() string { // by whom last: each question of the worker is another transaction
				return value[string](c, `select xmax::text from scheduler_job_runs where id = $1`, id)
			}
			before := locked()
			c.eventually("PostgreSQL was asked since", func() bool { return locked() != before })
			before = locked() // which may have been on its way before the heartbeat
			c.eventually("and once more", func() bool { return locked() != before })
			ways.postgres.Mute(directions...)
			c.eventually("its command has ended", func() bool {
				executions := d.executions(t)[strconv.FormatInt(int64(id), 10)]
				return len(executions) == 1 && time.Since(executions[0].last) > time.Second && time.Since(executions[0].first) > 6*time.Second
			})
			ways.heal()
			if r := c.until(id, scheduler.Succeeded); r.Attempt != 0 {
				t.Errorf("attempt %d", r.Attempt)
			}
			d.noneTwice(t)
		})
	}
}

func TestLeaderWithoutRedisIsReplaced(t *testing.T) {
	t.Parallel()
	for _, directions := range [][]link.Direction{{link.Up, link.Down}, {link.Up}, {link.Down}} {
		t.Run(fmt.Sprint(directions), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.hasten()
			ways, behind := c.behindLinks()
			c.spawn("former", behind)
			_, epoch := c.leader()
			c.start("successor")
			c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "successor" })
			ways.redis.Mute(directions...)
			begun := time.Now()
			// A node that is heard but hears nothing goes on renewing nothing: its lock runs out all the same.
			c.eventually("the successor leads", func() bool {
				return value[string](c, `select worker_id from opsdeck_node.term_current`) == "successor"
			})
			t.Logf("leads after %s", time.Since(begun).Round(10*time.Millisecond))
			jobs := c.job(job{command: "true"})
			for range 5 {
				c.until(c.run(jobs, 0), scheduler.Succeeded)
			}
			if late := value[int](c, `select count(*) from scheduler_job_runs where leader_epoch <= $1`, epoch); late != 0 {
				t.Errorf("%d runs were changed by the former leader", late)
			}
			ways.heal()
			c.eventually("the former leader follows", func() bool { return c.hash("former")["leader_worker_id"] == "successor" })
		})
	}
}

// A leader that PostgreSQL does not answer can do nothing, although it holds its lock and answers calls.
func TestLeaderWithoutPostgresIsReplaced(t *testing.T) {
	t.Parallel()
	for _, directions := range [][]link.Direction{{link.Up, link.Down}, {link.Down}} {
		t.Run(fmt.Sprint(directions), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			ways, behind := c.behindLinks()
			c.spawn("former", behind)
			_, epoch := c.leader()
			c.start("successor")
			c.eventually("there is a SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "successor" })
			ways.postgres.Mute(directions...)
			begun := time.Now()
			c.eventually("the successor leads", func() bool {
				return value[string](c, `select worker_id from opsdeck_node.term_current`) == "successor"
			})
			t.Logf("leads after %s", time.Since(begun).Round(10*time.Millisecond))
			c.until(c.run(c.job(job{command: "true"}), 0), scheduler.Succeeded)
			if _, next := c.leader(); next != epoch+1 {
				t.Errorf("epoch %d follows %d", next, epoch)
			}
			if sub := c.get("scheduler:subleader:lock"); sub != "" {
				t.Errorf("%s is SubLeader, and could not lead", sub)
			}
			ways.heal()
			c.eventually("the former leader is SubLeader", func() bool { return c.get("scheduler:subleader:lock") == "former" })
		})
	}
}

func TestSlowRedisStopsNobody(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	ways, behind := c.behindLinks()
	c.spawn("slow", behind)
	_, epoch := c.leader()
	c.start("fast")
	c.crew(2)
	ways.redis.Delay(150 * time.Millisecond)
	jobs := c.job(job{command: "true"})
	for range 4 {
		c.until(c.run(jobs, 0), scheduler.Succeeded)
	}
	if id, now := c.leader(); id != "slow" || now != epoch {
		t.Errorf("%s leads in epoch %d", id, now)
	}
}
