package operations

import (
	"errors"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Result is what became of an operation.
type Result string

// The results. Stale and refused did nothing; unknown means that an answer was lost and that the truth could not be seen.
const (
	Done    Result = "done"
	Stale   Result = "stale"
	Refused Result = "refused"
	Failed  Result = "failed"
	Unknown Result = "unknown"
)

// Fact is whether something is so.
type Fact string

// The facts. None stands where the question doesn't arise.
const (
	Yes      Fact = "yes"
	No       Fact = "no"
	Unclear  Fact = "unknown"
	NoMatter Fact = "none"
)

// Outcome tells apart what a worker accepted, what was written, and what could be observed afterwards.
type Outcome struct {
	ID        OperationID
	Result    Result
	Reason    string // key of why it is not done, or of what to know about it; "" if there is nothing to say
	Accepted  Fact   // by the worker
	Written   Fact   // in PostgreSQL or Redis
	Observed  Fact   // in the cluster
	CreatedID string // of a row that the operation made
	AuditID   int64
	Args      map[string]string // values for Reason's sentence
}

// nothing is an outcome of an operation that did nothing.
func nothing(id OperationID, result Result, reason string, args ...string) Outcome {
	return Outcome{
		ID: id, Result: result, Reason: reason, Accepted: NoMatter, Written: No, Observed: NoMatter,
		Args: note(Info, "", args).Args,
	}
}

// because is the outcome of an operation that an error kept from doing anything.
func because(id OperationID, result Result, err error) Outcome {
	o := nothing(id, result, "internal")
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		o.Reason, o.Args = e.Reason, e.Args
	}
	return o
}

// ErrLost marks an error after which the request may or may not have been carried out: the answer was lost. Adapters put
// it into the chain of their errors.
var ErrLost = errors.New("the answer was lost")

func lost(err error) bool { return errors.Is(err, ErrLost) }

// fact is Yes for no error, Unclear where the answer was lost, and No for a refusal.
func fact(err error) Fact {
	switch {
	case err == nil:
		return Yes
	case lost(err):
		return Unclear
	}
	return No
}
