package store

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// OldLog is the log of an ended attempt whose time in the database is over.
type OldLog struct {
	Run      scheduler.RunID `db:"run_id"`
	Attempt  int             `db:"attempt"`
	WorkerID string          `db:"worker_id"`
	LogRef   string          `db:"log_ref"` // where it has been moved to already; "" = nowhere
	Wanted   bool            `db:"wanted"`  // false: its run has been deleted
}

func (o OldLog) args(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{"id": int64(o.Run), "attempt": o.Attempt}
	for name, value := range more {
		args[name] = value
	}
	return args
}

// ClaimLogs takes the oldest logs that are older than retention for so long: nobody else gets them meanwhile.
func (s *Store) ClaimLogs(ctx context.Context, retention, lease time.Duration, most int) ([]OldLog, error) {
	rows, err := s.pool.Query(ctx, s.sql["claim_logs"], pgx.StrictNamedArgs{"retention": retention, "lease": lease, "most": most})
	if err != nil {
		return nil, named("claim_logs", err)
	}
	logs, err := pgx.CollectRows(rows, pgx.RowToStructByName[OldLog])
	return logs, named("claim_logs", err)
}

// LogSize is how many bytes a log has.
func (s *Store) LogSize(ctx context.Context, o OldLog) (size int64, err error) {
	err = s.pool.QueryRow(ctx, s.sql["log_size"], o.args(nil)).Scan(&size)
	return size, named("log_size", err)
}

// LogReader reads a log from the database, some pieces at a time.
func (s *Store) LogReader(ctx context.Context, o OldLog) io.Reader {
	return &logReader{ctx: ctx, store: s, log: o}
}

type logReader struct {
	ctx   context.Context //nolint:containedctx // io.Reader has no other way
	store *Store
	log   OldLog
	after int64
	rest  [][]byte
}

func (r *logReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if err := r.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.rest[0])
	if r.rest[0] = r.rest[0][n:]; len(r.rest[0]) == 0 {
		r.rest = r.rest[1:]
	}
	return n, nil
}

func (r *logReader) more() error {
	rows, err := r.store.pool.Query(r.ctx, r.store.sql["log_pieces"], r.log.args(pgx.StrictNamedArgs{"after": r.after}))
	if err != nil {
		return named("log_pieces", err)
	}
	found := false
	var chunk []byte
	_, err = pgx.ForEachRow(rows, []any{&r.after, &chunk}, func() error {
		found = true
		if len(chunk) > 0 {
			r.rest = append(r.rest, chunk)
		}
		chunk = nil
		return nil
	})
	if err == nil && !found {
		return io.EOF
	}
	return named("log_pieces", err)
}

// LogMoved notes where a log is now. The database still has its text.
func (s *Store) LogMoved(ctx context.Context, o OldLog, logRef string) error {
	former := Attempt{Run: o.Run, Number: o.Attempt}.LogRef()
	_, err := s.pool.Exec(ctx, s.sql["log_moved"], o.args(pgx.StrictNamedArgs{"log_ref": logRef, "former": former}))
	return named("log_moved", err)
}

// deletedAtOnce is how many pieces, of at most 64 KiB each, one statement deletes.
const deletedAtOnce = 200

// DeleteLog takes a log out of the database, in small steps that hold nobody up.
func (s *Store) DeleteLog(ctx context.Context, o OldLog) error {
	for {
		tag, err := s.pool.Exec(ctx, s.sql["delete_log"], o.args(pgx.StrictNamedArgs{"most": deletedAtOnce}))
		if err != nil {
			return named("delete_log", err)
		}
		if tag.RowsAffected() < deletedAtOnce {
			break
		}
	}
	_, err := s.pool.Exec(ctx, s.sql["log_gone"], o.args(nil))
	return named("log_gone", err)
}

// RetryLog leaves a log alone for a while.
func (s *Store) RetryLog(ctx context.Context, o OldLog, wait time.Duration) error {
	_, err := s.pool.Exec(ctx, s.sql["log_retry"], o.args(pgx.StrictNamedArgs{"wait": wait}))
	if errors.Is(err, context.Canceled) {
		return nil // the claim runs out by itself
	}
	return named("log_retry", err)
}
