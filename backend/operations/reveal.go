package operations

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Masked is a kind of document in which the database masks secrets.
type Masked string

// The documents that can be shown unmasked.
const (
	MaskedJobArgs Masked = "job_args"
	MaskedRunArgs Masked = "run_args"
	MaskedEvent   Masked = "event"
	MaskedAudit   Masked = "audit"
)

// reveals are the gate's functions that show a document as it is, by its kind, with what the audit calls them.
var reveals = map[Masked]struct{ action, function, id string }{
	MaskedJobArgs: {"job.reveal", "job_args_reveal", "job_id"},
	MaskedRunArgs: {"job_run.reveal", "run_args_reveal", "run_id"},
	MaskedEvent:   {"event.reveal", "event_reveal", "event_id"},
	MaskedAudit:   {"audit.reveal", "audit_reveal", "audit_row"},
}

// RevealRequest is an administrator's word to be shown what is masked in one document.
type RevealRequest struct {
	Of     Masked
	ID     int64
	Reason string
}

// Revealed is what became of it. Document is nil unless the outcome is Done; it is for the screen alone, never for a file.
type Revealed struct {
	Outcome
	Document json.RawMessage
}

// Reveal shows a document with its secrets, once that is written down. It changes nothing, so that a locked environment
// allows it. The error says what is wrong with the request.
func (c *Commands) Reveal(ctx context.Context, r RevealRequest) (Revealed, error) {
	order, err := Order{Reason: r.Reason}.check(Preview{})
	if err != nil {
		return Revealed{}, err
	}
	way, known := reveals[r.Of]
	if !known {
		return Revealed{}, scheduler.Errorf(scheduler.Invalid, "reveal.bad_kind", "There is nothing masked in documents called %q.", r.Of).With("kind", string(r.Of))
	}
	preview := Preview{Action: way.action, Target: strconv.FormatInt(r.ID, 10)}
	p := performance{Commands: c, plan: Plan{ID: NewID(), Preview: preview}, reason: order.Reason}
	verdict, outcome := p.ask(ctx, way.function, map[string]any{way.id: r.ID})
	shown := Revealed{Outcome: outcome}
	if outcome.Result == Done {
		shown.Document, err = valueOf(verdict)
	}
	c.Log.InfoContext(ctx, "revealing", "operation", p.plan.ID, "action", way.action, "target", preview.Target,
		"result", outcome.Result, "reason", outcome.Reason)
	return shown, err
}

// valueOf is the document that the gate answered with.
func valueOf(v Verdict) (json.RawMessage, error) {
	var detail struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(v.Detail, &detail); err != nil {
		return nil, fmt.Errorf("the gate's answer: %w", err)
	}
	return detail.Value, nil
}
