package archive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Totals are a shortcut: a limit of lateness that they were not made with has every run counted, and must give the same.
func TestTotalsGiveWhatCountingGives(t *testing.T) {
	t.Parallel()
	var runs []scheduler.Run
	for i := range 400 {
		runs = append(runs, run(i+1, float64(i*17), func(r *scheduler.Run) {
			r.FinishedAt = at(float64(i*17) + float64(i%40)/4)
			if i%9 == 0 {
				r.State, r.StartedAt = scheduler.TimedOut, at(float64(i*17)+3)
				r.FinishedAt = at(float64(i*17) + 9)
			}
		}))
	}
	end := noon.Add(6 * 24 * time.Hour)
	r := record{runs: runs}
	r.description.AsOf = end
	a := r.open(t)
	for name, moment := range map[string]time.Time{"the end": {}, "a moment": noon.Add(50 * time.Hour)} {
		stats := a.Ports(moment).Stats
		from, to := noon.Add(-30*time.Minute), end.Truncate(30*time.Minute)
		totals, err := stats.RunActivity(t.Context(), from, to, 30*time.Minute, console.LateAfter)
		if err != nil {
			t.Fatal(err)
		}
		counted, err := stats.RunActivity(t.Context(), from, to, 30*time.Minute, console.LateAfter+time.Microsecond)
		if diff := cmp.Diff(counted, totals, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
		if totals.Duration.N == 0 || totals.LateRuns == 0 || totals.Duration.P99 < totals.Duration.P50 {
			t.Errorf("%s: %+v", name, totals.Duration)
		}
	}
}
