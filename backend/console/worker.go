package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// WorkerDetail is one worker with its runs.
type WorkerDetail struct {
	Worker     WorkerRow
	Leadership scheduler.Leadership
	Recent     []scheduler.Run // newest first, up to recentOfWorker, in recentWindow
	Assigned   []scheduler.Run
	AsOf       time.Time
}

const (
	recentOfWorker = 100
	recentWindow   = 6 * time.Hour
)

// Worker gives one worker: what Redis knows, and its runs of the last hours.
func (c *Console) Worker(ctx context.Context, id string) (WorkerDetail, error) {
	list, err := c.ListWorkers(ctx)
	if err != nil {
		return WorkerDetail{}, err
	}
	detail := WorkerDetail{
		Worker:     WorkerRow{Worker: scheduler.Worker{ID: id, Role: scheduler.Plain}, Lost: true},
		Leadership: list.Leadership, AsOf: list.AsOf,
	}
	for _, w := range list.Workers {
		if w.ID == id {
			detail.Worker = w
		}
	}
	since := c.now().Add(-recentWindow)
	detail.Recent, _, err = c.ports.Runs.ListRuns(ctx, RunFilter{WorkerID: id, CreatedFrom: &since}, Cursor{}, recentOfWorker)
	if err != nil {
		return WorkerDetail{}, err
	}
	if detail.Worker.Lost && detail.Worker.Open == (OpenRuns{}) && len(detail.Recent) == 0 {
		return WorkerDetail{}, scheduler.Errorf(scheduler.NotFound, "workers.unknown",
			"There is no worker %q now, and it had no run in the last hours.", id).With("worker", id)
	}
	assigned := RunFilter{WorkerID: id, States: []scheduler.RunState{scheduler.Assigned}}
	detail.Assigned, _, err = c.ports.Runs.ListRuns(ctx, assigned, Cursor{}, recentOfWorker)
	return detail, err
}
