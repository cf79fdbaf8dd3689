package archive

import (
	"context"
	"time"
)

// Window gives the time that the archive can be looked at: from the beginning of what was exported, or its oldest run where
// everything was, to its end.
func (a *Archive) Window(ctx context.Context) (from, to time.Time, err error) {
	from, to = a.facts.From, a.facts.AsOf
	if from.IsZero() {
		from = to
		if a.last > 0 {
			if from, _, err = a.runAt(ctx, 1); err != nil {
				return from, to, a.explain(err)
			}
		}
	}
	if from.After(to) {
		from = to
	}
	return from.UTC(), to.UTC(), nil
}
