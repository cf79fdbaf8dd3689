package desktop

import (
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
)

// Operations performs what was previewed, and shows what was begun and never finished.
type Operations struct{ session *Session }

// NewOperations binds the operations of the open environment.
func NewOperations(s *Session) *Operations { return &Operations{s} }

// Preview is what an operation would do. Keys are those of texts.
type Preview struct {
	Token      string  `json:"token"`
	Action     string  `json:"action"`
	Target     string  `json:"target"`
	Tier       string  `json:"tier"` // plain, confirm or dangerous
	Reversible bool    `json:"reversible"`
	TypedName  string  `json:"typedName"` // wanted for the dangerous tier
	Touches    []Touch `json:"touches"`
	Notes      []Note  `json:"notes"`
	Epoch      string  `json:"epoch"`
	Way        string  `json:"way"`
	AsOf       string  `json:"asOf"`
}

// Touch is one kind of thing that an operation touches; Names may be fewer than Count.
type Touch struct {
	Key   string   `json:"key"`
	Count int      `json:"count"`
	Names []string `json:"names"`
}

// Note is something to know before performing.
type Note struct {
	Level string            `json:"level"` // info, warning or danger
	Key   string            `json:"key"`
	Args  map[string]string `json:"args"`
}

// PerformRequest is the operator's word.
type PerformRequest struct {
	Token     string `json:"token"`
	Reason    string `json:"reason"`
	TypedName string `json:"typedName"`
}

// TokenRequest names a preview.
type TokenRequest struct {
	Token string `json:"token"`
}

// Outcome tells apart what a worker accepted, what was written and what was observed.
type Outcome struct {
	OperationID string            `json:"operationId"`
	Result      string            `json:"result"` // done, stale, refused, failed or unknown
	Reason      string            `json:"reason"` // key of an error's text; "" if there is nothing to say
	Accepted    string            `json:"accepted"`
	Written     string            `json:"written"`
	Observed    string            `json:"observed"` // each yes, no, unknown or none
	CreatedID   string            `json:"createdId"`
	AuditID     string            `json:"auditId"`
	Args        map[string]string `json:"args"`
}

// OpenOperations are the operations that were begun and not finished.
type OpenOperations struct {
	Operations []OpenOperation `json:"operations"`
	AsOf       string          `json:"asOf"`
}

// OpenOperation was begun and not finished.
type OpenOperation struct {
	ID      string  `json:"id"`
	Action  string  `json:"action"`
	Target  string  `json:"target"`
	Actor   string  `json:"actor"`
	Login   string  `json:"login"`
	Reason  string  `json:"reason"`
	Epoch   string  `json:"epoch"`
	BegunAt string  `json:"begunAt"`
	AgeMs   float64 `json:"ageMs"`
	Going   bool    `json:"going"`   // its own program may still be at it
	Unknown bool    `json:"unknown"` // it ended without anybody knowing how
}

// Perform carries out what was previewed under the token, which is then used up. An order that is wrong in itself, such as
// one without a reason, leaves it as it was.
func (o *Operations) Perform(req PerformRequest) (Outcome, error) {
	return act(o.session, "Operations.Perform", operations.PerformTimeout, func(ctx context.Context, c *operations.Commands) (Outcome, error) {
		plan, err := planOf[operations.Plan](o.session.plans, req.Token)
		if err != nil {
			return Outcome{}, err
		}
		outcome, err := c.Perform(ctx, plan, operations.Order{Reason: req.Reason, TypedName: req.TypedName})
		if err != nil {
			return Outcome{}, err
		}
		o.session.plans.drop(req.Token)
		o.session.clock.changed("fleet", "runs", "jobs", "beliefs", "operations", "settings", "audit", "events")
		return wireOutcome(outcome), nil
	})
}

// Drop forgets a preview that the operator turned away from.
func (o *Operations) Drop(req TokenRequest) { o.session.plans.drop(req.Token) }

