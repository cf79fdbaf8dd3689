package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ListRuns finds a page by the cheapest of three ways; see findPage. Errors are cut to 2,000 characters.
func (s *Store) ListRuns(ctx context.Context, filter console.RunFilter, cursor console.Cursor, size int) ([]scheduler.Run, bool, error) {
	if err := refuse(filter); err != nil {
		return nil, false, err
	}
	var rows []runRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		rows, err = s.effort.findPage(ctx, conn, filter, cursor, size+1)
		return err
	})
	if isTimeout(err) {
		err = scheduler.Errorf(scheduler.Unavailable, "runs.list_timeout",
			"Too many runs would have to be read for this filter. Narrow it by a time range, a job or a state.").Because(err)
	}
	if err != nil {
		return nil, false, err
	}
	more := len(rows) > size
	if more && cursor.Newer {
		rows = rows[1:] // rows stand newest first; the one too many is the farthest from the cursor
	} else if more {
		rows = rows[:size]
	}
	return runs(rows), more, nil
}
