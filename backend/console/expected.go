package console

import (
	"context"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Verdict says how what happened compares to what a job's definition wanted.
type Verdict string

// The verdicts. Each due time has exactly one of the first six; runs that no due time explains have one of the others.
const (
	OnTime    Verdict = "on_time"   // it started within LateAfter, or was done by then
	Late      Verdict = "late"      // it started later, or still waits
	Missed    Verdict = "missed"    // there is no run for it
	SkippedIt Verdict = "skipped"   // the scheduler gave it up as too late
	Withdrawn Verdict = "withdrawn" // somebody cancelled it before it started
	Waiting   Verdict = "waiting"   // it is due and within LateAfter
	Duplicate Verdict = "duplicate" // one more run in a due minute that already has its run
	NotDue    Verdict = "not_due"   // a run at a time that the schedule doesn't name: by hand, or by an older definition
	Retry     Verdict = "retry"     // another try after a failure; expected, and no due time of its own
)

// Finding is one due time or run with its verdict.
type Finding struct {
	JobID   scheduler.JobID
	Verdict Verdict
	At      time.Time      // when it was due
	Run     *scheduler.Run // nil where there is none
	Delay   time.Duration  // from due to started, or until now while it waits
	// Uncertain: the job was changed in the window, so that nobody can know what was wanted at that time.
	Uncertain bool
}

// JobExpectation is what one job's definition wanted in a window and what became of it.
type JobExpectation struct {
	Job           scheduler.Job
	Schedule      scheduler.Schedule
	ScheduleError error
	Due           int
	Counts        map[Verdict]int
	Uncertain     int        // of the findings that are not as they should be
	Changed       *time.Time // the definition was changed at this time, in the window or since
}

// Expectation compares a window of time to the definitions.
type Expectation struct {
	From, To time.Time
	Jobs     []JobExpectation // by name
	Findings []Finding        // what is not as it should be, newest first
	Left     int              // findings that were left out, because there are too many
	Changes  Changes          // of definitions, in the window or since
	InUTC    bool             // schedules were read in UTC, as the present leader reads them
	AsOf     time.Time
}

// The bounds of a comparison.
const (
	// MaxExpectedWindow is the longest window that is compared.
	MaxExpectedWindow = 7 * 24 * time.Hour
	// MaxExpectedRuns is the most runs that a window may have.
	MaxExpectedRuns = 50_000
	maxFindings     = 1000
	maxChanges      = 200
)

// Expected compares what should have run in [from, to) with what did. The part of the window that has not come yet is
// cut off. Definitions are the present ones: where the audit, or the row itself, says that one was changed since the
// window began, its findings are uncertain.
func (c *Console) Expected(ctx context.Context, from, to time.Time) (Expectation, error) {
	now := c.now()
	from = from.Truncate(time.Minute) // due times are whole minutes
	to = earlier(to, now)
	if !from.Before(to) {
		return Expectation{}, scheduler.Errorf(scheduler.Invalid, "expected.empty_window",
			"The window ends before it starts, or has not begun yet.")
	}
	if to.Sub(from) > MaxExpectedWindow {
		return Expectation{}, scheduler.Errorf(scheduler.Invalid, "expected.long_window",
			"At most %d days can be compared at once.", days(MaxExpectedWindow)).With("days", strconv.Itoa(days(MaxExpectedWindow)))
	}
	jobs, err := c.ports.Jobs.ListJobs(ctx, 0)
	if err != nil {
		return Expectation{}, err
	}
	runs, more, err := c.ports.Windows.RunsScheduled(ctx, from, to, MaxExpectedRuns)
	if err != nil {
		return Expectation{}, err
	}
	if more {
		return Expectation{}, scheduler.Errorf(scheduler.Invalid, "expected.many_runs",
			"More than %d runs lie in this window. Choose a shorter one.", MaxExpectedRuns).
			With("max", strconv.Itoa(MaxExpectedRuns))
	}
	e := Expectation{From: from, To: to, AsOf: now}
	if e.Changes, err = c.ports.Jobs.JobChanges(ctx, ChangeFilter{Since: from, Limit: maxChanges}); err != nil {
		return Expectation{}, err
	}
	e.InUTC = c.reading(ctx, scheduler.Schedule{}, now).Leads
	e.compare(jobs, runs, now)
	return e, nil
}
