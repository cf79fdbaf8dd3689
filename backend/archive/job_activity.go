package archive

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobActivity counts the runs created in [from, to) by job.
func (m moment) JobActivity(ctx context.Context, from, to time.Time) ([]console.JobActivity, error) {
	r, err := m.reach(ctx, console.RunFilter{CreatedFrom: &from, CreatedBefore: &to}, console.Cursor{})
	if err != nil || r.empty() {
		return nil, err
	}
	jobs, err := m.jobs(ctx)
	if err != nil {
		return nil, err
	}
	tallies := jobTallies{m: m, of: map[scheduler.JobID]*jobTally{}}
	if m.version >= 2 && !m.past && r == (reach{1, m.last}) {
		err = tallies.totals(ctx)
	} else {
		err = tallies.count(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	return tallies.named(jobs), nil
}

// jobTallies count the runs of every job.
type jobTallies struct {
	m  moment
	of map[scheduler.JobID]*jobTally
}

type jobTally struct {
	states map[scheduler.RunState]int
	steps  histogram
}

func (t jobTallies) tally(id scheduler.JobID) *jobTally {
	if t.of[id] == nil {
		t.of[id] = &jobTally{states: map[scheduler.RunState]int{}, steps: histogram{}}
	}
	return t.of[id]
}

// totals adds all runs of the archive from its totals.
func (t jobTallies) totals(ctx context.Context) error {
	err := t.m.each(ctx, "job_states", nil, nil, func(rows *sql.Rows) error {
		var id scheduler.JobID
		var state int64
		var runs int
		err := rows.Scan(&id, &state, &runs)
		t.tally(id).states[t.stateOf(state)] += runs
		return err
	})
	if err != nil {
		return err
	}
	return t.m.each(ctx, "job_steps", nil, nil, func(rows *sql.Rows) error {
		var id scheduler.JobID
		var step int64
		var runs int
		err := rows.Scan(&id, &step, &runs)
		t.tally(id).steps[step] += runs
		return err
	})
}

// count adds the runs of a range of places.
func (t jobTallies) count(ctx context.Context, r reach) error {
	q := runQuery{Past: t.m.past, Final: t.m.finalIDs()}
	return t.m.each(ctx, "job_activity", q, args{"low": r.low, "high": r.high, "at": t.m.at.UnixMicro()}, func(rows *sql.Rows) error {
		var id scheduler.JobID
		var state any
		var step sql.NullInt64
		var runs int
		if err := rows.Scan(&id, &state, &step, &runs); err != nil {
			return err
		}
		job := t.tally(id)
		job.states[t.stateOf(state)] += runs
		if step.Valid {
			job.steps[step.Int64] += runs
		}
		return nil
	})
}

// stateOf reads a state, which is a word but where it was inferred for a moment.
func (t jobTallies) stateOf(value any) scheduler.RunState {
	if text, ok := value.(string); ok {
		return scheduler.RunState(text)
	}
	id, _ := value.(int64)
	return scheduler.RunState(t.m.words.texts[id])
}

// named gives the counts with the names that jobs had, by name.
func (t jobTallies) named(jobs []scheduler.Job) []console.JobActivity {
	names := make(map[scheduler.JobID]string, len(jobs))
	for _, j := range jobs {
		names[j.ID] = j.Name
	}
	list := make([]console.JobActivity, 0, len(t.of))
	for id, job := range t.of {
		list = append(list, console.JobActivity{JobID: id, JobName: names[id], States: job.states, Duration: job.steps.percentiles()})
	}
	slices.SortFunc(list, func(a, b console.JobActivity) int {
		return cmp.Or(cmp.Compare(a.JobName, b.JobName), cmp.Compare(a.JobID, b.JobID))
	})
	return list
}
