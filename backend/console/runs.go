package console

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RunFilter narrows the list of runs. Zero fields match every run; all given ones must match.
type RunFilter struct {
	States        []scheduler.RunState
	JobID         scheduler.JobID
	WorkerID      string
	Epoch         *int64
	CreatedFrom   *time.Time // inclusive; the list's own order, so that any range is fast
	CreatedBefore *time.Time // exclusive
	MinDuration   time.Duration
	MaxDuration   time.Duration // of finished runs, and of running ones so far
	MinAttempt    int
	LaterThan     time.Duration // started, or still waiting, longer than this after their time
	ErrorText     string        // case-insensitive part of the error
	LogText       string        // case-insensitive part of the log; archives alone can be asked for it
}

// The bounds of a list of runs.
const (
	MaxPageSize = 200
	// CountLimit is where counting matching runs stops and an estimate takes over.
	CountLimit = 10_000
	// MinErrorText is the shortest text that an index can find; a shorter one needs a time range.
	MinErrorText = 3
	maxErrorText = 200
)

// RunPage is one page of the list of runs, newest first.
type RunPage struct {
	Runs     []scheduler.Run
	HasOlder bool
	HasNewer bool
	AsOf     time.Time
}

// ListRuns gives the page of up to size runs at cursor.
func (c *Console) ListRuns(ctx context.Context, filter RunFilter, cursor Cursor, size int) (RunPage, error) {
	if size < 1 || size > MaxPageSize {
		return RunPage{}, scheduler.Errorf(scheduler.Invalid, "runs.bad_page_size",
			"A page holds 1 to %d runs.", MaxPageSize)
	}
	if err := filter.Check(); err != nil {
		return RunPage{}, err
	}
	runs, more, err := c.ports.Runs.ListRuns(ctx, filter, cursor, size)
	if err != nil {
		return RunPage{}, err
	}
	page := RunPage{Runs: runs, AsOf: c.now()}
	if cursor.Newer {
		page.HasNewer, page.HasOlder = more, true
	} else {
		page.HasNewer, page.HasOlder = !cursor.IsTop(), more
	}
	return page, nil
}

// Count is how many runs match a filter.
type Count struct {
	N       int64
	Capped  bool // there are more than N; Estimate says about how many
	Guess   int64
	Unknown bool // it could not be counted in time
}

// CountRuns counts the runs that match, exactly up to CountLimit and by the planner's estimate beyond. A count that
// takes too long is Unknown, which is an answer and not an error: the page doesn't depend on it.
func (c *Console) CountRuns(ctx context.Context, filter RunFilter) (Count, error) {
	if err := filter.Check(); err != nil {
		return Count{}, err
	}
	n, err := c.ports.Runs.CountRuns(ctx, filter, CountLimit+1)
	if scheduler.CodeOf(err) == scheduler.Unavailable && ctx.Err() == nil {
		c.log.InfoContext(ctx, "counting runs took too long", "cause", err)
		return Count{Unknown: true}, nil
	}
	if err != nil {
		return Count{}, err
	}
	if n <= CountLimit {
		return Count{N: int64(n)}, nil
	}
	guess, err := c.ports.Runs.EstimateRuns(ctx, filter)
	if err != nil {
		return Count{}, err
	}
	return Count{N: CountLimit, Capped: true, Guess: max(guess, CountLimit)}, nil
}

// Check tells what is wrong with a filter.
func (f RunFilter) Check() error {
	for _, s := range f.States {
		if !s.Known() {
			return scheduler.Errorf(scheduler.Invalid, "runs.unknown_state", "There is no run state %q.", s).
				With("state", string(s))
		}
	}
	if f.CreatedFrom != nil && f.CreatedBefore != nil && !f.CreatedFrom.Before(*f.CreatedBefore) {
		return scheduler.Errorf(scheduler.Invalid, "runs.empty_range", "The time range ends before it starts.")
	}
	if f.MaxDuration > 0 && f.MinDuration > f.MaxDuration {
		return scheduler.Errorf(scheduler.Invalid, "runs.empty_duration", "The longest duration is below the shortest.")
	}
	if f.LaterThan < 0 {
		return scheduler.Errorf(scheduler.Invalid, "runs.bad_delay", "The start delay can't be negative.")
	}
	length := utf8.RuneCountInString(f.ErrorText)
	if max(length, utf8.RuneCountInString(f.LogText)) > maxErrorText {
		return scheduler.Errorf(scheduler.Invalid, "runs.long_text", "Search for at most %d characters.", maxErrorText)
	}
	if length > 0 && length < MinErrorText && f.CreatedFrom == nil {
		return scheduler.Errorf(scheduler.Invalid, "runs.short_text",
			"Search for at least %d characters, or give a time range.", MinErrorText)
	}
	return nil
}
