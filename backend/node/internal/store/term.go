package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
)

// Term is one leader's time in office. An epoch belongs to one worker for ever.
type Term struct {
	Epoch    int64
	WorkerID string
}

// ErrTermOver says that another term has begun: nothing was written, and this leader must step down.
var ErrTermOver = errors.New("another leader's term has begun")

// EnterTerm makes term the current one. With fresh it must be above every epoch that a worker could have seen; a
// worker that found its own lock after a restart may go on with the term that is recorded as its own. Otherwise
// entered is false, and the caller raises its epoch above floor and tries again.
func (s *Store) EnterTerm(ctx context.Context, term Term, fresh bool, now time.Time) (entered bool, floor int64, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var current Term
		if err := tx.QueryRow(ctx, s.sql["term_lock"]).Scan(&current.Epoch, &current.WorkerID); err != nil {
			return err
		}
		if current == term && !fresh {
			entered = true
			return nil
		}
		var used int64
		if err := tx.QueryRow(ctx, s.sql["term_floor"]).Scan(&used); err != nil {
			return err
		}
		floor = max(current.Epoch, used)
		if !fresh || term.Epoch <= floor {
			return nil
		}
		entered = true
		_, err := tx.Exec(ctx, s.sql["term_begin"],
			pgx.StrictNamedArgs{"epoch": term.Epoch, "worker_id": term.WorkerID, "now": now})
		return err
	})
	return entered && err == nil, max(floor, term.Epoch), err
}

// InTerm runs write in one transaction that commits only while term is the current one. The error is [ErrTermOver]
// when it is not.
func (s *Store) InTerm(ctx context.Context, term Term, write func(*LeaderTx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var now time.Time
		err := tx.QueryRow(ctx, s.sql["term_fence"],
			pgx.StrictNamedArgs{"epoch": term.Epoch, "worker_id": term.WorkerID}).Scan(&now)
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrTermOver
		}
		if err != nil {
			return err
		}
		return write(&LeaderTx{tx: tx, sql: s.sql, epoch: term.Epoch, now: now})
	})
}
