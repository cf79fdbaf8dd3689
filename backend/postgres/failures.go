package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// How much of an error tells its cause, in characters from both ends.
const (
	errorHead = 1000
	errorTail = 600
)

type failedRow struct {
	ID        int64    `db:"id"`
	JobID     int64    `db:"job_definition_id"`
	JobName   string   `db:"job_name"`
	State     string   `db:"state"`
	ExitCode  *int     `db:"exit_code"`
	Due       listTime `db:"scheduled_for"`
	CreatedAt listTime `db:"created_at"`
	Head      string   `db:"head"`
	Tail      string   `db:"tail"`
}

// EachFailure hands over one failure after the other as they come, so that none is kept. Runs that were due at no time
// never ran.
func (s *Store) EachFailure(ctx context.Context, from, to time.Time, limit int, each func(console.FailedRun)) error {
	return s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, sql.failedRuns, pgx.StrictNamedArgs{
			"from": from, "to": to, "page": limit, "head": errorHead, "tail": errorTail,
		})
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r, err := pgx.RowToStructByName[failedRow](rows)
			if err != nil {
				return err
			}
			each(console.FailedRun{
				ID: scheduler.RunID(r.ID), JobID: scheduler.JobID(r.JobID), JobName: r.JobName, State: scheduler.RunState(r.State),
				ExitCode: r.ExitCode, Due: r.Due.Time, CreatedAt: r.CreatedAt.Time, Head: r.Head, Tail: r.Tail,
			})
		}
		return rows.Err()
	})
}
