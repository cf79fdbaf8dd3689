package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ErrNotYours says that a run is not, or no longer, in this worker's hand: nothing was written.
var ErrNotYours = errors.New("the run is not this worker's")

// Attempt names one try at a run by one worker.
type Attempt struct {
	Run      scheduler.RunID
	Number   int
	WorkerID string
	// Grace is how long the run stays this worker's after it was first doubted, at least.
	Grace time.Duration
	// AssignedIn is the epoch that the run was assigned in. The end of the attempt requires the same.
	AssignedIn *int64
}

// LogRef is the log_ref of a run whose log is in the database.
func (a Attempt) LogRef() string { return fmt.Sprintf("db:%d/%d", a.Run, a.Number) }

// StartRun takes an assigned run in hand for a leader of requestEpoch, and tells in which epoch it was assigned. The
// error is [ErrNotYours] when the run is not assigned to this worker, or a newer leader has touched it.
func (s *Store) StartRun(ctx context.Context, a Attempt, requestEpoch int64) (assignedIn *int64, err error) {
	err = s.pool.QueryRow(ctx, s.sql["start_run"], pgx.StrictNamedArgs{
		"id": int64(a.Run), "attempt": a.Number, "worker_id": a.WorkerID, "request_epoch": requestEpoch,
		"log_ref": a.LogRef(), "grace": a.Grace,
	}).Scan(&assignedIn)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotYours
	}
	return assignedIn, named("start_run", err)
}

// Ending is how an attempt ended. Nil figures are unknown.
type Ending struct {
	State        scheduler.RunState
	At           time.Time
	ExitCode     *int
	Summary      string
	CPUSeconds   *float64
	PeakRSSBytes *int64
	IOReadBytes  *int64
	IOWriteBytes *int64
}

// lockedRun is what FinishRun compares.
type lockedRun struct {
	State      scheduler.RunState `db:"state"`
	Version    int                `db:"version"`
	WorkerID   string             `db:"assigned_worker_id"`
	Attempt    int                `db:"attempt"`
	AssignedIn *int64             `db:"leader_epoch"`
}

func (r lockedRun) heldBy(a Attempt) bool {
	sameEpoch := (r.AssignedIn == nil) == (a.AssignedIn == nil) && (r.AssignedIn == nil || *r.AssignedIn == *a.AssignedIn)
	return r.State == scheduler.Running && r.WorkerID == a.WorkerID && r.Attempt == a.Number && sameEpoch
}

// FinishRun writes the end of an attempt and of its run. When the run was taken away in between only the attempt's own
// row is completed, and the error is [ErrNotYours].
func (s *Store) FinishRun(ctx context.Context, a Attempt, end Ending) error {
	taken := false
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// The run is locked before its attempt: the leader takes the two in the same order.
		rows, err := tx.Query(ctx, s.sql["lock_run"], pgx.StrictNamedArgs{"id": int64(a.Run)})
		if err != nil {
			return named("lock_run", err)
		}
		run, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lockedRun])
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return named("lock_run", err)
		}
		taken = err != nil || !run.heldBy(a)
		if err := finishAttempt(ctx, tx, s.sql["finish_attempt"], a, end); err != nil || taken {
			return err
		}
		_, err = tx.Exec(ctx, s.sql["finish_run"], pgx.StrictNamedArgs{
			"id": int64(a.Run), "version": run.Version, "state": string(end.State), "ago": time.Since(end.At),
			"exit_code": end.ExitCode, "error_summary": end.Summary, "cpu_seconds": end.CPUSeconds,
			"peak_rss_bytes": end.PeakRSSBytes, "io_read_bytes": end.IOReadBytes, "io_write_bytes": end.IOWriteBytes,
		})
		return named("finish_run", err)
	})
	if err == nil && taken {
		return ErrNotYours
	}
	return err
}

func finishAttempt(ctx context.Context, tx pgx.Tx, sql string, a Attempt, end Ending) error {
	_, err := tx.Exec(ctx, sql, pgx.StrictNamedArgs{
		"id": int64(a.Run), "attempt": a.Number, "worker_id": a.WorkerID, "state": string(end.State),
		"ago": time.Since(end.At), "exit_code": end.ExitCode, "note": end.Summary,
	})
	return named("finish_attempt", err)
}

// LogPiece is output of one stream, at most as much as one flush holds. Seq counts from 1 within an attempt.
type LogPiece struct {
	Seq    int64
	At     time.Time
	Stream string
	Chunk  []byte
}

// AppendLog keeps output. It may be repeated with the same pieces.
func (s *Store) AppendLog(ctx context.Context, a Attempt, pieces []LogPiece) error {
	seqs := make([]int64, len(pieces))
	agos := make([]time.Duration, len(pieces))
	streams := make([]string, len(pieces))
	chunks := make([][]byte, len(pieces))
	for i, p := range pieces {
		seqs[i], agos[i], streams[i], chunks[i] = p.Seq, time.Since(p.At), p.Stream, p.Chunk
	}
	_, err := s.pool.Exec(ctx, s.sql["append_log"], pgx.StrictNamedArgs{
		"id": int64(a.Run), "attempt": a.Number, "seqs": seqs, "agos": agos, "streams": streams, "chunks": chunks,
	})
	return named("append_log", err)
}
