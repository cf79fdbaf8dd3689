package console

import (
	"context"
	"sort"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// OpenRuns counts what a worker has to do, as the database says.
type OpenRuns struct {
	Assigned int
	Running  int
	// RunningRun is one of the running ones, 0 if there is none.
	RunningRun scheduler.RunID
}

// WorkerRow is a line of the list of workers.
type WorkerRow struct {
	scheduler.Worker
	Open OpenRuns
	// Lost: the database still gives it runs, but Redis doesn't know it any more.
	Lost bool
}

// WorkerList is every worker and the leadership at one moment.
type WorkerList struct {
	Leadership scheduler.Leadership
	Workers    []WorkerRow
	AsOf       time.Time
}

// ListWorkers gives every worker that Redis knows, and those that the database still counts on.
func (c *Console) ListWorkers(ctx context.Context) (WorkerList, error) {
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		return WorkerList{}, err
	}
	open, err := c.openRuns(ctx, openRunsListed)
	if err != nil {
		return WorkerList{}, err
	}
	list := WorkerList{Leadership: fleet.Leadership, AsOf: fleet.AsOf}
	known := make(map[string]bool, len(fleet.Workers))
	for _, w := range fleet.Workers {
		list.Workers = append(list.Workers, WorkerRow{Worker: w, Open: open[w.ID]})
		known[w.ID] = true
	}
	var lost []WorkerRow
	for id, runs := range open {
		if known[id] {
			continue
		}
		lost = append(lost, WorkerRow{Worker: scheduler.Worker{ID: id, Role: scheduler.Plain}, Open: runs, Lost: true})
	}
	sort.Slice(lost, func(i, j int) bool { return lost[i].ID < lost[j].ID })
	list.Workers = append(list.Workers, lost...)
	return list, nil
}
