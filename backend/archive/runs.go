package archive

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// listedError is how many characters of an error a list of runs carries; Run gives the whole.
const listedError = 2000

// ListRuns finds a page. The list's order is that of the places, so that a page costs the same everywhere.
func (m moment) ListRuns(ctx context.Context, f console.RunFilter, cursor console.Cursor, size int) ([]scheduler.Run, bool, error) {
	r, err := m.reach(ctx, f, cursor)
	if err != nil || r.empty() {
		return nil, false, err
	}
	logs, err := m.planLogs(ctx, f, r)
	if err != nil {
		return nil, false, err
	}
	var found []placed
	more := false
	if f.LogText != "" && logs == nil {
		found, more, err = m.search(ctx, f, r, cursor.Newer, size+1)
	} else {
		found, err = m.page(ctx, f, r, logs, cursor.Newer, size+1)
	}
	if err != nil {
		return nil, false, err
	}
	if len(found) > size {
		more = true
		if cursor.Newer {
			found = found[len(found)-size:] // rows stand newest first; those too many are the farthest from the cursor
		} else {
			found = found[:size]
		}
	}
	runs := make([]scheduler.Run, len(found))
	for i, p := range found {
		runs[i] = m.then(p.run)
	}
	return runs, more, nil
}

// page gives up to some runs of a range of places, newest first, from one of its ends on.
func (m moment) page(ctx context.Context, f console.RunFilter, r reach, logs *logPlan, newer bool, size int) ([]placed, error) {
	queries, values, err := m.questions(ctx, f, r, logs)
	if err != nil {
		return nil, err
	}
	var found []placed
	for i, q := range queries {
		if newer {
			q.Order = "asc"
		}
		find := m.pageOf
		if q.Way == "log" {
			find = m.pageByLog
		}
		rows, err := find(ctx, q, values[i], size)
		if err != nil {
			return nil, err
		}
		found = append(found, rows...)
	}
	if len(queries) > 1 {
		slices.SortFunc(found, func(a, b placed) int { return cmp.Compare(b.n, a.n) })
	}
	return found, nil
}

func (m moment) pageOf(ctx context.Context, q runQuery, values args, size int) ([]placed, error) {
	return collect(ctx, m.Archive, "runs", q, values.with("page", size), m.scanRun)
}

// reach gives the places that a filter's time range and a cursor leave.
func (m moment) reach(ctx context.Context, f console.RunFilter, cursor console.Cursor) (reach, error) {
	r := reach{1, m.last}
	bound := func(at time.Time, id int64) (int64, error) { return m.placeOf(ctx, at, id) }
	if m.past { // what was created later is not there yet
		n, err := bound(m.at, math.MaxInt64)
		if err != nil {
			return r, err
		}
		r.high = min(r.high, n-1)
	}
	if f.CreatedFrom != nil {
		n, err := bound(*f.CreatedFrom, math.MinInt64)
		if err != nil {
			return r, err
		}
		r.low = max(r.low, n)
	}
	if f.CreatedBefore != nil {
		n, err := bound(*f.CreatedBefore, math.MinInt64)
		if err != nil {
			return r, err
		}
		r.high = min(r.high, n-1)
	}
	if cursor.IsTop() {
		return r, nil
	}
	n, err := bound(cursor.CreatedAt, cursor.ID)
	if err != nil {
		return r, err
	}
	if !cursor.Newer {
		r.high = min(r.high, n-1)
		return r, nil
	}
	if n <= m.last { // the run at the cursor itself does not follow it
		at, id, err := m.runAt(ctx, n)
		if err != nil {
			return r, err
		}
		if at.Equal(cursor.CreatedAt) && id == cursor.ID {
			n++
		}
	}
	r.low = max(r.low, n)
	return r, nil
}

