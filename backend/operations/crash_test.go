package operations_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// The test's own program serves as the console that is killed: it performs one operation and ends itself, by a signal that
// nobody can catch, exactly where TEST_CRASH_AT says.
const (
	crashProgram   = "run-operation"
	crashProfile   = "TEST_PROFILE"
	crashSecrets   = "TEST_SECRETS"
	crashOperation = "TEST_OPERATION" // its name and its target
	crashAt        = "TEST_CRASH_AT"
)

// crashable are the operations whose effects lie in more than one place, by name.
var crashable = map[string]func(context.Context, *operations.Commands, string) (operations.Plan, error){
	"detach": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		return c.PlanDetachWorker(ctx, id)
	},
	"undock": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		return c.PlanUndockWorker(ctx, id)
	},
	"drain": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		return c.PlanDrainWorker(ctx, id)
	},
	"undrain": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		return c.PlanUndrainWorker(ctx, id)
	},
	"degrade": func(ctx context.Context, c *operations.Commands, _ string) (operations.Plan, error) {
		return c.PlanDegradeLeader(ctx)
	},
	"current": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		return c.PlanCancelCurrent(ctx, id)
	},
	"cancel": func(ctx context.Context, c *operations.Commands, id string) (operations.Plan, error) {
		var run int64
		_, _ = fmt.Sscan(id, &run)
		return c.PlanCancelRun(ctx, scheduler.RunID(run))
	},
}

