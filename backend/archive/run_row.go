package archive

import (
	"database/sql"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// instant reads a time; null is none.
type instant struct{ *time.Time }

// Scan takes microseconds.
func (i *instant) Scan(value any) error {
	var n sql.NullInt64
	if err := n.Scan(value); err != nil {
		return err
	}
	i.Time = nil
	if n.Valid {
		at := timeOf(n.Int64)
		i.Time = &at
	}
	return nil
}

// The times that RFC 3339 can write. Files may hold any number.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

func timeOf(micros int64) time.Time {
	at := time.UnixMicro(micros).UTC()
	switch {
	case at.After(latest):
		return latest
	case at.Before(earliest):
		return earliest
	}
	return at
}

// required reads a time that is always there.
type required struct{ time.Time }

// Scan takes microseconds.
func (r *required) Scan(value any) error {
	var n int64
	if err := convert(&n, value); err != nil {
		return err
	}
	r.Time = timeOf(n)
	return nil
}

func convert(into *int64, value any) error {
	var n sql.NullInt64
	err := n.Scan(value)
	*into = n.Int64
	return err
}

// document reads JSON; what is none is masked as a whole further up.
type document struct{ json.RawMessage }

// Scan takes a text or null.
func (d *document) Scan(value any) error {
	var s sql.NullString
	if err := s.Scan(value); err != nil {
		return err
	}
	d.RawMessage = nil
	if s.Valid {
		d.RawMessage = json.RawMessage(s.String)
	}
	return nil
}

// placed is a run and its place on the list.
type placed struct {
	n   int64
	run scheduler.Run
}

// scanRun reads a run as run_columns.sql has it.
func (a *Archive) scanRun(rows *sql.Rows) (placed, error) { return a.scanPlaced(rows) }

// scanPlaced reads what stands before a run, and the run.
func (a *Archive) scanPlaced(rows *sql.Rows, before ...any) (placed, error) {
	var p placed
	r := &p.run
	var worker, state, continuation int64
	var due, assigned, started, finished, since, until instant
	var created, updated required
	err := rows.Scan(append(before, &p.n, &r.ID, &r.JobID, &r.JobName, &r.Command, &due, &assigned, &worker, &state, &r.Attempt, &r.Version, &r.LeaderEpoch,
		&started, &finished, &r.ExitCode, &r.ErrorSummary, &r.LogRef, &r.IdempotencyKey, &r.CPUSeconds, &r.PeakRSSBytes, &r.IOReadBytes,
		&r.IOWriteBytes, &continuation, &since, &until, &created, &updated)...)
	r.ScheduledFor, r.AssignedAt, r.StartedAt, r.FinishedAt = due.Time, assigned.Time, started.Time, finished.Time
	r.ConfirmingSince, r.ConfirmingDeadlineAt = since.Time, until.Time
	r.CreatedAt, r.UpdatedAt = created.Time, updated.Time
	r.AssignedWorker, r.State = a.words.texts[worker], scheduler.RunState(a.words.texts[state])
	r.Continuation = scheduler.ContinuationState(a.words.texts[continuation])
	return p, err
}

// ended is when a run ended; nil while it is open.
func ended(r scheduler.Run) *time.Time {
	if r.FinishedAt == nil && r.State.Final() {
		return &r.UpdatedAt
	}
	return r.FinishedAt
}

// then gives a run as it was at the moment: what came later had not happened yet.
func (m moment) then(r scheduler.Run) scheduler.Run {
	if !m.past {
		return r
	}
	before := func(t *time.Time) bool { return t != nil && !t.After(m.at) }
	if end := ended(r); before(end) {
		return r
	}
	r.FinishedAt, r.ExitCode, r.ErrorSummary = nil, nil, ""
	r.CPUSeconds, r.PeakRSSBytes, r.IOReadBytes, r.IOWriteBytes = nil, nil, nil, nil
	switch {
	case before(r.StartedAt):
		r.State = scheduler.Running
	case before(r.AssignedAt):
		r.State, r.StartedAt, r.LogRef = scheduler.Assigned, nil, ""
	default:
		r.State, r.StartedAt, r.LogRef = scheduler.Pending, nil, ""
		r.AssignedAt, r.AssignedWorker, r.LeaderEpoch = nil, "", nil
	}
	if !before(r.ConfirmingSince) || r.State != scheduler.Running {
		r.Continuation, r.ConfirmingSince, r.ConfirmingDeadlineAt = scheduler.NotConfirming, nil, nil
	}
	if r.UpdatedAt.After(m.at) {
		r.UpdatedAt = m.at
	}
	return r
}

var _ console.RunStore = moment{}
