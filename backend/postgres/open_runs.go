package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type openRunsRow struct {
	WorkerID   string `db:"assigned_worker_id"`
	Assigned   int    `db:"assigned"`
	Running    int    `db:"running"`
	RunningRun int64  `db:"running_run"`
}

// OpenRunsByWorker counts what each worker has to do. Its cost grows with the open runs, not with the history.
func (s *Store) OpenRunsByWorker(ctx context.Context) (map[string]console.OpenRuns, error) {
	open := map[string]console.OpenRuns{}
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := collect[openRunsRow](ctx, conn, sql.openRunsByWorker, nil)
		for _, r := range rows {
			open[r.WorkerID] = console.OpenRuns{Assigned: r.Assigned, Running: r.Running, RunningRun: scheduler.RunID(r.RunningRun)}
		}
		return err
	})
	return open, err
}