// placeOf gives the place of the first run that stands at (at, id) or after it, found by halving: the list needs no index.
func (a *Archive) placeOf(ctx context.Context, at time.Time, id int64) (int64, error) {
	low, high := int64(1), a.last+1
	for low < high {
		middle := low + (high-low)/2
		created, run, err := a.runAt(ctx, middle)
		if err != nil {
			return 0, err
		}
		if created.Before(at) || created.Equal(at) && run < id {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

func (a *Archive) runAt(ctx context.Context, n int64) (created time.Time, id int64, err error) {
	found := false
	err = a.each(ctx, "run_place", nil, args{"n": n}, func(rows *sql.Rows) error {
		var at required
		found = true
		err := rows.Scan(&at, &id)
		created = at.Time
		return err
	})
	if err == nil && !found {
		err = a.explain(errHole)
	}
	return created, id, err
}

// epochReach gives the places of the runs that the leader of an epoch assigned.
func (a *Archive) epochReach(ctx context.Context, epoch int64) (reach, error) {
	r := reach{1, 0}
	err := a.each(ctx, "epoch", nil, args{"epoch": epoch}, func(rows *sql.Rows) error { return rows.Scan(&r.low, &r.high) })
	return r, err
}

// CountRuns counts matching runs, but stops at limit, or after a second.
func (m moment) CountRuns(ctx context.Context, f console.RunFilter, limit int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, countDeadline)
	defer cancel()
	r, err := m.reach(ctx, f, console.Cursor{})
	if err != nil || r.empty() {
		return 0, err
	}
	if !m.past && onlyByTime(f) {
		return int(min(r.high-r.low+1, int64(limit))), nil
	}
	logs, err := m.planLogs(ctx, f, r)
	if err != nil {
		return 0, err
	}
	queries, values, err := m.questions(ctx, f, r, logs)
	total := 0
	for i, q := range queries {
		rows, err := collect(ctx, m.Archive, "runs_count", q, values[i].with("page", limit-total), scanCount)
		if err != nil {
			return 0, err
		}
		if total += int(rows[0]); total >= limit {
			break
		}
	}
	return total, err
}

func scanCount(rows *sql.Rows) (n int64, err error) { return n, rows.Scan(&n) }

// onlyByTime tells whether a filter asks for nothing but a time range, so that everything in it matches.
func onlyByTime(f console.RunFilter) bool {
	return len(f.States) == 0 && f.JobID == 0 && f.WorkerID == "" && f.Epoch == nil && f.MinDuration == 0 && f.MaxDuration == 0 &&
		f.MinAttempt == 0 && f.LaterThan == 0 && f.ErrorText == "" && f.LogText == ""
}

// EstimateRuns gives how many runs match at the most, from the tables of totals.
func (m moment) EstimateRuns(ctx context.Context, f console.RunFilter) (int64, error) {
	r, err := m.reach(ctx, f, console.Cursor{})
	if err != nil || r.empty() {
		return 0, err
	}
	guess := r.high - r.low + 1
	from, before := m.window(f)
	if len(f.States) > 0 {
		var n int64
		err := m.each(ctx, "states_total", nil, args{"from": from - int64(halfHour/time.Microsecond), "before": before}, func(rows *sql.Rows) error {
			var state, runs int64
			err := rows.Scan(&state, &runs)
			if slices.Contains(f.States, scheduler.RunState(m.words.texts[state])) {
				n += runs
			}
			return err
		})
		if err != nil {
			return 0, err
		}
		guess = min(guess, n)
	}
	if f.JobID != 0 {
		oneDay := int64(day / time.Microsecond)
		n, err := collect(ctx, m.Archive, "job_total", nil, args{"from": from - oneDay, "before": before, "job": int64(f.JobID)}, scanCount)
		if err != nil {
			return 0, err
		}
		guess = min(guess, n[0])
	}
	return guess, nil
}

// window is a filter's time range in microseconds.
func (m moment) window(f console.RunFilter) (from, before int64) {
	from, before = math.MinInt64/2, m.at.UnixMicro()+1
	if f.CreatedFrom != nil {
		from = f.CreatedFrom.UnixMicro()
	}
	if f.CreatedBefore != nil {
		before = min(before, f.CreatedBefore.UnixMicro())
	}
	return from, before
}

// Run gives one run with its whole error and its own arguments.
func (m moment) Run(ctx context.Context, id scheduler.RunID) (scheduler.Run, error) {
	found, err := collect(ctx, m.Archive, "run", nil, args{"id": int64(id), "error_limit": math.MaxInt32}, m.scanRun)
	if err != nil {
		return scheduler.Run{}, err
	}
	if len(found) == 0 || m.past && found[0].run.CreatedAt.After(m.at) {
		return scheduler.Run{}, scheduler.Errorf(scheduler.NotFound, "runs.not_found", "There is no run %d.", id).
			With("run", strconv.FormatInt(int64(id), 10))
	}
	run := m.then(found[0].run)
	err = m.each(ctx, "run_args", nil, args{"id": int64(id)}, func(rows *sql.Rows) error {
		var own document
		err := rows.Scan(&own)
		run.Args = own.RawMessage
		return err
	})
	return run, err
}

// Attempts gives what nodes recorded of a run.
func (m moment) Attempts(ctx context.Context, id scheduler.RunID) ([]scheduler.Attempt, error) {
	all, err := collect(ctx, m.Archive, "attempts", nil, args{"id": int64(id)}, func(rows *sql.Rows) (scheduler.Attempt, error) {
		var t scheduler.Attempt
		var started required
		var end instant
		err := rows.Scan(&t.Number, &t.WorkerID, &t.LeaderEpoch, &started, &end, &t.Outcome, &t.ExitCode, &t.Note, &t.LogRef, &t.LogGone)
		t.StartedAt, t.EndedAt = started.Time, end.Time
		return t, err
	})
	if !m.past {
		return all, err
	}
	all = slices.DeleteFunc(all, func(t scheduler.Attempt) bool { return t.StartedAt.After(m.at) })
	for i, t := range all {
		if t.EndedAt != nil && t.EndedAt.After(m.at) {
			all[i].EndedAt, all[i].Outcome, all[i].ExitCode, all[i].Note = nil, "", nil, ""
		}
	}
	return all, err
}
