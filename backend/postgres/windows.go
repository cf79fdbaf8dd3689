package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxTerms is how many terms of leaders are read: a cluster that has more in one window has no leader to speak of.
const maxTerms = 500

// windowRow is a run as window_columns.sql reads it.
type windowRow struct {
	ID             int64        `db:"id"`
	JobID          int64        `db:"job_definition_id"`
	JobName        string       `db:"job_name"`
	State          string       `db:"state"`
	AssignedWorker string       `db:"assigned_worker_id"`
	Attempt        int          `db:"attempt"`
	Version        int          `db:"version"`
	LeaderEpoch    *int64       `db:"leader_epoch"`
	ScheduledFor   optionalTime `db:"scheduled_for"`
	StartedAt      optionalTime `db:"started_at"`
	FinishedAt     optionalTime `db:"finished_at"`
	IdempotencyKey string       `db:"idempotency_key"`
	CreatedAt      listTime     `db:"created_at"`
}

func (r windowRow) run() scheduler.Run {
	return scheduler.Run{
		ID: scheduler.RunID(r.ID), JobID: scheduler.JobID(r.JobID), JobName: r.JobName, State: scheduler.RunState(r.State),
		AssignedWorker: r.AssignedWorker, Attempt: r.Attempt, Version: r.Version, LeaderEpoch: r.LeaderEpoch,
		ScheduledFor: r.ScheduledFor.Time, StartedAt: r.StartedAt.Time, FinishedAt: r.FinishedAt.Time,
		IdempotencyKey: r.IdempotencyKey, CreatedAt: r.CreatedAt.Time,
	}
}

// RunsInHand reads through the index on the time of creation, and the running runs through that on the state.
func (s *Store) RunsInHand(ctx context.Context, from, to time.Time, limit int) ([]scheduler.Run, bool, error) {
	args := pgx.StrictNamedArgs{"from": from, "to": to, "reach": from.Add(-console.LookBack), "page": limit + 1}
	return s.window(ctx, sql.runsInHand, args, limit, func(r windowRow) bool { return r.StartedAt.Time != nil })
}

// RunsScheduled reads each job's part of the window through the unique index.
func (s *Store) RunsScheduled(ctx context.Context, from, to time.Time, limit int) ([]scheduler.Run, bool, error) {
	args := pgx.StrictNamedArgs{"from": from, "to": to, "page": limit + 1}
	return s.window(ctx, sql.runsScheduled, args, limit, func(r windowRow) bool { return r.ScheduledFor.Time != nil })
}

// window reads up to limit runs, without those whose time no calendar knows.
func (s *Store) window(ctx context.Context, text string, args pgx.StrictNamedArgs, limit int, timed func(windowRow) bool) ([]scheduler.Run, bool, error) {
	rows, err := jobsOf[windowRow](ctx, s, text, args)
	if isTimeout(err) {
		err = scheduler.Errorf(scheduler.Unavailable, "runs.window_timeout",
			"Too many runs would have to be read for this window. Choose a shorter one.").Because(err)
	}
	if err != nil {
		return nil, false, err
	}
	more := len(rows) > limit
	if more {
		rows = rows[:limit]
	}
	list := make([]scheduler.Run, 0, len(rows))
	for _, r := range rows {
		if timed(r) {
			list = append(list, r.run())
		}
	}
	return list, more, nil
}

type termRow struct {
	Epoch    int64        `db:"epoch"`
	WorkerID string       `db:"worker_id"`
	Since    listTime     `db:"since"`
	Until    optionalTime `db:"until"`
}

// Terms gives who led when. Where nodes keep no terms or the login may not see them they are not recorded but inferred.
func (s *Store) Terms(ctx context.Context, from, to time.Time) (terms []console.Term, recorded bool, err error) {
	err = s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		query := sql.termsInferred
		if recorded = factsOf(conn).Terms; recorded {
			query = sql.terms
		}
		rows, err := collect[termRow](ctx, conn, query, pgx.StrictNamedArgs{"from": from, "to": to, "page": maxTerms})
		for _, r := range slices.Backward(rows) {
			terms = append(terms, console.Term{Epoch: r.Epoch, WorkerID: r.WorkerID, Since: r.Since.Time, Until: r.Until.Time})
		}
		return err
	})
	return terms, recorded, err
}
