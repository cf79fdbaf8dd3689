package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Hold is what a worker learns about an attempt that is still its own.
type Hold struct {
	Doubted bool
	Left    time.Duration // until another may have the run, if it is doubted; may be negative
}

// Held asks about an attempt. The error is [ErrNotYours] when its run was canceled, lost or given to another.
func (s *Store) Held(ctx context.Context, a Attempt) (Hold, error) {
	var hold Hold
	var seconds float64
	err := s.pool.QueryRow(ctx, s.sql["held"], a.args()).Scan(&hold.Doubted, &seconds)
	if errors.Is(err, pgx.ErrNoRows) {
		return hold, ErrNotYours
	}
	hold.Left = time.Duration(seconds * float64(time.Second))
	return hold, named("held", err)
}

// DoubtOwn marks the attempt's run as CONFIRMING for its grace, or leaves an older doubt as it is.
func (s *Store) DoubtOwn(ctx context.Context, a Attempt) error {
	args := a.args()
	args["grace"] = a.Grace
	_, err := s.pool.Exec(ctx, s.sql["doubt_own"], args)
	return named("doubt_own", err)
}

// TrustOwn ends the doubt about the attempt's run, unless its deadline is over.
func (s *Store) TrustOwn(ctx context.Context, a Attempt) error {
	_, err := s.pool.Exec(ctx, s.sql["trust_own"], a.args())
	return named("trust_own", err)
}

// HandOver gives the attempt's run back to the leader, for another attempt. Its command must have ended. When the run
// was taken away in between the error is [ErrNotYours].
func (s *Store) HandOver(ctx context.Context, a Attempt, end Ending) error {
	args := a.args()
	args["note"], args["exit_code"] = end.Summary, end.ExitCode
	var given bool
	err := s.pool.QueryRow(ctx, s.sql["hand_over"], args).Scan(&given)
	if err == nil && !given {
		return ErrNotYours
	}
	return named("hand_over", err)
}

func (a Attempt) args() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{
		"id": int64(a.Run), "worker_id": a.WorkerID, "attempt": a.Number, "assigned_in": a.AssignedIn,
	}
}

// continuation is what [Store.MayContinue] decides by.
type continuation struct {
	State    scheduler.RunState `db:"state"`
	WorkerID string             `db:"worker_id"`
	Epoch    int64              `db:"epoch"`
	Expired  bool               `db:"expired"`
}

// MayContinue decides whether a worker may go on with a run that it took in hand under an epoch: "" means that it may,
// anything else is why not.
func (s *Store) MayContinue(ctx context.Context, run scheduler.RunID, worker string, epoch int64) (why string, err error) {
	rows, err := s.pool.Query(ctx, s.sql["may_continue"], pgx.StrictNamedArgs{"id": int64(run)})
	if err != nil {
		return "", named("may_continue", err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[continuation])
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "there is no such run", nil
	case err != nil:
		return "", named("may_continue", err)
	case r.State != scheduler.Running:
		return fmt.Sprintf("the run is %s", r.State), nil
	case r.WorkerID != worker:
		return fmt.Sprintf("the run is worker %s's", r.WorkerID), nil
	case r.Epoch > epoch:
		return fmt.Sprintf("the run was given out again in epoch %d", r.Epoch), nil
	case r.Expired:
		return "the time to confirm the run is over", nil
	}
	return "", nil
}
