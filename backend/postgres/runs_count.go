package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// CountRuns counts the runs that match, up to limit. After a second it gives up with runs.count_timeout.
func (s *Store) CountRuns(ctx context.Context, filter console.RunFilter, limit int) (int, error) {
	if err := refuse(filter); err != nil {
		return 0, err
	}
	args := filterArgs(filter)
	args["count_limit"] = limit
	var n int
	err := s.read(ctx, countDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, sql.countRuns, args).Scan(&n)
	})
	if isTimeout(err) {
		err = scheduler.Errorf(scheduler.Unavailable, "runs.count_timeout",
			"Counting the runs that match took longer than %s.", countDeadline).Because(err)
	}
	return n, err
}

// EstimateRuns gives the number of matching runs that the planner expects from its statistics; for a filter by several
// columns it can be off by a lot.
func (s *Store) EstimateRuns(ctx context.Context, filter console.RunFilter) (int64, error) {
	if err := refuse(filter); err != nil {
		return 0, err
	}
	var expected plan
	err := s.read(ctx, countDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		expected, err = planOf(ctx, conn, sql.estimateRuns, filterArgs(filter))
		return err
	})
	return int64(expected.Rows), err
}
