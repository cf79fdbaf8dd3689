package operations_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// What `make torture` raises to thousands; docs/operations.md has what came out.
var (
	kills  = flag.Int("kills", 33, "how often a console is killed at a moment that nobody chose")
	losses = flag.Int("losses", 40, "how many answers are lost")
	faults = flag.Int("faults", 40, "how many connections are cut at a moment that nobody chose")
)

// Every operation that leaves PostgreSQL is killed at moments that nobody chose, from its preview to its end.
func TestAConsoleThatDiesAtAnyMoment(t *testing.T) {
	t.Parallel()
	for name, test := range crashCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, next := withRival(t, test.capabilities)
			whole, lasts, ends := 0, time.Duration(0), map[string]int{}
			for n := range 1 + max(1, *kills/len(crashCases)) {
				t.Run(fmt.Sprint(n), func(t *testing.T) {
					c := c.within(t)
					w := c.addWorker(fmt.Sprintf("w-%d", n), "node-a", test.capabilities)
					operation := test.ready(c, w, n)
					if n == 0 { // as it goes undisturbed
						_, lasts = c.crashAfter(operation, time.Minute)
						whole = test.effects(c, w, n)
						return
					}
					silent := c.hears(w)
					id, _ := c.crashAfter(operation, rand.N(lasts*5/4))
					silent()
					ends[c.explained(next, id, whole, func() int { return test.effects(c, w, n) })]++
				})
			}
			t.Logf("lasts %s; closed as %v, with nothing begun where that is empty", lasts.Round(time.Millisecond), ends)
		})
	}
}

// within gives the same cluster to a part of a test, which cleans up after itself.
func (c *cluster) within(t *testing.T) *cluster {
	inner := *c
	inner.T = t
	return &inner
}

// hears gives a function that waits until everything has arrived that a program sent which has been started since, and
// has died.
func (c *cluster) hears(w *worker) func() {
	c.Helper()
	sessions := func() int {
		return value[int](c, "select count(*) from pg_stat_activity where datname = current_database() and usename like '%_operator'")
	}
	connections := func() int64 { return w.traffic.connections.Load() + c.successor.traffic.connections.Load() }
	atWorkers, atPostgres := connections(), sessions()
	return func() {
		c.Helper()
		c.eventually("what the dead program sent has been heard", func(ctx context.Context) bool {
			// Redis takes what is there with each of its rounds, so a second answer is from a round after it.
			for range 2 {
				if c.redis.Ping(ctx).Err() != nil {
					return false
				}
			}
			return connections() <= atWorkers && w.traffic.calls.Load() == 0 && sessions() <= atPostgres
		})
	}
}

// crashAfter runs an operation in a program of its own, which is killed so long after its preview if it has not ended
// by then. It gives the operation's id and how long it lasted.
func (c *cluster) crashAfter(operation string, after time.Duration) (operations.OperationID, time.Duration) {
	c.Helper()
	program := c.program(operation, "")
	said, err := program.StdoutPipe()
	if err != nil {
		c.Fatal(err)
	}
	if err := program.Start(); err != nil {
		c.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	if !lines.Scan() {
		c.Fatalf("%s: no preview: %v", operation, program.Wait())
	}
	id, began := operations.OperationID(lines.Text()), time.Now()
	timer := time.AfterFunc(after, func() { _ = program.Process.Kill() })
	defer timer.Stop()
	for lines.Scan() { // to its end, or to ours
	}
	_ = program.Wait() // killed, or too fast for that
	return id, time.Since(began)
}

// lanes is how many operators work at once where most of the time goes by in waiting.
const lanes = 4

// An operation has one effect, however many of its answers are lost, and is called by what became of it.
func TestAnswersThatAreLost(t *testing.T) {
	t.Parallel()
	for lane := range lanes {
		t.Run(fmt.Sprint(lane), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			proxy, over := through(t, c.database)
			commands := c.as(over)
			for lost, runs := 0, 0; lost < *losses/lanes; {
				plan := c.planned(commands.PlanRunNow(t.Context(), scheduler.JobID(c.job), ""))
				before := proxy.arm("because", 1+rand.N(3))
				outcome := c.performAs(commands, plan)
				lost += proxy.arm("", 0) - before
				runs++
				made := value[int](c, "select count(*) from scheduler_job_runs")
				if audit := c.audit(plan.ID); made != runs || len(audit) != 1 {
					t.Fatalf("operation %s: %d runs after %d operations, audit %v", plan.ID, made, runs, audit)
				}
				if outcome.Result != operations.Done && outcome.Result != operations.Unknown {
					t.Fatalf("operation %s was done and is called %s %s", plan.ID, outcome.Result, outcome.Reason)
				}
			}
		})
	}
}

