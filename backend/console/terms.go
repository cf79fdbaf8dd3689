package console

import (
	"context"
	"time"
)

// TermHistory is who led when over the time before a moment.
type TermHistory struct {
	From, To time.Time
	Terms    []Term // oldest first
	Recorded bool   // otherwise they are inferred from what leaders did, and who led is not known
}

// TermsSpan is how far back the dashboard looks.
const TermsSpan = 24 * time.Hour

// Terms gives who led in the last TermsSpan.
func (c *Console) Terms(ctx context.Context) (TermHistory, error) {
	now := c.now()
	h := TermHistory{From: now.Add(-TermsSpan), To: now}
	var err error
	h.Terms, h.Recorded, err = c.ports.Windows.Terms(ctx, h.From, h.To)
	return h, err
}
