package postgres

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestLogsOfALiveClusterAreNotSearched(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	filter := console.RunFilter{LogText: "text"}
	_, _, listed := c.store.ListRuns(t.Context(), filter, console.Cursor{}, 10)
	_, counted := c.store.CountRuns(t.Context(), filter, 10)
	_, estimated := c.store.EstimateRuns(t.Context(), filter)
	exported := c.store.History().EachRun(t.Context(), filter, history.Span{}, func(scheduler.Run) error { return nil })
	for name, err := range map[string]error{"list": listed, "count": counted, "estimate": estimated, "export": exported} {
		if reasonOf(err) != "runs.no_log_search" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
