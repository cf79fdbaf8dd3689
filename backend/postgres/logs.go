package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxChunks bounds a page of a log that was written in tiny pieces.
const maxChunks = 2000

type chunkRow struct {
	Seq     int64    `db:"seq"`
	At      listTime `db:"at"`
	Stream  string   `db:"stream"`
	Data    []byte   `db:"data"`
	LastSeq int64    `db:"last_seq"`
}

// LogChunks gives the next part of a log that nodes keep in the database; nothing where they keep none.
func (s *Store) LogChunks(ctx context.Context, run scheduler.RunID, attempt int, after int64, maxBytes int) ([]console.LogChunk, bool, error) {
	var rows []chunkRow
	args := pgx.StrictNamedArgs{
		"run_id": int64(run), "attempt": attempt, "after": after, "max_bytes": maxBytes, "max_chunks": maxChunks,
	}
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		if !factsOf(conn).Logs {
			return nil
		}
		var err error
		rows, err = collect[chunkRow](ctx, conn, sql.logChunks, args)
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, false, err
	}
	chunks := make([]console.LogChunk, len(rows))
	for i, r := range rows {
		chunks[i] = console.LogChunk{Seq: r.Seq, At: r.At.Time, Stream: r.Stream, Data: r.Data}
	}
	last := rows[len(rows)-1]
	return chunks, last.Seq < last.LastSeq || len(rows) == maxChunks, nil
}
