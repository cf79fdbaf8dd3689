package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/operations"
)

// RevealRequest asks for one document as it is, secrets included.
type RevealRequest struct {
	Of     string `json:"of"` // job_args, run_args, event or audit
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// Revealed is what became of it.
type Revealed struct {
	Outcome  Outcome `json:"outcome"`
	Document string  `json:"document"` // JSON; "" unless the outcome is done
}

// Reveal shows an administrator what is masked in a document, once the audit has it.
func (o *Operations) Reveal(req RevealRequest) (Revealed, error) {
	s := o.session
	return act(s, "Operations.Reveal", callTimeout, func(ctx context.Context, c *operations.Commands) (Revealed, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return Revealed{}, err
		}
		shown, err := c.Reveal(ctx, operations.RevealRequest{Of: operations.Masked(req.Of), ID: id, Reason: req.Reason})
		if err != nil {
			return Revealed{}, err
		}
		s.clock.changed("audit")
		return Revealed{wireOutcome(shown.Outcome), string(shown.Document)}, nil
	})
}
