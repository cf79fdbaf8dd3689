package postgres

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// jobRow is a job as job_columns.sql reads it.
type jobRow struct {
	ID                int64           `db:"id"`
	Name              string          `db:"name"`
	Enabled           bool            `db:"enabled"`
	Type              string          `db:"type"`
	Command           string          `db:"command_name"`
	DefaultArgs       json.RawMessage `db:"default_args_json"` // of one job; lists leave them out
	ArgsMasked        bool            `db:"args_masked"`
	Schedule          json.RawMessage `db:"schedule"`
	TimeoutSeconds    int32           `db:"timeout_seconds"`
	MaxRetries        int             `db:"max_retries"`
	BackoffSeconds    int32           `db:"retry_backoff_seconds"`
	ConcurrencyPolicy string          `db:"concurrency_policy"`
	CreatedAt         listTime        `db:"created_at"`
	UpdatedAt         listTime        `db:"updated_at"`
}

func (r jobRow) job() scheduler.Job {
	return scheduler.Job{
		ID: scheduler.JobID(r.ID), Name: r.Name, Enabled: r.Enabled, Type: scheduler.JobType(r.Type), Command: r.Command,
		DefaultArgs: r.DefaultArgs, ArgsMasked: r.ArgsMasked, Schedule: r.Schedule, Timeout: seconds(r.TimeoutSeconds), MaxRetries: r.MaxRetries,
		RetryBackoff: seconds(r.BackoffSeconds), ConcurrencyPolicy: scheduler.ConcurrencyPolicy(r.ConcurrencyPolicy),
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
}

// jobResultsRow is a job with its results as jobs.sql reads them.
type jobResultsRow struct {
	jobRow
	LastID           *int64       `db:"last_id"`
	LastState        *string      `db:"last_state"`
	LastScheduledFor optionalTime `db:"last_scheduled_for"`
	LastFinishedAt   optionalTime `db:"last_finished_at"`
	Succeeded        int          `db:"succeeded"`
	Ended            int          `db:"ended"`
}

func (r jobResultsRow) results() console.JobResults {
	results := console.JobResults{Job: r.job(), Succeeded: r.Succeeded, Ended: r.Ended}
	if r.LastID != nil {
		results.LastRun = &console.RunResult{
			ID: scheduler.RunID(*r.LastID), State: scheduler.RunState(orEmpty(r.LastState)),
			ScheduledFor: r.LastScheduledFor.Time, FinishedAt: r.LastFinishedAt.Time,
		}
	}
	return results
}

// ListJobs gives every job with its latest recentRuns runs counted, in one statement.
func (s *Store) ListJobs(ctx context.Context, recentRuns int) ([]console.JobResults, error) {
	rows, err := jobsOf[jobResultsRow](ctx, s, sql.jobs, pgx.StrictNamedArgs{"recent": recentRuns})
	list := make([]console.JobResults, len(rows))
	for i, r := range rows {
		list[i] = r.results()
	}
	return list, err
}

// EnabledJobs gives the jobs that may fire.
func (s *Store) EnabledJobs(ctx context.Context) ([]scheduler.Job, error) {
	rows, err := jobsOf[jobRow](ctx, s, sql.jobsEnabled, nil)
	list := make([]scheduler.Job, len(rows))
	for i, r := range rows {
		list[i] = r.job()
	}
	return list, err
}

// Job gives one job. Where the gate hides secrets in its arguments, they say so.
func (s *Store) Job(ctx context.Context, id scheduler.JobID) (scheduler.Job, error) {
	var found []jobRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		found, err = collect[jobRow](ctx, conn, sql.job[factsOf(conn).Jobs], pgx.StrictNamedArgs{"id": int64(id)})
		return err
	})
	if err != nil {
		return scheduler.Job{}, err
	}
	if len(found) == 0 {
		return scheduler.Job{}, scheduler.Errorf(scheduler.NotFound, "jobs.not_found", "There is no job %d.", id).
			With("job", strconv.FormatInt(int64(id), 10))
	}
	return found[0].job(), nil
}

func jobsOf[T any](ctx context.Context, s *Store, sql string, args pgx.StrictNamedArgs) (rows []T, err error) {
	err = s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err = collect[T](ctx, conn, sql, args)
		return err
	})
	return rows, err
}
