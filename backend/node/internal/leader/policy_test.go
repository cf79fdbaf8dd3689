package leader

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	// The runs of a job as letters, oldest first: p waiting, a assigned, r running, l lost after a start; P and A are
	// retries, e and E waiting and assigned for an event, f is not due yet.
	runsOf := func(letters string, policy scheduler.ConcurrencyPolicy) []store.OpenRun {
		var runs []store.OpenRun
		for i, letter := range letters {
			run := store.OpenRun{
				ID: scheduler.RunID(i + 1), Job: 1, Policy: policy, Due: letter != 'f', ScheduledFor: noon.Add(time.Duration(i) * time.Second),
				Retry: letter == 'P' || letter == 'A', Event: letter == 'e' || letter == 'E', State: scheduler.Pending,
			}
			switch letter {
			case 'a', 'A', 'E':
				run.State = scheduler.Assigned
			case 'r':
				run.State = scheduler.Running
			case 'l':
				run.State, run.Attempt = scheduler.Orphaned, 1
			}
			runs = append(runs, run)
		}
		slices.Reverse(runs) // the order in which they come must not matter
		return runs
	}
	tests := []struct {
		policy scheduler.ConcurrencyPolicy
		runs   string
		want   string
	}{
		{scheduler.Forbid, "p", ""},
		{scheduler.Forbid, "pp", "skip 2"},
		{scheduler.Forbid, "rp", "skip 2"},
		{scheduler.Forbid, "pr", "skip 1"}, // the one that runs stays, whichever is older
		{scheduler.Forbid, "rf", ""},
		{scheduler.Forbid, "ra", "skip 2"},
		{scheduler.Forbid, "lp", "skip 2"},
		{scheduler.Forbid, "pl", "skip 1"},
		{scheduler.Forbid, "lr", "hold 1"}, // a lost run is never given up
		{scheduler.Forbid, "ll", "hold 2"},
		{scheduler.Forbid, "rP", "skip 2"},
		{scheduler.Forbid, "rr", ""},
		{scheduler.Forbid, "e", ""},
		{scheduler.Forbid, "ree", "hold 2, hold 3"}, // nobody sends an event again
		{scheduler.Forbid, "eE", "hold 2, take back 2"},
		{scheduler.Forbid, "er", "hold 1"},
		{scheduler.Forbid, "rpe", "hold 3, skip 2"},
		{scheduler.Forbid, "r" + strings.Repeat("e", longestLine+2), skipsAfter(longestLine + 1)},
		{scheduler.Replace, "re", "hold 2, stop 1"},
		{"nonsense", "rp", "skip 2"},
		{scheduler.Allow, "rplaa", ""},
		{scheduler.Replace, "p", ""},
		{scheduler.Replace, "pp", "cancel 1"},
		{scheduler.Replace, "rp", "hold 2, stop 1"},
		{scheduler.Replace, "rra", "hold 3, stop 1, stop 2, take back 3"},
		{scheduler.Replace, "ppr", "cancel 1, cancel 2"},
		{scheduler.Replace, "lp", "cancel 1"},
		{scheduler.Replace, "rf", ""},
		{scheduler.Replace, "rP", "skip 2"}, // a retry replaces nothing
		{scheduler.Replace, "pP", "skip 2"},
		{scheduler.Replace, "Pp", "skip 1"},
		{scheduler.Replace, "P", ""},
		{scheduler.Replace, "PA", "skip 1"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.policy, " ", tt.runs), func(t *testing.T) {
			t.Parallel()
			runs := runsOf(tt.runs, tt.policy)
			r := judge(append(runs, runs...)) // a run may be among the waiting and among the given out
			var got []string
			for _, e := range r.end {
				verb := map[scheduler.RunState]string{scheduler.Skipped: "skip", scheduler.Canceled: "cancel"}[e.State]
				got = append(got, fmt.Sprint(verb, " ", e.ID))
			}
			for _, s := range r.stop {
				got = append(got, fmt.Sprint("stop ", s.run))
			}
			for id := range r.hold {
				got = append(got, fmt.Sprint("hold ", id))
			}
			for _, back := range r.back {
				got = append(got, fmt.Sprint("take back ", back.ID))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", strings.Join(got, ", "), tt.want)
			}
		})
	}
}

