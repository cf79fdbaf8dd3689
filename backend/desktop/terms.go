package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
)

// TermHistory is who led when in the last day.
type TermHistory struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Terms    []Term `json:"terms"`    // oldest first
	Recorded bool   `json:"recorded"` // otherwise inferred from runs, and who led is not known
}

// Terms gives who led when.
func (d *Dashboard) Terms() (TermHistory, error) {
	return call(d.session, "Dashboard.Terms", func(ctx context.Context, c *console.Console) (TermHistory, error) {
		h, err := c.Terms(ctx)
		if err != nil {
			return TermHistory{}, err
		}
		return TermHistory{From: wireTime(h.From), To: wireTime(h.To), Terms: wireTerms(h.Terms), Recorded: h.Recorded}, nil
	})
}

func wireTerms(terms []console.Term) []Term {
	wire := make([]Term, len(terms))
	for i, t := range terms {
		wire[i] = Term{Epoch: wireID(t.Epoch), WorkerID: t.WorkerID, Since: wireTime(t.Since), Until: wireOptionalTime(t.Until)}
	}
	return wire
}
