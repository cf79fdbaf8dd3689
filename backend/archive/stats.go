package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// newestShown is how many failures and late runs an activity names.
const newestShown = 10

// lateAfter is the limit that the totals of late runs were made with.
const lateAfter = console.LateAfter

// openRuns gives every run that is open at the moment, with its worker.
func (m moment) openRuns(ctx context.Context) ([]scheduler.Run, error) {
	r, err := m.reach(ctx, console.RunFilter{}, console.Cursor{})
	if err != nil || r.empty() {
		return nil, err
	}
	q := runQuery{Final: m.finalIDs()}
	return collect(ctx, m.Archive, "open_runs", q, args{"at": m.at.UnixMicro(), "high": r.high}, func(rows *sql.Rows) (scheduler.Run, error) {
		var r scheduler.Run
		var state, worker int64
		var due, assigned, started, finished instant
		var created, updated required
		err := rows.Scan(&r.ID, &state, &due, &assigned, &started, &finished, &created, &updated, &worker)
		r.State, r.ScheduledFor, r.AssignedAt = scheduler.RunState(m.words.texts[state]), due.Time, assigned.Time
		r.StartedAt, r.FinishedAt, r.CreatedAt, r.UpdatedAt = started.Time, finished.Time, created.Time, updated.Time
		r.AssignedWorker = m.words.texts[worker]
		return m.then(r), err
	})
}

// OpenRunsByWorker counts what each worker had to do.
func (m moment) OpenRunsByWorker(ctx context.Context) (map[string]console.OpenRuns, error) {
	runs, err := m.openRuns(ctx)
	open := map[string]console.OpenRuns{}
	for _, r := range runs {
		if r.AssignedWorker == "" {
			continue
		}
		o := open[r.AssignedWorker]
		switch r.State {
		case scheduler.Assigned:
			o.Assigned++
		case scheduler.Running:
			o.Running++
			o.RunningRun = max(o.RunningRun, r.ID)
		default:
			continue
		}
		open[r.AssignedWorker] = o
	}
	return open, err
}

// RunActivity aggregates a window: half hours that lie in it whole and were settled by then come from the archive's totals, the
// rest is counted.
func (m moment) RunActivity(ctx context.Context, from, to time.Time, bucket, late time.Duration) (console.RunActivity, error) {
	t := tally{m: m, from: from, bucket: bucket, late: late, states: map[stateKey]int{}, histogram: [2]histogram{{}, {}}}
	if err := t.window(ctx, from, to); err != nil {
		return console.RunActivity{}, err
	}
	open, err := m.openRuns(ctx)
	if err != nil {
		return console.RunActivity{}, err
	}
	activity := t.activity()
	for _, r := range open {
		activity.Open[r.State]++
	}
	filter := console.RunFilter{States: []scheduler.RunState{scheduler.Failed, scheduler.TimedOut}, CreatedFrom: &from, CreatedBefore: &to}
	if activity.FailedRuns > 0 {
		if activity.Failures, _, err = m.ListRuns(ctx, filter, console.Cursor{}, newestShown); err != nil {
			return activity, err
		}
	}
	if activity.LateRuns > 0 {
		filter = console.RunFilter{LaterThan: late, CreatedFrom: &from, CreatedBefore: &to}
		activity.Late, _, err = m.ListRuns(ctx, filter, console.Cursor{}, newestShown)
	}
	return activity, err
}

type stateKey struct {
	start time.Time
	state scheduler.RunState
}

// The kinds of histograms.
const (
	durations = 0
	delays    = 1
)

// tally counts the runs of a window.
type tally struct {
	m            moment
	from         time.Time
	bucket, late time.Duration
	states       map[stateKey]int
	lateRuns     int
	histogram    [2]histogram // by kind
}

type spanRow struct {
	start       time.Time
	first, last int64
	settled     bool
}

func (t *tally) window(ctx context.Context, from, to time.Time) error {
	r, err := t.m.reach(ctx, console.RunFilter{CreatedFrom: &from, CreatedBefore: &to}, console.Cursor{})
	if err != nil || r.empty() {
		return err
	}
	values := args{"from": from.UnixMicro(), "before": to.UnixMicro(), "at": t.m.at.UnixMicro()}
	spans, err := collect(ctx, t.m.Archive, "activity_spans", nil, values, func(rows *sql.Rows) (s spanRow, err error) {
		var start required
		err = rows.Scan(&start, &s.first, &s.last, &s.settled)
		s.start = start.Time
		return s, err
	})
	if err != nil {
		return err
	}
	whole := func(s spanRow) bool {
		ends := s.start.Add(halfHour)
		return !s.start.Before(from) && !ends.After(to) && (!t.m.past || s.settled && !ends.After(t.m.at)) &&
			t.late == lateAfter && t.bucket%halfHour == 0 && s.start.Sub(t.from)%halfHour == 0
	}
	for i := 0; i < len(spans); {
		k := i + 1
		for k < len(spans) && whole(spans[k]) == whole(spans[i]) {
			k++
		}
		if whole(spans[i]) {
			err = t.totals(ctx, spans[i].start, spans[k-1].start.Add(halfHour))
		} else {
			err = t.count(ctx, max(spans[i].first, r.low), min(spans[k-1].last, r.high))
		}
		if err != nil {
			return err
		}
		i = k
	}
	return nil
}

