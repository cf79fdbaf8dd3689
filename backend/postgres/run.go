package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Run gives one run with its whole error, and with its own arguments where it has some.
func (s *Store) Run(ctx context.Context, id scheduler.RunID) (scheduler.Run, error) {
	var found []runRow
	var args []argsRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		var err error
		found, err = collect[runRow](ctx, conn, sql.run, pgx.StrictNamedArgs{"id": int64(id), "error_limit": math.MaxInt32})
		if text, ok := sql.runArgs[factsOf(conn).Args]; ok && err == nil {
			args, err = collect[argsRow](ctx, conn, text, pgx.StrictNamedArgs{"id": int64(id)})
		}
		return err
	})
	if err != nil {
		return scheduler.Run{}, err
	}
	if len(found) == 0 {
		return scheduler.Run{}, noRun(id)
	}
	run := found[0].run()
	if len(args) > 0 {
		run.Args = args[0].Args
	}
	return run, nil
}

func noRun(id scheduler.RunID) error {
	return scheduler.Errorf(scheduler.NotFound, "runs.not_found", "There is no run %d.", id).
		With("run", strconv.FormatInt(int64(id), 10))
}

type argsRow struct {
	Args json.RawMessage `db:"args_json"`
}

// attemptRow is an attempt as attempts.sql reads it.
type attemptRow struct {
	Number      int          `db:"attempt"`
	WorkerID    string       `db:"worker_id"`
	LeaderEpoch int64        `db:"leader_epoch"`
	StartedAt   listTime     `db:"started_at"`
	EndedAt     optionalTime `db:"ended_at"`
	Outcome     *string      `db:"outcome"`
	ExitCode    *int         `db:"exit_code"`
	Note        *string      `db:"note"`
	LogRef      string       `db:"log_ref"`
	LogGone     *bool        `db:"log_gone"`
}

func (r attemptRow) attempt() scheduler.Attempt {
	return scheduler.Attempt{
		Number: r.Number, WorkerID: r.WorkerID, LeaderEpoch: r.LeaderEpoch, StartedAt: r.StartedAt.Time,
		EndedAt: r.EndedAt.Time, Outcome: orEmpty(r.Outcome), ExitCode: r.ExitCode, Note: orEmpty(r.Note),
		LogRef: r.LogRef, LogGone: r.LogGone != nil && *r.LogGone,
	}
}

// Attempts gives what nodes recorded of a run; nothing where they record nothing or the login may not see it.
func (s *Store) Attempts(ctx context.Context, id scheduler.RunID) ([]scheduler.Attempt, error) {
	var list []scheduler.Attempt
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		if !factsOf(conn).Attempts {
			return nil
		}
		rows, err := collect[attemptRow](ctx, conn, sql.attempts, pgx.StrictNamedArgs{"id": int64(id)})
		for _, r := range rows {
			list = append(list, r.attempt())
		}
		return err
	})
	return list, err
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// isTimeout tells whether err is our explanation of a question that took too long.
func isTimeout(err error) bool {
	e, ok := errors.AsType[*scheduler.Error](err)
	return ok && e.Reason == "postgres.timeout"
}
