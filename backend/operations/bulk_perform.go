package operations

import (
	"context"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// bulkPace is the time between the starts of two parts: a cluster must keep up, and an operator must be able to stop.
	bulkPace = 100 * time.Millisecond
	// bulkAtOnce is how many parts may go on at the same time: a worker may need seconds to end a run.
	bulkAtOnce = 4
	// keptFailures is how many parts that were not done are told one by one.
	keptFailures = 50
)

// BulkProgress is how far a bulk operation is.
type BulkProgress struct {
	ID       OperationID
	Total    int
	Counts   map[Result]int
	Failures []BulkFailure // the first of them
	Stopped  bool          // before its end, by the operator
	Over     bool
	Reason   string // why nothing was begun
	Args     map[string]string
}

// Handled is how many parts have ended in whatever way.
func (b BulkProgress) Handled() int {
	n := 0
	for _, count := range b.Counts {
		n += count
	}
	return n
}

// copy shares nothing with b, which goes on changing.
func (b BulkProgress) copy() BulkProgress {
	b.Counts, b.Failures = maps.Clone(b.Counts), slices.Clone(b.Failures)
	return b
}

// BulkFailure is a part that was not done.
type BulkFailure struct {
	Run     scheduler.RunID // 0 = it is about no run
	Name    string
	Outcome Outcome
}

// PerformBulk carries a bulk operation out, part by part, each as an operation of its own whose id derives from the
// whole's. It tells its progress after each part, one call at a time, and stops before the next part when ctx ends. The error
// says what is wrong with the order.
func (c *Commands) PerformBulk(ctx context.Context, plan BulkPlan, order Order, progress func(BulkProgress)) (BulkProgress, error) {
	order, err := order.check(plan.Preview)
	if err != nil {
		return BulkProgress{}, err
	}
	if err := c.allowed(); err != nil {
		return BulkProgress{}, err
	}
	if err := c.take(plan.claim); err != nil {
		return BulkProgress{}, err
	}
	whole := performance{Commands: c, plan: Plan{ID: plan.ID, Preview: plan.Preview}, reason: order.Reason}
	state := BulkProgress{ID: plan.ID, Total: len(plan.items), Counts: map[Result]int{}}
	refused := plan.source.begin(ctx, plan, order.Reason)
	if refused == nil {
		if refused = c.beginBulk(ctx, plan, whole); refused != nil {
			c.finishAtSource(ctx, plan, JournalFailed, state)
		}
	}
	if refused != nil {
		state.Over, state.Reason, state.Args = true, refused.Reason, refused.Args
		progress(state.copy())
		return state, nil
	}
	c.at("begun")
	c.parts(ctx, plan, whole, &state, progress)
	state.Over, state.Stopped = true, state.Handled() < state.Total
	end := JournalSucceeded
	if state.Stopped {
		end = JournalFailed
	}
	_, err = insist(context.WithoutCancel(ctx), func(ctx context.Context) (struct{}, error) {
		return struct{}{}, c.Ports.Gate.Finish(ctx, plan.ID, end, map[string]any{"counts": state.Counts, "stopped": state.Stopped})
	})
	if err != nil || !c.finishAtSource(ctx, plan, end, state) {
		state.Reason = ReasonLeftOpen
	}
	progress(state.copy())
	return state, nil
}

// beginBulk writes down that a bulk operation is about to be done. The outcome says why it is not.
func (c *Commands) beginBulk(ctx context.Context, plan BulkPlan, whole performance) (refused *Outcome) {
	detail := map[string]any{"count": len(plan.items), "hash": plan.hash}
	maps.Copy(detail, plan.detail)
	verdict, err := insist(ctx, func(ctx context.Context) (Verdict, error) {
		return c.Ports.Gate.Begin(ctx, Intent{Signature: whole.signature(), Action: plan.Action, Target: plan.Target, Detail: detail})
	})
	if err == nil && verdict.Result == "open" {
		return nil
	}
	outcome := whole.verdict(verdict)
	if err != nil {
		outcome = because(plan.ID, Failed, err)
	}
	return &outcome
}

// finishAtSource writes down where a promotion came from how it ended, and tells whether that is written.
func (c *Commands) finishAtSource(ctx context.Context, plan BulkPlan, end JournalResult, state BulkProgress) bool {
	err := plan.source.finish(context.WithoutCancel(ctx), end, state)
	if err != nil {
		c.Log.ErrorContext(ctx, "a promotion's end could not be written down where it came from", "operation", plan.ID, "error", err)
	}
	return err == nil
}

// parts performs the parts until all are done or ctx ends.
func (c *Commands) parts(ctx context.Context, plan BulkPlan, whole performance, state *BulkProgress, progress func(BulkProgress)) {
	type ended struct {
		item    bulkItem
		outcome Outcome
	}
	outcomes := make(chan ended)
	go func() {
		defer close(outcomes)
		var group errgroup.Group
		group.SetLimit(bulkAtOnce)
		pace := time.NewTicker(bulkPace)
		defer pace.Stop()
		for _, item := range plan.items {
			if ctx.Err() != nil {
				break
			}
			group.Go(func() error {
				// A part that has begun goes to its end, even when the operator stops the rest.
				outcomes <- ended{item, c.part(context.WithoutCancel(ctx), plan, item, whole)}
				return nil
			})
			select {
			case <-ctx.Done():
			case <-pace.C:
			}
		}
		_ = group.Wait() // its functions return no error
	}()
	for e := range outcomes {
		state.Counts[e.outcome.Result]++
		if e.outcome.Result != Done && len(state.Failures) < keptFailures {
			state.Failures = append(state.Failures, BulkFailure{e.item.run, e.item.name, e.outcome})
		}
		progress(state.copy())
	}
}

// part performs one part's operation, if what it is about is as it was selected.
func (c *Commands) part(ctx context.Context, plan BulkPlan, item bulkItem, whole performance) Outcome {
	ctx, cancel := context.WithTimeout(ctx, PerformTimeout)
	defer cancel()
	id := plan.ID.item(item.name)
	if err := c.allowed(); err != nil {
		return because(id, Refused, err) // it was locked since the whole was begun
	}
	seen, err := c.look(ctx, item.operation)
	switch {
	case err != nil && scheduler.CodeOf(err) == scheduler.Unavailable:
		return because(id, Failed, err)
	case err != nil:
		return because(id, Stale, err)
	case item.seen.missing(seen.basis) != "":
		return nothing(id, Stale, ReasonChanged, "what", item.seen.missing(seen.basis))
	case seen.Tier == Dangerous:
		return nothing(id, Refused, "bulk.dangerous")
	}
	p := whole
	p.plan = Plan{ID: id, Preview: seen.Preview, basis: seen.basis}
	p.whole = plan.ID
	return seen.act(ctx, p)
}

// runs lists what is acted on, for the audit.
func (p BulkPlan) runs() []scheduler.RunID {
	ids := make([]scheduler.RunID, len(p.items))
	for i, item := range p.items {
		ids[i] = item.run
	}
	return ids
}