func runAndCrash() {
	err := func() error {
		var p profile.Profile
		if err := json.Unmarshal([]byte(os.Getenv(crashProfile)), &p); err != nil {
			return err
		}
		secrets, err := profile.DecodeSecrets([]byte(os.Getenv(crashSecrets)))
		if err != nil {
			return err
		}
		ctx := context.Background()
		connection, err := connect.Open(ctx, p, secrets, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer connection.Close()
		c := connection.Commands
		name, target, _ := strings.Cut(os.Getenv(crashOperation), " ")
		plan, err := crashable[name](ctx, c, target)
		if err != nil {
			return err
		}
		fmt.Println(plan.ID)
		c.At = func(step string) {
			fmt.Println(step)
			if step == os.Getenv(crashAt) {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // the signal is on its way
			}
		}
		_, err = c.Perform(ctx, plan, operations.Order{Reason: "crash test", TypedName: plan.TypedName})
		return err
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// crash runs an operation in a program of its own that ends at a step; with no step it goes to its end. It gives the
// operation's id and the steps that were reached.
func (c *cluster) crash(operation, at string) (operations.OperationID, []string) {
	c.Helper()
	program := c.program(operation, at)
	var complaints strings.Builder
	program.Stderr = &complaints
	said, err := program.Output()
	var lines []string
	for scanner := bufio.NewScanner(strings.NewReader(string(said))); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	ended, _ := errors.AsType[*exec.ExitError](err)
	killed := ended != nil && ended.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
	if len(lines) == 0 || killed != (at != "") || err != nil && !killed {
		c.Fatalf("%s, to end at %q: %v\n%s%s", operation, at, err, said, &complaints)
	}
	return operations.OperationID(lines[0]), lines[1:]
}

// crashCase is one cross-store operation, made ready anew for each kill.
type crashCase struct {
	capabilities string
	// ready sets the scene and gives the operation with its target.
	ready func(c *cluster, w *worker, n int) string
	// effects counts what it brought about: nothing before it, and something once it has acted.
	effects func(c *cluster, w *worker, n int) int
}

var crashCases = map[string]crashCase{
	"detach by flag": {
		capabilities: everything,
		ready:        func(_ *cluster, w *worker, _ int) string { return "detach " + w.id },
		effects:      func(c *cluster, w *worker, _ int) int { return count(c.flag(w.id) != nil) },
	},
	"detach by drain": {
		ready: func(c *cluster, w *worker, _ int) string {
			c.addRun(scheduler.Assigned, w.id, 0)
			return "detach " + w.id
		},
		effects: func(c *cluster, w *worker, _ int) int {
			_, draining := w.obeyed()
			return count(c.flag(w.id) != nil, draining, value[int](c,
				"select count(*) from scheduler_job_runs where assigned_worker_id = $1 and state = 'ASSIGNED'", w.id) == 0)
		},
	},
	"undock": {
		ready: func(c *cluster, w *worker, _ int) string {
			c.want(c.perform(c.planned(c.PlanDetachWorker(c.Context(), w.id))), operations.Done, "")
			return "undock " + w.id
		},
		effects: func(c *cluster, w *worker, _ int) int {
			_, draining := w.obeyed()
			return count(c.flag(w.id) == nil, !draining)
		},
	},
	"drain that the leader sees": {
		capabilities: everything,
		ready:        func(_ *cluster, w *worker, _ int) string { return "drain " + w.id },
		effects:      drains(true),
	},
	"drain with release": {
		ready:   func(_ *cluster, w *worker, _ int) string { return "drain " + w.id },
		effects: drains(true),
	},
	"undrain": {
		capabilities: everything,
		ready: func(c *cluster, w *worker, _ int) string {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.draining = true
			return "undrain " + w.id
		},
		effects: drains(false),
	},
	"degrade by flag": {capabilities: everything, ready: readyToDegrade, effects: degraded},
	"degrade by lock": {ready: readyToDegrade, effects: degraded},
	"cancel at the worker": {
		capabilities: everything,
		ready:        func(c *cluster, w *worker, _ int) string { return "cancel " + text(startRun(c, w)) },
		effects:      canceled,
	},
	"cancel of what a worker has": {
		capabilities: everything,
		ready:        func(c *cluster, w *worker, _ int) string { startRun(c, w); return "current " + w.id },
		effects:      canceled,
	},
	"cancel without a worker": {
		ready: func(c *cluster, w *worker, n int) string {
			return "cancel " + text(c.addRun(scheduler.Running, fmt.Sprint("gone-", w.id, n), 0))
		},
		effects: func(c *cluster, w *worker, n int) int {
			return value[int](c, "select count(*) from scheduler_job_runs where assigned_worker_id = $1 and state = 'CANCELED'", fmt.Sprint("gone-", w.id, n))
		},
	},
}

func count(facts ...bool) int {
	return len(slices.DeleteFunc(facts, func(is bool) bool { return !is }))
}

func drains(want bool) func(*cluster, *worker, int) int {
	return func(_ *cluster, w *worker, _ int) int { _, draining := w.obeyed(); return count(draining == want) }
}

func startRun(c *cluster, w *worker) scheduler.RunID {
	id := c.addRun(scheduler.Running, w.id, 0)
	w.has(id)
	c.eventually("the worker says what it runs", func(ctx context.Context) bool {
		return w.capabilities == "" || c.redis.HGet(ctx, "scheduler:worker:"+w.id, "current_job_run_id").Val() == text(id)
	})
	return id
}

func canceled(c *cluster, w *worker, _ int) int {
	return value[int](c, "select count(*) from scheduler_job_runs where assigned_worker_id = $1 and state = 'CANCELED'", w.id)
}

func readyToDegrade(c *cluster, w *worker, _ int) string {
	c.redis.Del(c.Context(), "scheduler:leader:degrade")
	c.setEpoch(7)
	c.lead(w.id)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	done := make(chan struct{})
	go func() { defer close(done); c.successor.succeed(ctx) }()
	c.Cleanup(func() { cancel(); <-done })
	return "degrade " + w.id
}

func degraded(c *cluster, w *worker, _ int) int {
	leader := c.redis.Get(c.Context(), "scheduler:leader:lock").Val()
	return count(c.redis.Exists(c.Context(), "scheduler:leader:degrade").Val() > 0, leader != w.id)
}

// withRival gives a cluster with a worker that can take the lead over, and the console of another person that may close at once
// what somebody else's left open.
func withRival(t *testing.T, capabilities string) (c *cluster, next *operations.Commands) {
	t.Helper()
	c = newCluster(t)
	c.successor = c.addWorker("next", "node-b", capabilities)
	next = c.as(c.logins.Admin)
	next.Patience = time.Nanosecond
	return c, next
}

// Every operation is killed at every step. Nothing may have happened that the audit doesn't announce, and the next console
// must be able to say what became of it.
func TestAConsoleThatDiesLeavesNothingUnexplained(t *testing.T) {
	t.Parallel()
	for name, test := range crashCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, next := withRival(t, test.capabilities)
			n := 0
			scene := func() (*worker, string, int) {
				n++
				w := c.addWorker(fmt.Sprintf("w-%d", n), "node-a", test.capabilities)
				operation := test.ready(c, w, n)
				if got := test.effects(c, w, n); got != 0 {
					t.Fatalf("%d effects before anything was done", got)
				}
				return w, operation, n
			}
			w, operation, serial := scene()
			id, steps := c.crash(operation, "")
			whole := test.effects(c, w, serial)
			if len(steps) < 4 || steps[0] != "planned" || steps[len(steps)-1] != "finished" || whole == 0 {
				t.Fatalf("without a kill: steps %v, %d effects, audit %v", steps, whole, c.audit(id))
			}
			for _, step := range steps {
				w, operation, serial := scene()
				id, reached := c.crash(operation, step)
				if reached[len(reached)-1] != step {
					t.Fatalf("killed at %s after %v", step, reached)
				}
				if announced := len(c.audit(id)) > 0; announced == (step == "planned") {
					t.Errorf("killed at %s: the audit has %v", step, c.audit(id))
				}
				end := c.explained(next, id, whole, func() int { return test.effects(c, w, serial) })
				t.Logf("killed at %s: closed as %q", step, end)
			}
		})
	}
}

