package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobActivity is what became of a job's runs in a window of time.
type JobActivity struct {
	JobID    scheduler.JobID
	JobName  string // "" = there is no such job any more
	States   map[scheduler.RunState]int
	Duration Percentiles // of runs that ended by themselves
}

// Ended is how many runs ended by themselves, and how many of those failed.
func (a JobActivity) Ended() (all, failed int) {
	failed = a.States[scheduler.Failed] + a.States[scheduler.TimedOut]
	return failed + a.States[scheduler.Succeeded], failed
}

// JobActivity gives what became of every job's runs that were created in [from, to).
func (c *Console) JobActivity(ctx context.Context, from, to time.Time) ([]JobActivity, error) {
	if !from.Before(to) {
		return nil, scheduler.Errorf(scheduler.Invalid, "runs.empty_range", "The time range ends before it starts.")
	}
	return c.ports.Stats.JobActivity(ctx, from, to)
}
