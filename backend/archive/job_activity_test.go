package archive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRunsAreCountedByJob(t *testing.T) {
	t.Parallel()
	a := full().open(t) // whose second job has no definition any more
	type counts = map[scheduler.RunState]int
	for name, c := range map[string]struct {
		at, from, to time.Time
		want         map[string]counts
		durations    int // of the first job
	}{
		"all":                {time.Time{}, noon.Add(-time.Hour), asOf, map[string]counts{"one": {"SUCCEEDED": 2, "FAILED": 1, "RUNNING": 1, "SKIPPED": 1}, "": {"SUCCEEDED": 1}}, 3},
		"a part":             {time.Time{}, *at(5), *at(25), map[string]counts{"one": {"FAILED": 1}, "": {"SUCCEEDED": 1}}, 1},
		"as of a moment":     {*at(60), noon.Add(-time.Hour), asOf, map[string]counts{"one": {"SUCCEEDED": 1, "FAILED": 1, "RUNNING": 2, "SKIPPED": 1}, "": {"SUCCEEDED": 1}}, 2},
		"as of an early one": {*at(9.7), noon.Add(-time.Hour), asOf, map[string]counts{"one": {"SUCCEEDED": 1, "ASSIGNED": 1}}, 1},
		"before all":         {time.Time{}, noon.Add(-9 * time.Hour), noon.Add(-8 * time.Hour), map[string]counts{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := a.Ports(c.at).Stats.JobActivity(t.Context(), c.from, c.to)
			if err != nil {
				t.Fatal(err)
			}
			got, durations := map[string]counts{}, 0
			for _, j := range list {
				got[j.JobName] = j.States
				if j.JobName == "one" {
					durations = j.Duration.N
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || durations != c.durations {
				t.Errorf("%d durations %s", durations, diff)
			}
		})
	}
}
