package archive

import (
	"context"
	"database/sql"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// How much of an error tells its cause, in characters from both ends.
const (
	errorHead = 1000
	errorTail = 600
)

// EachFailure hands over the failures of a window, newest first.
func (m moment) EachFailure(ctx context.Context, from, to time.Time, limit int, each func(console.FailedRun)) error {
	r, err := m.reach(ctx, console.RunFilter{}, console.Cursor{})
	if err != nil {
		return err
	}
	var due reach
	values := args{"from": from.UnixMicro(), "to": to.UnixMicro(), "page": limit, "head": errorHead, "tail": errorTail, "at": m.at.UnixMicro(),
		"failed": m.words.id(string(scheduler.Failed)), "timed_out": m.words.id(string(scheduler.TimedOut))}
	if err := m.each(ctx, "due_places", nil, values, func(rows *sql.Rows) error { return rows.Scan(&due.low, &due.high) }); err != nil {
		return err
	}
	values["low"], values["high"] = max(r.low, due.low), min(r.high, due.high)
	return m.each(ctx, "failures", runQuery{Final: m.finalIDs()}, values, func(rows *sql.Rows) error {
		var f console.FailedRun
		var state int64
		var at, created required
		err := rows.Scan(&f.ID, &f.JobID, &f.JobName, &state, &f.ExitCode, &at, &created, &f.Head, &f.Tail)
		f.State, f.Due, f.CreatedAt = scheduler.RunState(m.words.texts[state]), at.Time, created.Time
		if err == nil {
			each(f)
		}
		return err
	})
}
