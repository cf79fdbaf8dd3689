package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type jobStateRow struct {
	JobID   int64  `db:"job_id"`
	JobName string `db:"job_name"`
	State   string `db:"state"`
	Runs    int    `db:"runs"`
}

type jobDurationsRow struct {
	JobID     int64     `db:"job_id"`
	Durations int       `db:"durations"`
	Duration  []float64 `db:"duration"` // p50, p95, p99 in seconds
}

// JobActivity counts the runs created in [from, to) by job, in one snapshot.
func (s *Store) JobActivity(ctx context.Context, from, to time.Time) ([]console.JobActivity, error) {
	var states []jobStateRow
	var durations []jobDurationsRow
	var batch pgx.Batch
	window := pgx.StrictNamedArgs{"from": from, "to": to}
	queue(&batch, &states, sql.jobActivityStates, window)
	queue(&batch, &durations, sql.jobActivityDurations, window)
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		return pgx.BeginTxFunc(ctx, conn, snapshot, func(tx pgx.Tx) error { return tx.SendBatch(ctx, &batch).Close() })
	})
	if isTimeout(err) {
		err = scheduler.Errorf(scheduler.Unavailable, "runs.window_timeout",
			"Too many runs would have to be read for this window. Choose a shorter one.").Because(err)
	}
	if err != nil {
		return nil, err
	}
	var list []console.JobActivity
	places := map[int64]int{}
	for _, row := range states {
		i, known := places[row.JobID]
		if !known {
			i = len(list)
			places[row.JobID] = i
			list = append(list, console.JobActivity{JobID: scheduler.JobID(row.JobID), JobName: row.JobName, States: map[scheduler.RunState]int{}})
		}
		list[i].States[scheduler.RunState(row.State)] = row.Runs
	}
	for _, row := range durations {
		list[places[row.JobID]].Duration = percentiles(row.Durations, row.Duration) // whoever has durations has states
	}
	return list, nil
}