// Connections to PostgreSQL and Redis are cut at any byte, before, within and after a request. Nothing is called done
// that was not, or failed that was done; what can't be known is called unknown, and the next console says what it was.
func TestConnectionsThatBreak(t *testing.T) {
	t.Parallel()
	for lane := range lanes {
		t.Run(fmt.Sprint(lane), func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			c.addWorker("w-2", "node-b", everything)
			w := c.addWorker("w-1", "node-a", everything)
			next := c.as(c.logins.Admin)
			next.Patience = time.Nanosecond
			postgres, overPostgres := through(t, c.database)
			redis, overRedis := through(t, c.cache)
			c.cache = overRedis
			commands := c.as(overPostgres)
			told := map[operations.Result]int{}
			for cut := 0; cut < *faults/lanes; {
				c.eventually("the worker says how it is", func(ctx context.Context) bool {
					said := c.redis.HMGet(ctx, "scheduler:worker:"+w.id, "draining", "detached").Val()
					_, draining := w.obeyed()
					return said[0] == flagText(draining) && said[1] == flagText(c.flag(w.id) != nil)
				})
				plan, done := brittle[rand.N(len(brittle))](c, commands, w)
				proxy := []*lossy{postgres, redis}[rand.N(2)]
				before := proxy.cutAfter(1 + rand.N(mostBytes))
				outcome := c.performAs(commands, plan)
				cut += proxy.cutAfter(0) - before
				c.eventually("the database is done with it", func(context.Context) bool {
					return value[int](c, "select count(*) from pg_stat_activity where usename like '%_operator' and state <> 'idle' "+
						"and datname = current_database()") == 0
				})
				told[outcome.Result]++
				if is := done(plan.ID); is != (outcome.Result == operations.Done) && outcome.Result != operations.Unknown {
					t.Fatalf("%s %s is called %s %s, and is done: %t; the audit has %v", plan.Action, plan.ID, outcome.Result, outcome.Reason,
						is, c.audit(plan.ID))
				}
			}
			if _, err := next.ReconcileAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			if open := leftOpen(c, next); len(open) != 0 {
				t.Errorf("still open: %v", open)
			}
			t.Logf("called %v", told)
		})
	}
}

// mostBytes is more than an operation and its connections exchange with PostgreSQL or Redis.
const mostBytes = 12_000

// brittle are operations of each kind, with what tells whether they have been done.
var brittle = []func(c *cluster, commands *operations.Commands, w *worker) (operations.Plan, func(operations.OperationID) bool){
	func(c *cluster, commands *operations.Commands, _ *worker) (operations.Plan, func(operations.OperationID) bool) {
		plan := c.planned(commands.PlanRunNow(c.Context(), scheduler.JobID(c.job), ""))
		return plan, func(id operations.OperationID) bool { return len(c.audit(id)) == 1 }
	},
	func(c *cluster, commands *operations.Commands, w *worker) (operations.Plan, func(operations.OperationID) bool) {
		order := commands.PlanDrainWorker
		_, draining := w.obeyed()
		if draining {
			order = commands.PlanUndrainWorker
		}
		return c.planned(order(c.Context(), w.id)), func(operations.OperationID) bool {
			_, now := w.obeyed()
			return now != draining
		}
	},
	func(c *cluster, commands *operations.Commands, w *worker) (operations.Plan, func(operations.OperationID) bool) {
		flagged := c.flag(w.id) != nil
		order := commands.PlanDetachWorker
		if flagged {
			order = commands.PlanUndockWorker
		}
		return c.planned(order(c.Context(), w.id)), func(operations.OperationID) bool { return (c.flag(w.id) != nil) != flagged }
	},
}

// flagText is how a worker writes a truth value.
func flagText(is bool) string {
	if is {
		return "1"
	}
	return "0"
}
