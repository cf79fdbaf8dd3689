package console

import (
	"math"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RunOutcome is how one run went, in short.
type RunOutcome struct {
	State        scheduler.RunState
	ScheduledFor time.Time
	StartedAt    *time.Time
	FinishedAt   *time.Time
}

// duration is how long a run took that ended by itself; false for others, and where clocks contradict each other.
func (o RunOutcome) duration() (time.Duration, bool) {
	switch o.State {
	case scheduler.Succeeded, scheduler.Failed, scheduler.TimedOut:
	default:
		return 0, false
	}
	if o.StartedAt == nil || o.FinishedAt == nil || o.FinishedAt.Before(*o.StartedAt) {
		return 0, false
	}
	return o.FinishedAt.Sub(*o.StartedAt), true
}

// JobHistory is how the latest runs of a job went, over equal stretches of time.
type JobHistory struct {
	Runs      int
	Capped    bool // older runs exist and were left out
	From, To  time.Time
	Bucket    time.Duration
	States    []StateCount
	Durations []DurationBucket
	Succeeded int // of those that ended by themselves
	Ended     int
	Duration  Percentiles
	Delay     Percentiles // from due to started; early counts as 0
}

// DurationBucket is how long the runs of a stretch of time took. Stretches without any are left out.
type DurationBucket struct {
	Start    time.Time
	N        int
	P50, Max time.Duration
}

// The widths that a history's stretches may have: ones that an operator can name.
var bucketWidths = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour, 364 * 24 * time.Hour,
}

// history aggregates a job's outcomes, which come newest first, up to limit of them.
func history(outcomes []RunOutcome, limit int) JobHistory {
	h := JobHistory{Capped: len(outcomes) > limit}
	if h.Capped {
		outcomes = outcomes[:limit]
	}
	if h.Runs = len(outcomes); h.Runs == 0 {
		return h
	}
	oldest, newest := outcomes[h.Runs-1].ScheduledFor, outcomes[0].ScheduledFor
	h.Bucket = bucketWidth(newest.Sub(oldest))
	h.From = oldest.UTC().Truncate(h.Bucket)
	h.To = newest.UTC().Truncate(h.Bucket).Add(h.Bucket)

	type key struct {
		start time.Time
		state scheduler.RunState
	}
	counts := map[key]int{}
	lengths := map[time.Time][]time.Duration{}
	var durations, delays []time.Duration
	for _, o := range outcomes {
		start := o.ScheduledFor.UTC().Truncate(h.Bucket)
		counts[key{start, o.State}]++
		if took, ok := o.duration(); ok {
			lengths[start] = append(lengths[start], took)
			durations = append(durations, took)
			h.Ended++
			if o.State == scheduler.Succeeded {
				h.Succeeded++
			}
		}
		if o.StartedAt != nil {
			delays = append(delays, max(0, o.StartedAt.Sub(o.ScheduledFor)))
		}
	}
	for k, n := range counts {
		h.States = append(h.States, StateCount{Start: k.start, State: k.state, Runs: n})
	}
	for start, took := range lengths {
		slices.Sort(took)
		h.Durations = append(h.Durations, DurationBucket{Start: start, N: len(took), P50: quantile(took, 0.5), Max: took[len(took)-1]})
	}
	slices.SortFunc(h.States, func(a, b StateCount) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return slices.Index(scheduler.RunStates, a.State) - slices.Index(scheduler.RunStates, b.State)
	})
	slices.SortFunc(h.Durations, func(a, b DurationBucket) int { return a.Start.Compare(b.Start) })
	h.Duration, h.Delay = percentilesOf(durations), percentilesOf(delays)
	return h
}

// bucketWidth is the narrowest stretch that needs no more than historyBuckets of them for a span.
func bucketWidth(span time.Duration) time.Duration {
	for _, width := range bucketWidths {
		if span/width < historyBuckets {
			return width
		}
	}
	return bucketWidths[len(bucketWidths)-1]
}

func percentilesOf(values []time.Duration) Percentiles {
	slices.Sort(values)
	return Percentiles{N: len(values), P50: quantile(values, 0.5), P95: quantile(values, 0.95), P99: quantile(values, 0.99)}
}

// quantile interpolates between neighbours, as percentile_cont does in SQL; 0 for no values.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	place := q * float64(len(sorted)-1)
	low := int(place)
	high := min(low+1, len(sorted)-1)
	share := place - float64(low)
	return sorted[low] + time.Duration(math.Round(share*float64(sorted[high]-sorted[low])))
}
