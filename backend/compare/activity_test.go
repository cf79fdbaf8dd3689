package compare_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ran is what became of a job's runs: how many went well and how many failed, and how long they took.
func ran(name string, well, failed int, median time.Duration) console.JobActivity {
	return console.JobActivity{
		JobName: name, States: map[scheduler.RunState]int{scheduler.Succeeded: well, scheduler.Failed: failed, scheduler.Canceled: 5},
		Duration: console.Percentiles{N: well + failed, P50: median},
	}
}

func TestRunsOfTwoWindowsAreCompared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		here, there        console.JobActivity
		state              compare.State
		failures, duration compare.Trend
	}{
		"the same":                      {ran("j", 990, 10, time.Second), ran("j", 990, 10, time.Second), compare.Equal, compare.Similar, compare.Similar},
		"more runs of the same":         {ran("j", 990, 10, time.Second), ran("j", 9900, 100, time.Second), compare.Equal, compare.Similar, compare.Similar},
		"more failures":                 {ran("j", 990, 10, time.Second), ran("j", 900, 100, time.Second), compare.Different, compare.Higher, compare.Similar},
		"fewer failures":                {ran("j", 900, 100, time.Second), ran("j", 990, 10, time.Second), compare.Different, compare.Lower, compare.Similar},
		"one failure more":              {ran("j", 99, 1, time.Second), ran("j", 98, 2, time.Second), compare.Equal, compare.Similar, compare.Similar},
		"none, and then all":            {ran("j", 30, 0, time.Second), ran("j", 0, 30, time.Second), compare.Different, compare.Higher, compare.Similar},
		"too few":                       {ran("j", 3, 0, time.Second), ran("j", 0, 3, time.Hour), compare.Equal, compare.Few, compare.Few},
		"twice as long":                 {ran("j", 99, 0, time.Second), ran("j", 99, 0, 2*time.Second), compare.Different, compare.Similar, compare.Higher},
		"half as long":                  {ran("j", 99, 0, 2*time.Second), ran("j", 99, 0, time.Second), compare.Different, compare.Similar, compare.Lower},
		"a little longer":               {ran("j", 99, 0, time.Second), ran("j", 99, 0, 1400*time.Millisecond), compare.Equal, compare.Similar, compare.Similar},
		"ten times nearly nothing":      {ran("j", 99, 0, time.Millisecond), ran("j", 99, 0, 10*time.Millisecond), compare.Equal, compare.Similar, compare.Similar},
		"twice nothing, canceled alone": {ran("j", 0, 0, 0), ran("j", 0, 0, 0), compare.Equal, compare.Few, compare.Few},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := compare.Activity([]console.JobActivity{c.here}, []console.JobActivity{c.there})
			want := []compare.JobRuns{{Name: "j", State: c.state, Here: &c.here, There: &c.there, Failures: c.failures, Duration: c.duration}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRunsOfOneSideOrOfTwoJobsAreNotCompared(t *testing.T) {
	t.Parallel()
	states := map[string]compare.State{}
	for _, r := range compare.Activity(
		[]console.JobActivity{ran("", 1, 1, 1), ran("", 1, 1, 1), ran("here", 1, 1, 1)},
		[]console.JobActivity{ran("", 1, 1, 1), ran("there", 1, 1, 1)},
	) {
		states[r.Name] = r.State
	}
	if diff := cmp.Diff(map[string]compare.State{"": compare.Unknown, "here": compare.OnlyHere, "there": compare.OnlyThere}, states); diff != "" {
		t.Error(diff)
	}
}

func TestWorkersAreCompared(t *testing.T) {
	t.Parallel()
	epoch := int64(7)
	here := []scheduler.Worker{{ID: "a", NodeID: "n-1", Role: scheduler.Leader, Load: 1}, {ID: "b", NodeID: "n-2"}, {ID: "gone"}}
	there := []scheduler.Worker{{ID: "b", NodeID: "n-2", Load: 9, SeenEpoch: &epoch}, {ID: "a", NodeID: "n-1", Role: scheduler.Plain, DetachFlag: true}, {ID: "new"}}
	got := map[string]compare.State{}
	for _, item := range compare.Workers(here, there) {
		got[item.Name] = item.State
		for _, f := range item.Fields {
			if f.State == compare.Different && item.State == compare.Different {
				got[item.Name+" "+f.Name] = f.State
			}
		}
	}
	want := map[string]compare.State{
		"a": compare.Different, "a role": compare.Different, "a detached": compare.Different, "b": compare.Equal, "gone": compare.OnlyHere, "new": compare.OnlyThere,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
