package operations

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// direct performs an operation that is one function of the gate.
func (p performance) direct(ctx context.Context, function string, args map[string]any) Outcome {
	_, outcome := p.ask(ctx, function, args)
	return outcome
}

// ask is direct, and gives the gate's own answer too.
func (p performance) ask(ctx context.Context, function string, args map[string]any) (Verdict, Outcome) {
	p.at("planned")
	verdict, err := insist(ctx, func(ctx context.Context) (Verdict, error) {
		return p.Ports.Gate.Do(ctx, Call{Signature: p.signature(), Function: function, Args: args})
	})
	p.at("done")
	switch {
	case lost(err):
		o := because(p.plan.ID, Unknown, err)
		o.Written = Unclear
		return Verdict{}, o
	case err != nil:
		return Verdict{}, because(p.plan.ID, Failed, err)
	}
	return verdict, p.verdict(verdict)
}

// verdict is the outcome of what the gate did or declined.
func (p performance) verdict(v Verdict) Outcome {
	if v.Result != "done" {
		result := Refused
		if v.Result == "stale" {
			result = Stale
		}
		o := nothing(p.plan.ID, result, v.Reason, v.about()...)
		o.AuditID = v.AuditID
		return o
	}
	var made struct {
		RunID json.Number `json:"run_id"`
		JobID json.Number `json:"job_id"`
		Event json.Number `json:"event_id"`
		Ask   json.Number `json:"request_id"`
		Way   string      `json:"way"`
	}
	_ = json.Unmarshal(v.Detail, &made) // a detail without these fields created nothing to name
	o := Outcome{
		ID: p.plan.ID, Result: Done, Accepted: NoMatter, Written: Yes, Observed: NoMatter, AuditID: v.AuditID,
	}
	for _, id := range []json.Number{made.RunID, made.JobID, made.Event, made.Ask} {
		if id != "" && id.String() != p.plan.Target {
			o.CreatedID = id.String()
			break
		}
	}
	if made.Way != "" {
		o.Args = map[string]string{"way": made.Way}
	}
	return o
}

// about is what a refusal says of the order itself, in names and values: the field that it is about, as the tables call it, and
// what is wrong there.
func (v Verdict) about() []string {
	var said struct{ Field, Problem string }
	if v.Result != "refused" || json.Unmarshal(v.Detail, &said) != nil {
		return nil
	}
	var pairs []string
	if said.Field != "" {
		pairs = append(pairs, "field", said.Field)
	}
	if said.Problem != "" {
		pairs = append(pairs, "problem", said.Problem)
	}
	return pairs
}

// insist calls the gate again where its answer was lost or it could not be reached for a moment: with the same operation
// id it does nothing twice. An error is lost if any try was.
func insist[T any](ctx context.Context, call func(context.Context) (T, error)) (result T, err error) {
	ctx, cancel := context.WithTimeout(ctx, gateDeadline)
	defer cancel()
	anyLost := false
	for _, pause := range []time.Duration{0, 200 * time.Millisecond, time.Second} {
		if pause > 0 {
			timer := time.NewTimer(pause)
			select {
			case <-ctx.Done():
			case <-timer.C:
			}
			timer.Stop()
		}
		result, err = call(ctx)
		anyLost = anyLost || lost(err)
		if err == nil || ctx.Err() != nil || scheduler.CodeOf(err) != scheduler.Unavailable {
			break
		}
	}
	if err != nil && anyLost && !lost(err) {
		err = lostError{err}
	}
	return result, err
}

// lostError marks an error of a repetition whose first try may have been carried out.
type lostError struct{ error }

func (e lostError) Unwrap() []error { return []error{e.error, ErrLost} }
