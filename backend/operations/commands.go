package operations

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Config is what Commands are made of.
type Config struct {
	Ports  Ports
	Policy Policy // without a kind it is production's
	Origin Origin // of every operation; ClientTime is filled in
	Now    func() time.Time
	Log    *slog.Logger
	// At is told of every step that an operation reaches, by name; nil tells nobody. The tests of crashes end the program
	// there.
	At func(step string)
	// Patience replaces the usual Patience; 0 = the usual one.
	Patience time.Duration
}

// Commands are an operator's operations on one environment whose database has the gate. They are safe for concurrent use.
type Commands struct {
	Config

	lock lock
}

// New makes Commands over the servers of one environment, which it doesn't close.
func New(config Config) *Commands {
	if config.Policy.Kind == "" {
		config.Policy = PolicyOf("")
	}
	return &Commands{Config: config}
}

// PerformTimeout is what performing one operation may take. Every call within has a shorter deadline of its own.
const PerformTimeout = 50 * time.Second

const (
	gateDeadline = 12 * time.Second // of one call of the gate, repetitions included
	actDeadline  = 28 * time.Second // of everything between begin and finish
	// obeyed is how long the cluster is watched for an effect.
	obeyed = 12 * time.Second
	// glance is the time between two looks at it.
	glance = 250 * time.Millisecond
)

// operation is one thing that an operator chose to do.
type operation interface {
	// look computes what it would do now. An error says why it can't be done at all.
	look(ctx context.Context, c *Commands) (sight, error)
}

// sight is an operation as one look sees it.
type sight struct {
	Preview
	basis basis
	act   func(ctx context.Context, p performance) Outcome
}

// Plan is an operation that was previewed and can be performed once.
type Plan struct {
	ID OperationID
	Preview
	operation operation
	basis     basis
	claim     *claim
}

// claim ties a plan to the environment that it was made in, and to being performed once.
type claim struct {
	by   *Commands
	used atomic.Bool
}

// take claims a plan for performing.
func (c *Commands) take(plan *claim) error {
	switch {
	case plan == nil || plan.by != c:
		return scheduler.Errorf(scheduler.Stale, "operation.no_plan", "What was shown belongs to another environment. Look again.")
	case !plan.used.CompareAndSwap(false, true):
		return conflict(ReasonPerformed, "This operation was performed already. Look again to do it once more.")
	}
	return nil
}

// Order is an operator's word to perform a plan.
type Order struct {
	Reason    string // why: 1 to MaxReason characters
	TypedName string // the plan's, for the dangerous tier
}

// MaxReason is the longest reason, in characters.
const MaxReason = 500

// The reasons why a plan is not performed.
const (
	ReasonChanged   = "operation.changed"
	ReasonPerformed = "operation.performed"
)

func (c *Commands) plan(ctx context.Context, o operation) (Plan, error) {
	if err := c.allowed(); err != nil {
		return Plan{}, err
	}
	seen, err := c.look(ctx, o)
	if err != nil {
		return Plan{}, err
	}
	return Plan{ID: NewID(), Preview: seen.Preview, operation: o, basis: seen.basis, claim: &claim{by: c}}, nil
}

// look adds to the basis what every operation rests on.
func (c *Commands) look(ctx context.Context, o operation) (sight, error) {
	seen, err := o.look(ctx, c)
	if err != nil {
		return sight{}, err
	}
	if seen.basis == nil {
		seen.basis = basis{}
	}
	seen.AsOf = c.Now()
	if seen.TypedName == "" {
		seen.TypedName = c.Policy.typed(seen.Preview, seen.Target)
	}
	seen.basis["way"] = seen.Way
	seen.basis["tier"] = string(seen.Tier)
	seen.basis["epoch"] = epochText(seen.Epoch)
	return seen, nil
}

// Perform carries a plan out, unless what its preview rests on has changed. The error says what is wrong with the order;
// the plan can then be ordered again. Everything else is an Outcome.
func (c *Commands) Perform(ctx context.Context, plan Plan, order Order) (Outcome, error) {
	order, err := order.check(plan.Preview)
	if err != nil {
		return Outcome{}, err
	}
	if err := c.allowed(); err != nil {
		return Outcome{}, err
	}
	if err := c.take(plan.claim); err != nil {
		return Outcome{}, err
	}
	now, err := c.look(ctx, plan.operation)
	if err != nil {
		if scheduler.CodeOf(err) == scheduler.Unavailable || scheduler.CodeOf(err) == scheduler.Internal {
			return because(plan.ID, Failed, err), nil
		}
		return because(plan.ID, Stale, err), nil // it can't be done any more, and says why
	}
	if what := plan.basis.changed(now.basis); what != "" {
		return nothing(plan.ID, Stale, ReasonChanged, "what", what), nil
	}
	outcome := now.act(ctx, performance{Commands: c, plan: plan, reason: order.Reason})
	c.Log.InfoContext(ctx, "operation performed", "operation", plan.ID, "action", plan.Action, "target", plan.Target,
		"result", outcome.Result, "reason", outcome.Reason)
	return outcome, nil
}

// Check tells what is wrong with an order to perform what was previewed, now.
func (c *Commands) Check(p Preview, order Order) error {
	if err := c.allowed(); err != nil {
		return err
	}
	_, err := order.check(p)
	return err
}

// check gives the order without the blanks around its reason, or says what is wrong with it.
func (order Order) check(p Preview) (Order, error) {
	order.Reason = strings.TrimSpace(order.Reason)
	length := utf8.RuneCountInString(order.Reason)
	switch {
	case length == 0:
		return order, scheduler.Errorf(scheduler.Invalid, "operation.no_reason", "Say why: the reason is written down with the operation.")
	case length > MaxReason || !utf8.ValidString(order.Reason) || strings.ContainsRune(order.Reason, 0):
		return order, scheduler.Errorf(scheduler.Invalid, "operation.bad_reason", "The reason is text of at most %d characters.", MaxReason)
	case p.TypedName != "" && order.TypedName != p.TypedName:
		return order, scheduler.Errorf(scheduler.Invalid, "operation.wrong_name", "The name that was typed is not %q.", p.TypedName).With("name", p.TypedName)
	}
	return order, nil
}

// performance is one plan being carried out.
type performance struct {
	*Commands
	plan   Plan
	reason string
	whole  OperationID // the bulk operation that it is a part of; "" = none
}

func (p performance) signature() Signature {
	origin := p.Origin
	origin.ClientTime, origin.PartOf = p.Now().UTC(), p.whole
	return Signature{ID: p.plan.ID, Reason: p.reason, Note: origin, Epoch: p.plan.Epoch}
}

func (c *Commands) at(step string) {
	if c.At != nil {
		c.At(step)
	}
}

// wait looks again and again until there is nothing more to wait for, or the time is over.
func wait(ctx context.Context, patience time.Duration, look func(context.Context) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		if look(ctx) {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
}
