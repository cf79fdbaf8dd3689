package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RunDetail is all there is to know about one run.
type RunDetail struct {
	Run      scheduler.Run
	Attempts []scheduler.Attempt
	AsOf     time.Time
}

// Run gives one run with its attempts.
func (c *Console) Run(ctx context.Context, id scheduler.RunID) (RunDetail, error) {
	run, err := c.ports.Runs.Run(ctx, id)
	if err != nil {
		return RunDetail{}, err
	}
	attempts, err := c.ports.Runs.Attempts(ctx, id)
	if err != nil {
		return RunDetail{}, err
	}
	return RunDetail{Run: run, Attempts: attempts, AsOf: c.now()}, nil
}
