package console

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Timeline is what every worker had in hand in a window of time, what is due in its part to come, and who led when.
type Timeline struct {
	From, To  time.Time
	Runs      []scheduler.Run // that started in it or reach into it; the latest start first
	Capped    bool            // there are more: these are the latest
	Predicted []PredictedRun  // by time
	Unfit     int             // predicted runs that were left out, because there are too many
	Terms     []Term          // oldest first
	Recorded  bool            // the cluster's nodes record terms; otherwise they are inferred from runs, and who led is not known
	AsOf      time.Time
}

// PredictedRun is a run that a schedule will make, with how long its job's runs in the window took.
type PredictedRun struct {
	DueRun
	Expected time.Duration // the median; 0 where the window has no finished run of the job
}

// Term is the time of one leader. Until is nil for the one that leads.
type Term struct {
	Epoch    int64
	WorkerID string // "" = not known
	Since    time.Time
	Until    *time.Time
}

// The bounds of the timeline.
const (
	// MaxTimelineRuns is how many runs a timeline holds; more are too many to tell apart in any window.
	MaxTimelineRuns = 10_000
	// MaxPredictedRuns is how many runs to come it holds.
	MaxPredictedRuns = 2_000
	// LookBack is how long before a window a run may have been created to be found in it after it has finished. There is
	// no index on the time of a start, so that something has to bound the search. Running ones are always found.
	LookBack = 24 * time.Hour
	// MaxTimelineWindow is the longest window.
	MaxTimelineWindow = 7 * 24 * time.Hour
)

// Timeline gives the runs of every worker in [from, to), which may reach into the time to come.
func (c *Console) Timeline(ctx context.Context, from, to time.Time) (Timeline, error) {
	if !from.Before(to) {
		return Timeline{}, scheduler.Errorf(scheduler.Invalid, "timeline.empty_window", "The window ends before it starts.")
	}
	if to.Sub(from) > MaxTimelineWindow {
		return Timeline{}, scheduler.Errorf(scheduler.Invalid, "timeline.long_window",
			"The timeline shows at most %d days at once.", days(MaxTimelineWindow)).With("days", strconv.Itoa(days(MaxTimelineWindow)))
	}
	now := c.now()
	t := Timeline{From: from, To: to, AsOf: now}
	var err error
	if t.Runs, t.Capped, err = c.ports.Windows.RunsInHand(ctx, from, to, MaxTimelineRuns); err != nil {
		return Timeline{}, err
	}
	if t.Terms, t.Recorded, err = c.ports.Windows.Terms(ctx, from, to); err != nil {
		return Timeline{}, err
	}
	if to.After(now) {
		jobs, err := c.ports.Jobs.EnabledJobs(ctx)
		if err != nil {
			return Timeline{}, err
		}
		t.Predicted, t.Unfit = predict(jobs, typical(t.Runs), later(from, now), to)
	}
	return t, nil
}

// predict lists what schedules will make in [from, to), by time.
func predict(jobs []scheduler.Job, typical map[scheduler.JobID]time.Duration, from, to time.Time) ([]PredictedRun, int) {
	var all []PredictedRun
	for _, j := range jobs {
		s, err := scheduler.ParseSchedule(j.Type, j.Schedule)
		if err != nil {
			continue // it never fires; the list of jobs says so
		}
		for _, at := range s.Between(from, to, int(to.Sub(from)/time.Minute)+1) {
			all = append(all, PredictedRun{DueRun: DueRun{JobID: j.ID, JobName: j.Name, At: at}, Expected: typical[j.ID]})
		}
	}
	slices.SortStableFunc(all, func(a, b PredictedRun) int { return a.At.Compare(b.At) })
	fit := min(len(all), MaxPredictedRuns)
	return all[:fit], len(all) - fit
}

// typical is the median of how long each job's finished runs took.
func typical(runs []scheduler.Run) map[scheduler.JobID]time.Duration {
	took := map[scheduler.JobID][]time.Duration{}
	for _, r := range runs {
		if d, ok := (RunOutcome{State: r.State, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt}).duration(); ok {
			took[r.JobID] = append(took[r.JobID], d)
		}
	}
	medians := make(map[scheduler.JobID]time.Duration, len(took))
	for id, lengths := range took {
		slices.Sort(lengths)
		medians[id] = quantile(lengths, 0.5)
	}
	return medians
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
