package console

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// MomentKind is what happened at a moment.
type MomentKind string

// The kinds.
const (
	TermBegan  MomentKind = "term"
	RunsFailed MomentKind = "failure"
	JobChanged MomentKind = "job"
)

// Moment is a time at which something happened that somebody who looks for a cause steps to.
type Moment struct {
	At   time.Time // the first, where it is several
	Kind MomentKind
	N    int    // how many failures or changes lie close together
	Name string // the worker that leads from then on, or the job of the first failure or change; "" = not known
}

// Moments is what happened in a window, oldest first.
type Moments struct {
	List   []Moment
	Capped bool // there were more failures or changes, of which the latest are here
}

// The bounds of moments.
const (
	failuresOfMoments = 5000
	changesOfMoments  = 500
	// momentSteps is into how many parts a window is cut: what happens in one part is one moment.
	momentSteps = 500
)

// Moments gives what there is to step through in [from, to): terms, failures and changes of definitions.
func (c *Console) Moments(ctx context.Context, from, to time.Time) (Moments, error) {
	if !from.Before(to) {
		return Moments{}, scheduler.Errorf(scheduler.Invalid, "timeline.empty_window", "The window ends before it starts.")
	}
	var m Moments
	terms, _, err := c.ports.Windows.Terms(ctx, from, to)
	if err != nil {
		return Moments{}, err
	}
	for _, t := range terms {
		if !t.Since.Before(from) {
			m.List = append(m.List, Moment{At: t.Since, Kind: TermBegan, N: 1, Name: t.WorkerID})
		}
	}
	failures, more, err := c.failureMoments(ctx, from, to)
	if err != nil {
		return Moments{}, err
	}
	changes, err := c.ports.Jobs.JobChanges(ctx, ChangeFilter{Since: from, Limit: changesOfMoments})
	if err != nil {
		return Moments{}, err
	}
	var changed []Moment
	for _, change := range changes.List {
		if change.At.Before(to) && change.Action != "job.run" {
			changed = append(changed, Moment{At: change.At, Kind: JobChanged, N: 1, Name: change.Target})
		}
	}
	apart := to.Sub(from) / momentSteps
	m.List = append(append(m.List, gather(failures, apart)...), gather(changed, apart)...)
	m.Capped = more || changes.More
	slices.SortStableFunc(m.List, byTime)
	return m, nil
}

// failureMoments gives when runs failed, the newest failuresOfMoments of them, and whether there were more.
func (c *Console) failureMoments(ctx context.Context, from, to time.Time) ([]Moment, bool, error) {
	filter := RunFilter{States: []scheduler.RunState{scheduler.Failed, scheduler.TimedOut}, CreatedFrom: &from, CreatedBefore: &to}
	var all []Moment
	for cursor := (Cursor{}); ; {
		runs, more, err := c.ports.Runs.ListRuns(ctx, filter, cursor, MaxPageSize)
		if err != nil {
			return nil, false, err
		}
		for _, r := range runs {
			if r.FinishedAt != nil && r.FinishedAt.Before(to) {
				all = append(all, Moment{At: *r.FinishedAt, Kind: RunsFailed, N: 1, Name: r.JobName})
			}
		}
		if !more || len(runs) == 0 || len(all) >= failuresOfMoments {
			return all, more, nil
		}
		cursor = Older(runs[len(runs)-1])
	}
}

// gather makes one moment of those that lie close together.
func gather(moments []Moment, apart time.Duration) []Moment {
	slices.SortStableFunc(moments, byTime)
	var few []Moment
	for _, m := range moments {
		if n := len(few); n > 0 && m.At.Sub(few[n-1].At) < apart {
			few[n-1].N += m.N
			continue
		}
		few = append(few, m)
	}
	return few
}

func byTime(a, b Moment) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Kind, b.Kind)) }
