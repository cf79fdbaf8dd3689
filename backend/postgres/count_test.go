package postgres

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestCountRunsStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	runs := make([]scheduler.Run, 30)
	for i := range runs {
		runs[i] = scheduler.Run{JobID: job, State: []scheduler.RunState{scheduler.Failed, scheduler.Succeeded}[i%2], CreatedAt: *at(i)}
	}
	c.addRuns(runs...)
	failed := console.RunFilter{States: []scheduler.RunState{scheduler.Failed}, CreatedFrom: at(10)}
	for limit, want := range map[int]int{5: 5, 100: 10} {
		if n, err := c.store.CountRuns(t.Context(), failed, limit); err != nil || n != want {
			t.Errorf("up to %d: %d, %v", limit, n, err)
		}
	}
}

func TestEstimateRunsFollowsTheStatistics(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	runs := make([]scheduler.Run, 1000)
	for i := range runs {
		runs[i] = scheduler.Run{JobID: job, State: scheduler.Succeeded}
	}
	c.addRuns(runs...)
	c.exec("analyze scheduler_job_runs")
	for filter, want := range map[scheduler.RunState]int64{scheduler.Succeeded: 1000, scheduler.Failed: 1} {
		n, err := c.store.EstimateRuns(t.Context(), console.RunFilter{States: []scheduler.RunState{filter}})
		if err != nil || n != want {
			t.Errorf("%s: %d, %v", filter, n, err)
		}
	}
}
