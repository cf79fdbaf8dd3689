package operations

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Patience is how long an operation may have been open before anybody but its own program may close it: nothing that still
// goes on is older.
const Patience = PerformTimeout + 10*time.Second

// Opened is an operation that was begun and not finished, with what the cluster says of it now.
type Opened struct {
	OpenOperation
	Going bool // its own program may still be at it
}

// Open lists the operations that were begun and not finished: those going on, and those that a crash left.
func (c *Commands) Open(ctx context.Context) ([]Opened, error) {
	found, err := c.Ports.Gate.Open(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Opened, len(found))
	for i, o := range found {
		all[i] = Opened{OpenOperation: o, Going: !o.Unknown && o.Age < c.patience()}
	}
	return all, nil
}

func (c *Commands) patience() time.Duration {
	if c.Patience > 0 {
		return c.Patience
	}
	return Patience
}

// ReconcileAll closes every operation that a crash left, and those that ended as unknown of which more is known now, as far
// as the gate lets this operator. It tells how many it closed. The first that fails ends it.
func (c *Commands) ReconcileAll(ctx context.Context) (int, error) {
	if err := c.allowed(); err != nil {
		return 0, err
	}
	open, err := c.Open(ctx)
	if err != nil {
		return 0, err
	}
	closed := 0
	for _, o := range open {
		if o.Going {
			continue
		}
		e := c.truth(ctx, o.OpenOperation)
		if o.Unknown && e.result == Unknown {
			continue // still nobody knows, and that is written down
		}
		if _, err := c.close(ctx, o.OpenOperation, e); err != nil {
			return closed, err
		}
		closed++
	}
	return closed, nil
}

// Reconcile looks at what the cluster says of an open operation and closes it accordingly: succeeded, failed or unknown.
func (c *Commands) Reconcile(ctx context.Context, id OperationID) (Outcome, error) {
	if err := c.allowed(); err != nil {
		return Outcome{}, err
	}
	open, err := c.Open(ctx)
	if err != nil {
		return Outcome{}, err
	}
	for _, o := range open {
		if o.ID != id {
			continue
		}
		if o.Going {
			return Outcome{}, conflict("operation.going", "This operation may still be going on. Wait a minute.")
		}
		return c.close(ctx, o.OpenOperation, c.truth(ctx, o.OpenOperation))
	}
	return Outcome{}, scheduler.Errorf(scheduler.NotFound, "operation.not_open", "This operation is not open any more.")
}

// close writes down what was seen of an operation.
func (c *Commands) close(ctx context.Context, o OpenOperation, e effect) (Outcome, error) {
	if e.seen == nil {
		e.seen = map[string]any{}
	}
	e.seen["reconciled"] = true
	_, err := insist(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, c.Ports.Gate.Finish(ctx, o.ID, e.end(), e.report())
	})
	if err != nil {
		return Outcome{}, err
	}
	c.Log.InfoContext(ctx, "open operation closed", "operation", o.ID, "action", o.Action, "target", o.Target, "result", e.result)
	return Outcome{
		ID: o.ID, Result: e.result, Reason: e.reason, Accepted: NoMatter, Written: e.written, Observed: e.observed,
		Args: note(Info, "", e.args).Args,
	}, nil
}

// kept is what journals keep of an operation for its reconciliation.
type kept struct {
	Way     string `json:"way"`
	Address string `json:"address"`
	Worker  string `json:"worker"`
	Run     string `json:"run"`
	Leader  string `json:"leader"`
	Epoch   string `json:"epoch"`
	Drained bool   `json:"drained"`
}

func (o OpenOperation) kept() kept {
	var k kept
	_ = json.Unmarshal(o.Detail, &k) // what isn't there is empty, and then nothing can be seen
	return k
}
