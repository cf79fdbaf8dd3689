package archive

import (
	"context"
	"database/sql"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxTerms is how many terms are looked through.
const maxTerms = 10_000

// RunsInHand gives the runs that workers had in hand in a window.
func (m moment) RunsInHand(ctx context.Context, from, to time.Time, limit int) ([]scheduler.Run, bool, error) {
	return m.windowOf(ctx, "runs_in_hand", from, to, limit)
}

// RunsScheduled gives the runs whose time lies in a window.
func (m moment) RunsScheduled(ctx context.Context, from, to time.Time, limit int) ([]scheduler.Run, bool, error) {
	return m.windowOf(ctx, "runs_scheduled", from, to, limit)
}

func (m moment) windowOf(ctx context.Context, query string, from, to time.Time, limit int) ([]scheduler.Run, bool, error) {
	r, err := m.reach(ctx, console.RunFilter{}, console.Cursor{})
	if err != nil || r.empty() {
		return nil, false, err
	}
	if query == "runs_in_hand" && m.past && to.After(m.at) {
		to = m.at.Add(time.Microsecond) // what started later had not
	}
	values := args{"from": from.UnixMicro(), "to": to.UnixMicro(), "high": r.high, "page": limit + 1, "running": m.words.id(string(scheduler.Running))}
	runs, err := collect(ctx, m.Archive, query, nil, values, m.scanWindow)
	return runs[:min(limit, len(runs))], len(runs) > limit, err
}

func (m moment) scanWindow(rows *sql.Rows) (scheduler.Run, error) {
	var r scheduler.Run
	var state, worker int64
	var due, assigned, started, finished instant
	var created, updated required
	err := rows.Scan(&r.ID, &r.JobID, &r.JobName, &state, &worker, &r.Attempt, &r.Version, &r.LeaderEpoch, &due, &assigned, &started, &finished,
		&r.IdempotencyKey, &created, &updated)
	r.State, r.AssignedWorker = scheduler.RunState(m.words.texts[state]), m.words.texts[worker]
	r.ScheduledFor, r.AssignedAt, r.StartedAt, r.FinishedAt = due.Time, assigned.Time, started.Time, finished.Time
	r.CreatedAt, r.UpdatedAt = created.Time, updated.Time
	return m.then(r), err
}

// Terms gives who led when. Where no node recorded it, it is inferred from the runs that leaders assigned.
func (m moment) Terms(ctx context.Context, from, to time.Time) (terms []console.Term, recorded bool, err error) {
	query := "terms_inferred"
	if recorded = !m.absent("term"); recorded {
		query = "terms"
	}
	var next *time.Time
	err = m.each(ctx, query, nil, args{"at": m.at.UnixMicro(), "page": maxTerms}, func(rows *sql.Rows) error {
		t := console.Term{Until: next}
		var since required
		if err := rows.Scan(&t.Epoch, &t.WorkerID, &since); err != nil {
			return err
		}
		t.Since, next = since.Time, &since.Time
		if t.Since.Before(to) && (t.Until == nil || t.Until.After(from)) {
			terms = append([]console.Term{t}, terms...)
		}
		return nil
	})
	return terms, recorded, err
}