// totals adds whole half hours.
func (t *tally) totals(ctx context.Context, from, before time.Time) error {
	first, last := from.Add(day-time.Microsecond).Truncate(day), before.Truncate(day)
	if !first.Before(last) {
		return cmp.Or(t.addStates(ctx, false, from, before), t.addHistogram(ctx, false, from, before))
	}
	err := cmp.Or(t.addHistogram(ctx, false, from, first), t.addHistogram(ctx, true, first, last), t.addHistogram(ctx, false, last, before))
	if err != nil {
		return err
	}
	if t.m.version < 2 || t.bucket%day != 0 || first.Sub(t.from)%day != 0 { // a day would lie in two buckets
		return t.addStates(ctx, false, from, before)
	}
	return cmp.Or(t.addStates(ctx, false, from, first), t.addStates(ctx, true, first, last), t.addStates(ctx, false, last, before))
}

const day = 24 * time.Hour

// addStates adds the counts of whole half hours, or of whole days in UTC.
func (t *tally) addStates(ctx context.Context, days bool, from, before time.Time) error {
	values := args{"from": from.UnixMicro(), "before": before.UnixMicro()}
	return t.m.each(ctx, "activity_states", struct{ Days bool }{days}, values, func(rows *sql.Rows) error {
		var start required
		var state int64
		var runs, late int
		err := rows.Scan(&start, &state, &runs, &late)
		t.states[stateKey{t.bucketOf(start.Time), scheduler.RunState(t.m.words.texts[state])}] += runs
		t.lateRuns += late
		return err
	})
}

var errKind = errors.New("a histogram is of neither kind")

// addHistogram adds the steps of whole half hours, or of whole days in UTC.
func (t *tally) addHistogram(ctx context.Context, days bool, from, before time.Time) error {
	values := args{"from": from.UnixMicro(), "before": before.UnixMicro()}
	return t.m.each(ctx, "activity_histogram", struct{ Days bool }{days}, values, func(rows *sql.Rows) error {
		var kind, runs int
		var bucket int64
		if err := rows.Scan(&kind, &bucket, &runs); err != nil {
			return err
		}
		if kind != durations && kind != delays {
			return errKind
		}
		t.histogram[kind][bucket] += runs
		return nil
	})
}

// count adds the runs of a range of places one by one.
func (t *tally) count(ctx context.Context, low, high int64) error {
	return t.m.each(ctx, "activity_runs", nil, args{"low": low, "high": high}, func(rows *sql.Rows) error {
		r, err := t.m.scanOutcome(rows)
		if err != nil {
			return err
		}
		t.states[stateKey{t.bucketOf(r.CreatedAt), r.State}]++
		if waited := t.m.waitedUntil(r); waited != nil && r.ScheduledFor != nil && waited.After(r.ScheduledFor.Add(t.late)) {
			t.lateRuns++
		}
		if r.StartedAt == nil {
			return nil
		}
		ended := r.State == scheduler.Succeeded || r.State == scheduler.Failed || r.State == scheduler.TimedOut
		if ended && r.FinishedAt != nil && !r.FinishedAt.Before(*r.StartedAt) {
			t.histogram[durations][bucketOf(r.FinishedAt.Sub(*r.StartedAt))]++
		}
		if r.ScheduledFor != nil {
			t.histogram[delays][bucketOf(max(0, r.StartedAt.Sub(*r.ScheduledFor)))]++
		}
		return nil
	})
}

// waitedUntil is until when a run waited for its start; nil for one that never started and never will.
func (m moment) waitedUntil(r scheduler.Run) *time.Time {
	if r.StartedAt == nil && !r.State.Final() {
		return &m.at
	}
	return r.StartedAt
}

func (t *tally) bucketOf(created time.Time) time.Time {
	return t.from.Add(created.Sub(t.from) / t.bucket * t.bucket)
}

func (t *tally) activity() console.RunActivity {
	a := console.RunActivity{Open: map[scheduler.RunState]int{}, LateRuns: t.lateRuns, Duration: t.histogram[durations].percentiles(), StartDelay: t.histogram[delays].percentiles()}
	for k, n := range t.states {
		a.Buckets = append(a.Buckets, console.StateCount{Start: k.start, State: k.state, Runs: n})
		if k.state == scheduler.Failed || k.state == scheduler.TimedOut {
			a.FailedRuns += n
		}
	}
	slices.SortFunc(a.Buckets, func(x, y console.StateCount) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(x.State, y.State))
	})
	return a
}