// skipsAfter is what becomes of a line that is two runs too long: all up to the given one are held, but for the first.
func skipsAfter(last int) string {
	var want []string
	for id := 2; id <= last; id++ {
		want = append(want, fmt.Sprint("hold ", id))
	}
	want = append(want, fmt.Sprint("skip ", last+1), fmt.Sprint("skip ", last+2))
	slices.Sort(want)
	return strings.Join(want, ", ")
}

func TestJobsDoNotMeet(t *testing.T) {
	t.Parallel()
	r := judge([]store.OpenRun{
		{ID: 1, Job: 1, State: scheduler.Running, Due: true}, {ID: 2, Job: 2, State: scheduler.Pending, Due: true},
	})
	if len(r.end)+len(r.stop)+len(r.hold) != 0 {
		t.Errorf("%+v", r)
	}
}

func TestRetryOf(t *testing.T) {
	t.Parallel()
	ended := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	failed := store.WatchedEnd{ID: 7, Job: 3, State: scheduler.Failed, FinishedAt: ended, Enabled: true, MaxRetries: 3, Backoff: 60}
	tests := []struct {
		name   string
		change func(*store.WatchedEnd)
		key    string // "" = none
		after  time.Duration
	}{
		{"the first", func(*store.WatchedEnd) {}, "retry:7:1", time.Minute},
		{"a timeout", func(r *store.WatchedEnd) { r.State = scheduler.TimedOut }, "retry:7:1", time.Minute},
		{"the second", func(r *store.WatchedEnd) { r.Key = "retry:5:1" }, "retry:5:2", 2 * time.Minute},
		{"the third", func(r *store.WatchedEnd) { r.Key = "retry:5:2" }, "retry:5:3", 4 * time.Minute},
		{"all used up", func(r *store.WatchedEnd) { r.Key = "retry:5:3" }, "", 0},
		{"the wait is bounded", func(r *store.WatchedEnd) { r.Key, r.MaxRetries = "retry:5:50", 99 }, "retry:5:51", time.Hour},
		{"unless it began longer", func(r *store.WatchedEnd) { r.Backoff, r.Key = 7200, "retry:5:1" }, "retry:5:2", 2 * time.Hour},
		{"of an event", func(r *store.WatchedEnd) { r.Key = "event:order:A-1:job:3" }, "retry:7:1", time.Minute},
		{"a key made by hand", func(r *store.WatchedEnd) { r.Key = "retry:x:-1" }, "retry:7:1", time.Minute},
		{"success", func(r *store.WatchedEnd) { r.State = scheduler.Succeeded }, "", 0},
		{"canceled", func(r *store.WatchedEnd) { r.State = scheduler.Canceled }, "", 0},
		{"skipped", func(r *store.WatchedEnd) { r.State = scheduler.Skipped }, "", 0},
		{"gone", func(r *store.WatchedEnd) { r.State = "" }, "", 0},
		{"the job is disabled", func(r *store.WatchedEnd) { r.Enabled = false }, "", 0},
		{"a negative wait", func(r *store.WatchedEnd) { r.Backoff = -5 }, "retry:7:1", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			run := failed
			tt.change(&run)
			retry, ok := retryOf(run, ended)
			if ok != (tt.key != "") || retry.Key != tt.key || ok && retry.At.Sub(ended) != tt.after {
				t.Errorf("got %+v, %v", retry, ok)
			}
		})
	}
	if retry, _ := retryOf(failed, ended.Add(time.Hour)); !retry.At.Equal(ended.Add(time.Hour)) {
		t.Errorf("an end seen an hour late is retried at %v", retry.At)
	}
}
