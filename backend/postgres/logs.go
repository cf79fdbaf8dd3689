package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxChunks bounds a page of a log that was written in tiny pieces.
const maxChunks = 2000

// partRow is a chunk beside its run; seq is nil where there is none.
type partRow struct {
	State      string       `db:"state"`
	RunAttempt int          `db:"run_attempt"`
	Version    int          `db:"version"`
	Seq        *int64       `db:"seq"`
	At         optionalTime `db:"at"`
	Stream     *string      `db:"stream"`
	Data       []byte       `db:"data"`
	LastSeq    *int64       `db:"last_seq"`
}

// LogPart gives the next part of a log that nodes keep in the database, and no chunk where they keep none. It is one
// statement, because whoever follows a run asks for it again and again.
func (s *Store) LogPart(ctx context.Context, run scheduler.RunID, attempt int, after int64, maxBytes int) (console.LogPart, error) {
	var rows []partRow
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		args := pgx.StrictNamedArgs{"run_id": int64(run)}
		text := sql.runPulse
		if factsOf(conn).Logs {
			text = sql.logPart
			args["attempt"], args["after"], args["max_bytes"], args["max_chunks"] = attempt, after, maxBytes, maxChunks
		}
		var err error
		rows, err = collect[partRow](ctx, conn, text, args)
		return err
	})
	if err != nil {
		return console.LogPart{}, err
	}
	if len(rows) == 0 {
		return console.LogPart{}, noRun(run)
	}
	first, last := rows[0], rows[len(rows)-1]
	part := console.LogPart{State: scheduler.RunState(first.State), RunAttempt: first.RunAttempt, RunVersion: first.Version}
	if first.Seq == nil {
		return part, nil
	}
	part.Chunks = make([]console.LogChunk, len(rows))
	for i, r := range rows {
		part.Chunks[i] = console.LogChunk{Seq: *r.Seq, At: *r.At.Time, Stream: orEmpty(r.Stream), Data: r.Data}
	}
	part.More = *last.Seq < *last.LastSeq || len(rows) == maxChunks
	return part, nil
}
