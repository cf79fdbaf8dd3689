package console

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// FailedRun is what grouping needs of a failed run.
type FailedRun struct {
	ID        scheduler.RunID
	JobID     scheduler.JobID
	JobName   string
	State     scheduler.RunState // FAILED or TIMED_OUT
	ExitCode  *int
	Due       time.Time
	CreatedAt time.Time
	Head      string // the error's beginning
	Tail      string // its end, where Head is not all of it
}

// FailureGroup is every failure of a window that has the same cause.
type FailureGroup struct {
	Cause       string // see CauseOf
	State       scheduler.RunState
	Runs        int
	FirstDue    time.Time
	LastDue     time.Time
	FirstMade   time.Time // the creation times of the oldest and the newest: what the list of runs is filtered by
	LastMade    time.Time
	LastRun     FailedRun
	Jobs        []FailureJob // by number of failures, the most first
	PerBucket   []int        // failures a bucket of the window, the oldest first
	SearchText  string       // a text that the errors have in common, for the list of runs; "" where there is none
	OneExitCode *int         // the exit code that all of them have
	exits       map[int]bool
	byJob       map[scheduler.JobID]*FailureJob
}

// FailureJob is how often a job failed of a cause.
type FailureJob struct {
	ID   scheduler.JobID
	Name string
	Runs int
}

// Failures is the failures of a window, by cause.
type Failures struct {
	From, To time.Time
	Bucket   time.Duration
	Groups   []FailureGroup // the most frequent first
	Runs     int            // that were looked at
	// Capped tells that the window holds more: only the newest were looked at, those due since Oldest.
	Capped bool
	Oldest time.Time
	// Others counts the causes, and OtherRuns the runs, that are not among Groups.
	Others, OtherRuns int
	AsOf              time.Time
}

// The bounds of a look at failures.
const (
	// FailureLimit is how many failures are looked at.
	FailureLimit = 20_000
	// FailureWindow is the longest window.
	FailureWindow  = 92 * 24 * time.Hour
	failureBuckets = 24
	failureGroups  = 200
)

// Failures groups the failed and timed-out runs that were due in the last window of time by their causes.
func (c *Console) Failures(ctx context.Context, window time.Duration) (Failures, error) {
	if window < time.Minute || window > FailureWindow {
		return Failures{}, scheduler.Errorf(scheduler.Invalid, "failures.bad_window", "Choose a window between a minute and 92 days.")
	}
	now := c.now()
	found := Failures{From: now.Add(-window), To: now, Bucket: window / failureBuckets, AsOf: now, Oldest: now}
	groups := map[causeKey]*FailureGroup{}
	causes := map[string]string{} // many errors are the same to the letter
	err := c.ports.Failures.EachFailure(ctx, found.From, found.To, FailureLimit+1, func(r FailedRun) {
		if found.Runs == FailureLimit {
			found.Capped = true
			return
		}
		found.Runs++
		if r.Due.Before(found.Oldest) {
			found.Oldest = r.Due
		}
		gist := gistOf(r)
		cause, known := causes[gist]
		if !known {
			cause = CauseOf(gist)
			causes[gist] = cause
		}
		key := causeKey{cause, r.State}
		group := groups[key]
		if group == nil {
			group = newGroup(cause, r)
			groups[key] = group
		}
		group.add(r, found)
	})
	if err != nil {
		return Failures{}, err
	}
	found.take(groups)
	return found, nil
}

type causeKey struct {
	cause string
	state scheduler.RunState
}

func newGroup(cause string, r FailedRun) *FailureGroup {
	return &FailureGroup{
		Cause: cause, State: r.State, FirstDue: r.Due, LastDue: r.Due, FirstMade: r.CreatedAt, LastMade: r.CreatedAt, LastRun: r,
		PerBucket: make([]int, failureBuckets), SearchText: searchText(cause, r),
		exits: map[int]bool{}, byJob: map[scheduler.JobID]*FailureJob{},
	}
}

// noExit stands for a run without an exit code.
const noExit = -1 << 40

func (g *FailureGroup) add(r FailedRun, f Failures) {
	g.Runs++
	if r.Due.Before(g.FirstDue) {
		g.FirstDue = r.Due
	}
	if r.CreatedAt.Before(g.FirstMade) {
		g.FirstMade = r.CreatedAt
	}
	if r.CreatedAt.After(g.LastMade) {
		g.LastMade = r.CreatedAt
	}
	if r.Due.After(g.LastDue) {
		g.LastDue, g.LastRun = r.Due, r
	}
	bucket := int(r.Due.Sub(f.From) / f.Bucket)
	g.PerBucket[min(max(bucket, 0), failureBuckets-1)]++
	exit := noExit
	if r.ExitCode != nil {
		exit = *r.ExitCode
	}
	g.exits[exit] = true
	job := g.byJob[r.JobID]
	if job == nil {
		job = &FailureJob{ID: r.JobID, Name: r.JobName}
		g.byJob[r.JobID] = job
	}
	job.Runs++
}

// take orders the groups and keeps the most frequent.
func (f *Failures) take(groups map[causeKey]*FailureGroup) {
	for _, g := range groups {
		for _, j := range g.byJob {
			g.Jobs = append(g.Jobs, *j)
		}
		slices.SortFunc(g.Jobs, func(a, b FailureJob) int { return cmp.Or(cmp.Compare(b.Runs, a.Runs), cmp.Compare(a.ID, b.ID)) })
		if len(g.exits) == 1 && !g.exits[noExit] {
			g.OneExitCode = g.LastRun.ExitCode
		}
		f.Groups = append(f.Groups, *g)
	}
	slices.SortFunc(f.Groups, func(a, b FailureGroup) int {
		return cmp.Or(cmp.Compare(b.Runs, a.Runs), b.LastDue.Compare(a.LastDue), cmp.Compare(a.Cause, b.Cause), cmp.Compare(a.State, b.State))
	})
	if len(f.Groups) > failureGroups {
		for _, g := range f.Groups[failureGroups:] {
			f.Others++
			f.OtherRuns += g.Runs
		}
		f.Groups = f.Groups[:failureGroups]
	}
}
