//go:build linux

package connect_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

// spoilings are what networks do to their users.
var spoilings = map[string]func(*link.Link){
	"one kilobyte a second":  func(l *link.Link) { l.Throttle(1) },
	"two seconds late":       func(l *link.Link) { l.Delay(2 * time.Second) },
	"unheard":                func(l *link.Link) { l.Mute(link.Up) },
	"hearing nothing":        func(l *link.Link) { l.Mute(link.Down) },
	"silent":                 func(l *link.Link) { l.Mute(link.Up, link.Down) },
	"cut within each answer": func(l *link.Link) { l.BreakAfter(60) },
	"reset and refused":      (*link.Link).Refuse,
	"reset once":             (*link.Link).Sever,
	"forgotten":              (*link.Link).Forget,
}

// part is one of the servers of an environment, as it is asked and told something.
type part struct {
	link func(*site) *link.Link
	ask  func(context.Context, *connect.Connection) error
	plan func(context.Context, *connect.Connection, scheduler.JobID) (operations.Plan, error)
	// step is where an operation is about to leave for this server.
	step string
	// told counts how often the server was told, did tells whether it has happened.
	told func(*site, operations.Plan) int
	did  func(*site, operations.Plan) bool
}

var parts = map[string]part{
	"PostgreSQL": {
		link: func(s *site) *link.Link { return s.postgres },
		ask:  func(ctx context.Context, c *connect.Connection) error { _, err := c.Console.ListJobs(ctx); return err },
		plan: func(ctx context.Context, c *connect.Connection, job scheduler.JobID) (operations.Plan, error) {
			return c.Commands.PlanRunNow(ctx, job, "")
		},
		step: "planned",
	},
	"Redis": {
		link: func(s *site) *link.Link { return s.redis },
		ask: func(ctx context.Context, c *connect.Connection) error {
			_, err := c.Console.ListWorkers(ctx)
			return err
		},
		plan: func(ctx context.Context, c *connect.Connection, _ scheduler.JobID) (operations.Plan, error) {
			return c.Commands.PlanUndockWorker(ctx, "w-gone")
		},
		step: "begun",
		told: func(s *site, _ operations.Plan) int { return s.commands("del") },
		did:  func(s *site, _ operations.Plan) bool { return s.commands("del") > 0 },
	},
	"gRPC": {
		link: func(s *site) *link.Link { return s.worker },
		ask: func(ctx context.Context, c *connect.Connection) error {
			probe, err := c.Console.ProbeWorker(ctx, "w-1")
			return errors.Join(err, probe.Err)
		},
		plan: func(ctx context.Context, c *connect.Connection, _ scheduler.JobID) (operations.Plan, error) {
			return c.Commands.PlanDrainWorker(ctx, "w-1")
		},
		step: "begun",
		told: func(s *site, _ operations.Plan) int { return int(s.obedient.orders.Load()) },
		did:  func(s *site, _ operations.Plan) bool { return s.obedient.draining.Load() },
	},
}

// On every kind of bad network: a question ends with an answer or a reason before the window gives it up, an operation is carried out
// once or not at all and what is said of it is true, all goes on by itself when the network does, and closing leaves nothing.
func TestBadNetworks(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	logins := servertest.Gate(t, database)
	pool := servertest.Pool(t, database)
	t.Run("each", func(t *testing.T) {
		for name, spoil := range spoilings {
			for server, p := range parts {
				t.Run(server+" "+name, func(t *testing.T) {
					t.Parallel()
					var job scheduler.JobID
					err := pool.QueryRow(t.Context(), `insert into scheduler_job_definitions (name, enabled, type, command_name,
					  default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
					  values ($1, true, 'time', 'report', '{}', '{"kind": "hourly", "minute": 5}', 0, 0, 0, 'forbid', now(), now()) returning id`,
						t.Name()).Scan(&job)
					if err != nil {
						t.Fatal(err)
					}
					p := p
					if p.told == nil { // PostgreSQL's runs are those of its job
						p.told = func(s *site, _ operations.Plan) (n int) {
							if err := pool.QueryRow(s.Context(), "select count(*) from scheduler_job_runs where job_definition_id = $1", job).Scan(&n); err != nil {
								s.Fatal(err)
							}
							return n
						}
						p.did = func(s *site, plan operations.Plan) bool { return p.told(s, plan) > 0 }
					}
					s := newSite(t, logins.Admin)
					s.endure(p, spoil, job)
				})
			}
		}
	})
	waitForNoSession(t, database)
}

func (s *site) endure(p part, spoil func(*link.Link), job scheduler.JobID) {
	s.Helper()
	c, way := s.open(), p.link(s)
	s.asks(p, c)
	spoil(way)
	s.isTold(p.ask, c)
	way.Heal()
	s.asks(p, c)

	s.operate(p, spoil, c, job)

	spoil(way)
	s.closes(c)
	s.deserted()
}