// explained fails the test unless the audit announced what a console did that died meanwhile, and unless the next console
// closes the operation with what is true of it. It gives how: "" where nothing was begun.
func (c *cluster) explained(next *operations.Commands, id operations.OperationID, whole int, effects func() int) (end string) {
	c.Helper()
	audit := c.audit(id)
	announced := len(audit) > 0 && strings.HasSuffix(audit[0], ".requested")
	if n := effects(); n > 0 && !announced {
		c.Errorf("%d effects, but the audit has %v", n, audit)
	}
	if _, err := next.ReconcileAll(c.Context()); err != nil {
		c.Fatalf("reconcile: %v", err)
	}
	if open := leftOpen(c, next); len(open) != 0 {
		c.Errorf("still open: %v", open)
	}
	if !announced {
		return ""
	}
	audit = c.audit(id)
	end = audit[len(audit)-1]
	end = end[strings.LastIndex(end, ".")+1:]
	n := effects()
	switch {
	case !slices.Contains([]string{"succeeded", "failed", "unknown"}, end):
		c.Errorf("the audit ends with %s", end)
	case end == "succeeded" && n < whole, end == "failed" && n == whole:
		c.Errorf("%d of %d effects, but it is called %s", n, whole, end)
	}
	return end
}

// leftOpen lists the operations that nobody has finished in any way.
func leftOpen(c *cluster, by *operations.Commands) []operations.Opened {
	c.Helper()
	open, err := by.Open(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return slices.DeleteFunc(open, func(o operations.Opened) bool { return o.Unknown })
}

// program is the test's own, as a console that performs one operation.
func (c *cluster) program(operation, at string) *exec.Cmd {
	c.Helper()
	a := servertest.Access(c.T, c.database, c.cache)
	p, err := json.Marshal(a.Profile)
	if err != nil {
		c.Fatal(err)
	}
	secrets, err := a.Secrets.Encode()
	if err != nil {
		c.Fatal(err)
	}
	program := exec.CommandContext(c.Context(), os.Args[0], crashProgram)
	program.Env = append(os.Environ(), crashProfile+"="+string(p), crashSecrets+"="+string(secrets), crashOperation+"="+operation, crashAt+"="+at)
	return program
}
