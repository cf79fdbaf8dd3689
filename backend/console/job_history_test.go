package console

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// outcome is a run that was due some minutes after noon, started after a delay and took a time.
func outcome(state scheduler.RunState, minutes int, delay, took time.Duration) RunOutcome {
	due := noon.Add(time.Duration(minutes) * time.Minute)
	started := due.Add(delay)
	finished := started.Add(took)
	return RunOutcome{State: state, ScheduledFor: due, StartedAt: &started, FinishedAt: &finished}
}

func TestHistoryAggregatesOutcomes(t *testing.T) {
	t.Parallel()
	h := history([]RunOutcome{ // newest first
		{State: scheduler.Skipped, ScheduledFor: noon.Add(70 * time.Minute)},
		outcome(scheduler.Failed, 61, 0, 30*time.Second),
		outcome(scheduler.Succeeded, 60, -10*time.Second, 10*time.Second), // early counts as no delay
		outcome(scheduler.Canceled, 2, 20*time.Second, time.Hour),         // didn't end by itself
		outcome(scheduler.Succeeded, 1, 0, -time.Second),                  // ends before it starts: no duration
		outcome(scheduler.TimedOut, 0, 40*time.Second, 20*time.Second),
	}, 6)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	want := JobHistory{
		Runs: 6, From: noon, To: at(75), Bucket: 5 * time.Minute, Succeeded: 1, Ended: 3,
		States: []StateCount{
			{at(0), scheduler.Succeeded, 1}, {at(0), scheduler.TimedOut, 1}, {at(0), scheduler.Canceled, 1},
			{at(60), scheduler.Succeeded, 1}, {at(60), scheduler.Failed, 1}, {at(70), scheduler.Skipped, 1},
		},
		Durations: []DurationBucket{
			{Start: at(0), N: 1, P50: 20 * time.Second, Max: 20 * time.Second},
			{Start: at(60), N: 2, P50: 20 * time.Second, Max: 30 * time.Second},
		},
		Duration: Percentiles{N: 3, P50: 20 * time.Second, P95: 29 * time.Second, P99: 29800 * time.Millisecond},
		Delay:    Percentiles{N: 5, P50: 0, P95: 36 * time.Second, P99: 39200 * time.Millisecond},
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	if h := history(nil, 5); h.Runs != 0 || h.Capped || h.Bucket != 0 {
		t.Errorf("of nothing: %+v", h)
	}
	var all []RunOutcome
	for i := range 2001 {
		all = append(all, outcome(scheduler.Succeeded, -i*24*60, 0, time.Second))
	}
	h := history(all, 2000)
	if !h.Capped || h.Runs != 2000 {
		t.Errorf("%d runs, capped %t", h.Runs, h.Capped)
	}
	if n := h.To.Sub(h.From) / h.Bucket; n > historyBuckets+1 || len(h.Durations) > int(n) {
		t.Errorf("%d buckets of %s, %d points", n, h.Bucket, len(h.Durations))
	}
	if one := history(all[:1], 2000); one.To.Sub(one.From) != one.Bucket {
		t.Errorf("a single run spans %s in buckets of %s", one.To.Sub(one.From), one.Bucket)
	}
}