// asks fails the test unless a server answers again by itself.
func (s *site) asks(p part, c *connect.Connection) {
	s.Helper()
	expect.Soon(s.T, "it is asked", func() bool { return p.ask(s.Context(), c) == nil })
}

// isTold fails the test unless a question ends by a deadline of its own, with an answer or with a reason that names the network.
func (s *site) isTold(ask func(context.Context, *connect.Connection) error, c *connect.Connection) {
	s.Helper()
	bound, cancel := context.WithTimeout(s.Context(), boundCall)
	defer cancel()
	err := ask(bound, c)
	if bound.Err() != nil {
		s.Errorf("it has no deadline of its own: %v", err)
	}
	if err == nil {
		return
	}
	e, _ := errors.AsType[*scheduler.Error](err)
	if e == nil || e.Code != scheduler.Unavailable || strings.HasSuffix(e.Reason, ".unexpected") || e.Args["address"] == "" {
		s.Errorf("nobody can do anything about %v", err)
	}
}

// operate lets the network turn bad while an operation is on its way.
func (s *site) operate(p part, spoil func(*link.Link), c *connect.Connection, job scheduler.JobID) {
	s.Helper()
	plan, err := p.plan(s.Context(), c, job)
	if err != nil {
		s.Fatal(err)
	}
	c.Commands.At = func(step string) {
		if step == p.step {
			spoil(p.link(s))
		}
	}
	bound, cancel := context.WithTimeout(s.Context(), operations.PerformTimeout)
	defer cancel()
	outcome, err := c.Commands.Perform(bound, plan, operations.Order{Reason: "to try it", TypedName: plan.TypedName})
	if err != nil || bound.Err() != nil {
		s.Fatalf("%+v, %v, %v", outcome, err, bound.Err())
	}
	c.Commands.At = nil
	p.link(s).Heal()
	s.asks(p, c)
	said := fmt.Sprintf("%s (%s)", outcome.Result, outcome.Reason)
	if outcome.Result == operations.Unknown && p.step == "begun" {
		outcome = s.resolve(c, plan.ID)
		said += fmt.Sprintf(", then %s (%s)", outcome.Result, outcome.Reason)
	}
	told, did := p.told(s, plan), p.did(s, plan)
	s.Logf("the operation: %s; told %d times, happened: %t", said, told, did)
	switch {
	case told > 1:
		s.Errorf("the server was told %d times", told)
	case outcome.Result == operations.Done && !did, outcome.Result == operations.Failed && did:
		s.Errorf("that is not so: %s", said)
	case outcome.Result != operations.Done && outcome.Result != operations.Failed && (outcome.Result != operations.Unknown || p.step == "begun"):
		s.Errorf("that says nothing: %s", said)
	}
}

// resolve looks at what became of an operation whose answer was lost, which somebody else may have done meanwhile.
func (s *site) resolve(c *connect.Connection, id operations.OperationID) operations.Outcome {
	s.Helper()
	outcome, err := c.Commands.Reconcile(s.Context(), id)
	if err != nil {
		s.Fatalf("it can't be resolved: %v", err)
	}
	return outcome
}

// closes fails the test unless closing ends before anybody would call the program hung.
func (s *site) closes(c *connect.Connection) {
	s.Helper()
	closed := make(chan struct{})
	began := time.Now()
	go func() { defer close(closed); c.Close() }()
	select {
	case <-closed:
		s.Logf("closed in %s", time.Since(began).Round(time.Millisecond))
	case <-time.After(boundCall):
		s.Error("it doesn't close")
		<-closed
	}
}

// A laptop that wakes opens everything anew by itself: of the connections that it fell asleep with, nobody knows any more.
func TestWaking(t *testing.T) {
	t.Parallel()
	s := newSite(t, servertest.Database(t))
	c := s.open()
	for _, p := range parts {
		s.asks(p, c)
	}
	ways := []*link.Link{s.postgres, s.redis, s.worker}
	for _, way := range ways {
		if way.Open() == 0 {
			t.Fatal("nothing is kept open")
		}
		way.Forget()
	}
	s.slept.Store(int64(8 * time.Hour))
	s.deserted() // although nobody asks
	for name, p := range parts {
		if err := p.ask(t.Context(), c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Servers that refuse are not dialled with every question.
func TestRefusalsAreSpacedOut(t *testing.T) {
	t.Parallel()
	s := newSite(t, servertest.Database(t))
	c := s.open()
	for _, name := range []string{"PostgreSQL", "Redis"} {
		p := parts[name]
		way := p.link(s)
		way.Refuse()
		before := way.Dialled()
		const questions = 200
		for range questions {
			if err := p.ask(t.Context(), c); err == nil {
				t.Fatalf("%s answers", name)
			}
		}
		if dialled := way.Dialled() - before; dialled < 2 || dialled > questions/4 {
			t.Errorf("%s was dialled %d times for %d questions", name, dialled, questions)
		}
		way.Heal()
		s.asks(p, c)
	}
}
