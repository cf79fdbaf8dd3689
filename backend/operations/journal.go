package operations

import (
	"context"
)

// ReasonLeftOpen says that an operation was performed, but that how it ended could not be written down.
const ReasonLeftOpen = "operation.left_open"

// effect is what an operation outside of PostgreSQL brought about, with what was seen of it for the audit.
type effect struct {
	result                      Result
	reason                      string
	args                        []string
	accepted, written, observed Fact
	seen                        map[string]any
}

// failure is an effect that an error kept from happening; what was written or accepted before stays in e.
func (e effect) failure(err error) effect {
	o := because("", Failed, err)
	e.result, e.reason = Failed, o.Reason
	if lost(err) {
		e.result = Unknown
	}
	e.args = nil
	for name, value := range o.Args {
		e.args = append(e.args, name, value)
	}
	return e
}

// journal performs an operation that leaves PostgreSQL: nothing is done before it is written down that it is about to be.
// Once that stands, the operation goes to its end even if whoever asked for it goes away.
func (p performance) journal(ctx context.Context, detail any, act func(context.Context) effect) Outcome {
	p.at("planned")
	intent := Intent{Signature: p.signature(), Action: p.plan.Action, Target: p.plan.Target, Detail: detail}
	verdict, err := insist(ctx, func(ctx context.Context) (Verdict, error) { return p.Ports.Gate.Begin(ctx, intent) })
	if err != nil {
		return because(p.plan.ID, Failed, err) // not begun, so nothing was done, even if the intent stands after all
	}
	if verdict.Result != "open" {
		return p.verdict(verdict)
	}
	p.at("begun")
	ctx = context.WithoutCancel(ctx)
	e := p.within(ctx, act)
	p.at("acted")
	outcome := Outcome{
		ID: p.plan.ID, Result: e.result, Reason: e.reason, Accepted: e.accepted, Written: e.written, Observed: e.observed,
		AuditID: verdict.AuditID, Args: note(Info, "", e.args).Args,
	}
	_, err = insist(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, p.Ports.Gate.Finish(ctx, p.plan.ID, e.end(), e.report())
	})
	if err != nil {
		p.Log.ErrorContext(ctx, "an operation's end could not be written down", "operation", p.plan.ID, "error", err)
		if outcome.Reason == "" {
			outcome.Reason = ReasonLeftOpen
		}
	}
	p.at("finished")
	return outcome
}

func (p performance) within(ctx context.Context, act func(context.Context) effect) effect {
	ctx, cancel := context.WithTimeout(ctx, actDeadline)
	defer cancel()
	return act(ctx)
}

// end is how the journal calls it.
func (e effect) end() JournalResult {
	switch e.result {
	case Done:
		return JournalSucceeded
	case Unknown:
		return JournalUnknown
	}
	return JournalFailed
}

// report is what the audit keeps of what was seen.
func (e effect) report() map[string]any {
	report := map[string]any{"accepted": e.accepted, "written": e.written, "observed": e.observed}
	if e.reason != "" {
		report["reason"] = e.reason
	}
	for name, value := range e.seen {
		report[name] = value
	}
	return report
}

// inside is a function of the gate that belongs to this begun operation.
func (p performance) inside(ctx context.Context, function string, args map[string]any) (Verdict, error) {
	return insist(ctx, func(ctx context.Context) (Verdict, error) {
		return p.Ports.Gate.Do(ctx, Call{Signature: Signature{ID: p.plan.ID}, Function: function, Args: args})
	})
}
