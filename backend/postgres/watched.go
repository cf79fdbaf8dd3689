package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

type watchedRow struct {
	windowRow
	AsOf listTime `db:"as_of"`
}

// WatchedRuns reads a job's runs through the indexes on their job, state and time of creation.
func (s *Store) WatchedRuns(ctx context.Context, query console.WatchedQuery) (console.WatchedRuns, error) {
	rows, err := jobsOf[watchedRow](ctx, s, sql.runsWatched, pgx.StrictNamedArgs{
		"jobs": query.Jobs, "ids": query.Runs, "back": query.Back, "page": query.Limit + 1,
	})
	if err != nil {
		return console.WatchedRuns{}, err
	}
	found := console.WatchedRuns{More: len(rows) > query.Limit}
	for _, r := range rows[:min(len(rows), query.Limit)] {
		found.Runs, found.AsOf = append(found.Runs, r.run()), r.AsOf.Time
	}
	return found, nil
}
