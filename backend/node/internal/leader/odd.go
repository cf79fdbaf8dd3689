package leader

import (
	"context"
	"fmt"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
)

// lookForOdd is how often a leader looks for rows that somebody has edited into something that means nothing.
const lookForOdd = 5 * time.Second

// oddRows reports them: nothing else in a tick ever meets them.
func (p *planner) oddRows(ctx context.Context) error {
	now := p.config.Now()
	if now.Sub(p.oddSeen) < lookForOdd {
		return nil
	}
	p.oddSeen = now
	runs, err := p.tx.OddRuns(ctx)
	if err != nil {
		return err
	}
	found := map[string]string{}
	for _, run := range runs {
		found[fmt.Sprintf("run %d", run.ID)] = run.Why
	}
	p.config.Board.Set(metrics.BadRow, found)
	return nil
}
