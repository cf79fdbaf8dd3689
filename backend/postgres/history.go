package postgres

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// History reads a scheduler's database for an export: whole rows, in closed ranges, each with a statement of its own, so that
// no snapshot is held for longer than one of them takes. It is another view of a Store and not closed by itself.
type History struct{ store *Store }

var (
	_ history.Cluster = (*History)(nil)
	_ history.Runs    = (*History)(nil)
	_ history.Details = (*History)(nil)
	_ history.Trail   = (*History)(nil)
)

// History gives what an export reads.
func (s *Store) History() *History { return &History{s} }

type originRow struct {
	Database   string    `db:"database"`
	Login      string    `db:"login"`
	Server     string    `db:"server"`
	Now        time.Time `db:"now"`
	System     string    `db:"system"`
	Migrations string    `db:"migrations"`
}

// Origin tells which database this is.
func (h *History) Origin(ctx context.Context) (history.Origin, error) {
	rows, err := ask[originRow](ctx, h.store, sql.exportOrigin, nil)
	if err != nil {
		return history.Origin{}, err
	}
	r := rows[0]
	origin := history.Origin{
		System: r.System, Address: h.store.address, Database: r.Database, Login: r.Login, Schema: firstMigration, Gate: h.store.hasGate,
		Server: r.Server, Now: r.Now.UTC(),
	}
	operator, err := h.store.Operator(ctx)
	origin.Operator = operator.Username
	err = h.store.read(ctx, queryDeadline, func(_ context.Context, conn *pgx.Conn) error {
		known := factsOf(conn)
		for part, there := range map[string]bool{"term": known.Terms, "attempt": known.Attempts, "log": known.Logs, "run_args": known.Args != "",
			"audit": known.Audit != "", "chain": known.Gate && known.AuditLinks, "seal": known.Gate} {
			if !there {
				origin.Absent = append(origin.Absent, part)
			}
		}
		return err
	})
	return origin, err
}

// FirstRun gives when the oldest run of a span was created.
func (h *History) FirstRun(ctx context.Context, span history.Span) (time.Time, bool, error) {
	at, err := h.moment(ctx, sql.exportRunFirst, span, pgx.StrictNamedArgs{})
	if at == nil || err != nil {
		return time.Time{}, false, err
	}
	return *at, true, nil
}

// RunEdge gives where a range of about n runs ends.
func (h *History) RunEdge(ctx context.Context, span history.Span, n int) (time.Time, error) {
	at, err := h.moment(ctx, sql.exportRunEdge, span, pgx.StrictNamedArgs{"stretch": n})
	if at == nil || err != nil {
		return span.Before, err
	}
	return *at, nil
}

// moment asks for one time, which may be null.
func (h *History) moment(ctx context.Context, text string, span history.Span, args pgx.StrictNamedArgs) (*time.Time, error) {
	args["from"], args["before"] = span.From, span.Before
	type row struct {
		At optionalTime `db:"at"`
	}
	rows, err := ask[row](ctx, h.store, text, args)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].At.Time, nil
}

// stream hands over one row after the other as they come, so that none is kept.
func stream[Row any](ctx context.Context, s *Store, text string, args pgx.StrictNamedArgs, each func(Row) error) error {
	var refused error
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, text, args)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			row, err := pgx.RowToStructByName[Row](rows)
			if err != nil {
				return err
			}
			if refused = each(row); refused != nil {
				return nil // whoever takes the rows has its own error
			}
		}
		return rows.Err()
	})
	if refused != nil {
		return refused
	}
	return err
}

// EachRun reads the runs of a range.
func (h *History) EachRun(ctx context.Context, filter console.RunFilter, span history.Span, each func(scheduler.Run) error) error {
	if err := refuse(filter); err != nil {
		return err
	}
	args := filterArgs(filter)
	args["from"], args["before"], args["error_limit"] = span.From, span.Before, math.MaxInt32
	return stream(ctx, h.store, sql.exportRuns, args, func(r runRow) error { return each(r.run()) })
}

type exportedAttempt struct {
	RunID int64 `db:"run_id"`
	attemptRow
}

// EachAttempt reads the attempts that nodes recorded.
func (h *History) EachAttempt(ctx context.Context, runs []scheduler.RunID, each func(history.Attempt) error) error {
	if known, err := h.facts(ctx); err != nil || !known.Attempts {
		return err
	}
	return stream(ctx, h.store, sql.exportAttempts, idArgs(runs), func(r exportedAttempt) error {
		return each(history.Attempt{Run: scheduler.RunID(r.RunID), Attempt: r.attempt()})
	})
}

type exportedArgs struct {
	RunID int64 `db:"run_id"`
	argsRow
}

// EachArgs reads the arguments that runs got of their own.
func (h *History) EachArgs(ctx context.Context, runs []scheduler.RunID, each func(history.RunArgs) error) error {
	known, err := h.facts(ctx)
	if err != nil || known.Args == "" {
		return err
	}
	return stream(ctx, h.store, sql.exportArgs[known.Args], idArgs(runs), func(r exportedArgs) error {
		return each(history.RunArgs{Run: scheduler.RunID(r.RunID), Args: r.Args})
	})
}

type exportedChunk struct {
	RunID   int64    `db:"run_id"`
	Attempt int      `db:"attempt"`
	Seq     int64    `db:"seq"`
	At      listTime `db:"at"`
	Stream  string   `db:"stream"`
	Data    []byte   `db:"data"`
}

// EachChunk reads the logs that the database keeps.
func (h *History) EachChunk(ctx context.Context, runs []scheduler.RunID, each func(history.LogChunk) error) error {
	if known, err := h.facts(ctx); err != nil || !known.Logs {
		return err
	}
	return stream(ctx, h.store, sql.exportChunks, idArgs(runs), func(r exportedChunk) error {
		return each(history.LogChunk{Run: scheduler.RunID(r.RunID), Attempt: r.Attempt, LogChunk: console.LogChunk{
			Seq: r.Seq, At: r.At.Time, Stream: r.Stream, Data: r.Data,
		}})
	})
}

func idArgs(runs []scheduler.RunID) pgx.StrictNamedArgs {
	ids := make([]int64, len(runs))
	for i, id := range runs {
		ids[i] = int64(id)
	}
	return pgx.StrictNamedArgs{"ids": ids}
}

func (h *History) facts(ctx context.Context) (known facts, err error) {
	err = h.store.read(ctx, queryDeadline, func(_ context.Context, conn *pgx.Conn) error {
		known = factsOf(conn)
		return nil
	})
	return known, err
}