// Open lists what was begun and not finished.
func (o *Operations) Open() (OpenOperations, error) {
	return act(o.session, "Operations.Open", callTimeout, func(ctx context.Context, c *operations.Commands) (OpenOperations, error) {
		open, err := c.Open(ctx)
		wire := OpenOperations{Operations: make([]OpenOperation, len(open)), AsOf: wireTime(time.Now())}
		for i, one := range open {
			wire.Operations[i] = OpenOperation{
				ID: string(one.ID), Action: one.Action, Target: one.Target, Actor: one.Actor, Login: one.Login, Reason: one.Reason,
				Epoch: wireOptionalID(one.Epoch), BegunAt: wireTime(one.BegunAt), AgeMs: wireMillis(one.Age), Going: one.Going, Unknown: one.Unknown,
			}
		}
		return wire, err
	})
}

// Reconcile closes one of them by what the cluster shows.
func (o *Operations) Reconcile(req IDRequest) (Outcome, error) {
	return act(o.session, "Operations.Reconcile", operations.PerformTimeout, func(ctx context.Context, c *operations.Commands) (Outcome, error) {
		outcome, err := c.Reconcile(ctx, operations.OperationID(req.ID))
		o.session.clock.changed("operations", "audit")
		return wireOutcome(outcome), err
	})
}

// tidyEvery is how often the window looks for operations that a crash left open.
const tidyEvery = 30 * time.Second

// tidy closes operations that a crash left open, as long as the environment is open. An operator without the right to is
// only shown them.
func (s *Session) tidy(ctx context.Context, c *operations.Commands) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		closed, err := s.tidyOnce(ctx, c)
		if err != nil && ctx.Err() == nil {
			s.config.Log.WarnContext(ctx, "closing operations that were left open", "error", err)
		}
		if closed > 0 {
			s.clock.changed("operations", "audit")
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (s *Session) tidyOnce(ctx context.Context, c *operations.Commands) (int, error) {
	if c.Locked() {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, operations.PerformTimeout)
	defer cancel()
	open, err := c.Open(ctx)
	if err != nil || !slices.ContainsFunc(open, func(o operations.Opened) bool { return !o.Going }) {
		return 0, err
	}
	operator, err := c.Ports.Identity.Operator(ctx)
	if err != nil || !operator.Rights.Operate {
		return 0, err
	}
	return c.ReconcileAll(ctx)
}

func roleOf(r console.Rights) string {
	switch {
	case r.Admin:
		return "admin"
	case r.Operate:
		return "operator"
	case r.View:
		return "viewer"
	}
	return ""
}

func wirePreview(token string, p operations.Preview) Preview {
	wire := Preview{
		Token: token, Action: p.Action, Target: p.Target, Tier: string(p.Tier), Reversible: p.Reversible, TypedName: p.TypedName,
		Touches: make([]Touch, len(p.Touches)), Notes: make([]Note, len(p.Notes)), Epoch: wireOptionalID(p.Epoch), Way: p.Way,
		AsOf: wireTime(p.AsOf),
	}
	for i, t := range p.Touches {
		wire.Touches[i] = Touch{Key: t.Key, Count: t.Count, Names: append([]string{}, t.Names...)}
	}
	for i, n := range p.Notes {
		wire.Notes[i] = Note{Level: string(n.Level), Key: n.Key, Args: orNone(n.Args)}
	}
	return wire
}

func wireOutcome(o operations.Outcome) Outcome {
	wire := Outcome{
		OperationID: string(o.ID), Result: string(o.Result), Reason: o.Reason, Accepted: string(o.Accepted), Written: string(o.Written),
		Observed: string(o.Observed), CreatedID: o.CreatedID, Args: orNone(o.Args),
	}
	if o.AuditID != 0 {
		wire.AuditID = wireID(o.AuditID)
	}
	return wire
}

func orNone(args map[string]string) map[string]string {
	if args == nil {
		return map[string]string{}
	}
	return args
}
