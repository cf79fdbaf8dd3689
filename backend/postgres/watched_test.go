package postgres

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestWatchedRunsAreTheOpenTheNewAndTheNamed(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job, other := c.addJob("watched"), c.addJob("other")
	now := time.Now()
	run := func(of scheduler.JobID, state scheduler.RunState, age time.Duration) scheduler.Run {
		return scheduler.Run{JobID: of, State: state, CreatedAt: now.Add(-age)}
	}
	ids := c.addRuns(
		run(job, scheduler.Succeeded, time.Hour),   // long over
		run(job, scheduler.Running, 2*time.Hour),   // still open
		run(job, scheduler.Failed, 20*time.Minute), // over, but named
		run(job, scheduler.Failed, time.Minute),    // new
		run(other, scheduler.Failed, time.Minute),  // nobody watches its job
		run(other, scheduler.Running, 0),           // named
	)
	query := console.WatchedQuery{
		Jobs: []scheduler.JobID{job}, Runs: []scheduler.RunID{ids[2], ids[5], 987654321}, Back: 5 * time.Minute, Limit: 10,
	}
	found, err := c.store.WatchedRuns(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]scheduler.RunID{ids[5], ids[3], ids[2], ids[1]}, idsOf(found.Runs)); diff != "" || found.More {
		t.Error(diff, found.More)
	}
	if found.Runs[1].JobName != "watched" || found.AsOf.Before(now.Add(-time.Minute)) {
		t.Errorf("%+v", found)
	}
	query.Limit = 2
	if found, err := c.store.WatchedRuns(t.Context(), query); err != nil || !found.More || len(found.Runs) != 2 {
		t.Errorf("limited: %+v, %v", found, err)
	}
	if found, err := c.store.WatchedRuns(t.Context(), console.WatchedQuery{Back: time.Hour, Limit: 2}); err != nil || len(found.Runs) != 0 {
		t.Errorf("nothing is watched: %+v, %v", found, err)
	}
}
