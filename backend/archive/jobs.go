package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxJobs is the most jobs that are read.
const maxJobs = 100_000

// jobs gives the definitions as they were at the moment, by name: as somebody saw them then, or with what the audit says was
// changed since taken back.
func (m moment) jobs(ctx context.Context) ([]scheduler.Job, error) {
	if m.past {
		seen, basis, err := sample.JobsAt(ctx, m.db, m.at)
		if err != nil || basis.Known {
			return seen, m.explain(err)
		}
	}
	jobs, err := collect(ctx, m.Archive, "jobs", nil, args{"page": maxJobs}, scanJob)
	if err != nil || !m.past {
		return jobs, err
	}
	jobs = slices.DeleteFunc(jobs, func(j scheduler.Job) bool { return j.CreatedAt.After(m.at) })
	return jobs, m.undo(ctx, jobs)
}

func scanJob(rows *sql.Rows) (scheduler.Job, error) {
	var j scheduler.Job
	var own, schedule document
	var timeout, backoff int64
	var created, updated required
	err := rows.Scan(&j.ID, &j.Name, &j.Enabled, &j.Type, &j.Command, &own, &j.ArgsMasked, &schedule, &timeout, &j.MaxRetries, &backoff,
		&j.ConcurrencyPolicy, &created, &updated)
	j.DefaultArgs, j.Schedule = own.RawMessage, schedule.RawMessage
	j.Timeout, j.RetryBackoff = time.Duration(timeout)*time.Second, time.Duration(backoff)*time.Second
	j.CreatedAt, j.UpdatedAt = created.Time, updated.Time
	return j, err
}

// ListJobs gives every job with its latest runs counted.
func (m moment) ListJobs(ctx context.Context, recentRuns int) ([]console.JobResults, error) {
	jobs, err := m.jobs(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]console.JobResults, len(jobs))
	for i, j := range jobs {
		j.DefaultArgs = nil
		list[i].Job = j
		runs, err := m.latestOf(ctx, j.ID, max(recentRuns, 1))
		if err != nil {
			return nil, err
		}
		for k, r := range runs {
			if list[i].LastRun == nil && (!r.ScheduledFor.After(m.at) || r.FinishedAt != nil) {
				list[i].LastRun = &console.RunResult{ID: r.ID, State: r.State, ScheduledFor: r.ScheduledFor, FinishedAt: r.FinishedAt}
			}
			switch {
			case k >= recentRuns:
			case r.State == scheduler.Succeeded:
				list[i].Succeeded++
				list[i].Ended++
			case r.State == scheduler.Failed, r.State == scheduler.TimedOut:
				list[i].Ended++
			}
		}
	}
	return list, nil
}

// aheadRuns is how many runs of a job may have been made ahead of their time, or out of its order.
const aheadRuns = 20

// latestOf gives up to limit runs of a job that have a time, by that time, the latest first.
func (m moment) latestOf(ctx context.Context, id scheduler.JobID, limit int) ([]scheduler.Run, error) {
	r, err := m.reach(ctx, console.RunFilter{}, console.Cursor{})
	if err != nil || r.empty() {
		return nil, err
	}
	runs, err := collect(ctx, m.Archive, "job_runs", nil, args{"job": int64(id), "high": r.high, "page": limit + aheadRuns}, m.scanOutcome)
	if err != nil {
		return nil, err
	}
	runs = slices.DeleteFunc(runs, func(r scheduler.Run) bool { return r.ScheduledFor == nil })
	slices.SortStableFunc(runs, func(a, b scheduler.Run) int { return b.ScheduledFor.Compare(*a.ScheduledFor) })
	return runs[:min(limit, len(runs))], nil
}

func (m moment) scanOutcome(rows *sql.Rows) (scheduler.Run, error) {
	var r scheduler.Run
	var state int64
	var due, assigned, started, finished instant
	var created, updated required
	err := rows.Scan(&r.ID, &state, &due, &assigned, &started, &finished, &created, &updated)
	r.State, r.ScheduledFor, r.AssignedAt = scheduler.RunState(m.words.texts[state]), due.Time, assigned.Time
	r.StartedAt, r.FinishedAt, r.CreatedAt, r.UpdatedAt = started.Time, finished.Time, created.Time, updated.Time
	return m.then(r), err
}

// EnabledJobs gives the jobs that may fire.
func (m moment) EnabledJobs(ctx context.Context) ([]scheduler.Job, error) {
	jobs, err := m.jobs(ctx)
	jobs = slices.DeleteFunc(jobs, func(j scheduler.Job) bool { return !j.Enabled })
	for i := range jobs {
		jobs[i].DefaultArgs = nil
	}
	return jobs, err
}

// Job gives one job.
func (m moment) Job(ctx context.Context, id scheduler.JobID) (scheduler.Job, error) {
	jobs, err := m.jobs(ctx)
	if err != nil {
		return scheduler.Job{}, err
	}
	if i := slices.IndexFunc(jobs, func(j scheduler.Job) bool { return j.ID == id }); i >= 0 {
		return jobs[i], nil
	}
	return scheduler.Job{}, scheduler.Errorf(scheduler.NotFound, "jobs.not_found", "There is no job %d.", id).
		With("job", strconv.FormatInt(int64(id), 10))
}

// JobOutcomes gives how a job's latest runs went.
func (m moment) JobOutcomes(ctx context.Context, id scheduler.JobID, limit int) ([]console.RunOutcome, error) {
	runs, err := m.latestOf(ctx, id, limit)
	if err != nil {
		return nil, err
	}
	var list []console.RunOutcome
	for _, r := range runs {
		if r.ScheduledFor.After(m.at) && r.FinishedAt == nil {
			continue
		}
		list = append(list, console.RunOutcome{State: r.State, ScheduledFor: *r.ScheduledFor, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt})
	}
	return list, nil
}

// JobChanges gives what the archive's audit has about jobs.
func (m moment) JobChanges(ctx context.Context, f console.ChangeFilter) (console.Changes, error) {
	if m.absent("audit") {
		return console.Changes{Unreadable: true}, nil
	}
	rows, err := m.changes(ctx, f.JobID, f.Since, m.at, f.Limit+1)
	changes := console.Changes{List: rows, More: len(rows) > f.Limit}
	changes.List = rows[:min(f.Limit, len(rows))]
	return changes, err
}

// changes gives up to limit changes of jobs in [since, until], newest first.
func (a *Archive) changes(ctx context.Context, id scheduler.JobID, since, until time.Time, limit int) ([]console.Change, error) {
	values := args{"target": strconv.FormatInt(int64(id), 10), "since": since.UnixMicro(), "at": until.UnixMicro(), "page": limit}
	return collect(ctx, a, "job_changes", struct{ Target bool }{id != 0}, values, func(rows *sql.Rows) (console.Change, error) {
		var c console.Change
		var at required
		var detail document
		err := rows.Scan(&c.ID, &at, &c.Actor, &c.Action, &c.Target, &detail)
		c.At = at.Time
		c.Reason, c.Fields = readChange(detail.RawMessage)
		return c, err
	})
}

// readChange reads what the gate writes about a change: the reason, and {column: {before, after}}.
func readChange(detail json.RawMessage) (reason string, fields []console.FieldChange) {
	var written struct {
		Reason string
		Detail struct {
			Changed map[string]struct{ Before, After json.RawMessage }
		}
	}
	if json.Unmarshal(detail, &written) != nil {
		return "", nil
	}
	for name, c := range written.Detail.Changed {
		fields = append(fields, console.FieldChange{Field: name, Before: c.Before, After: c.After})
	}
	slices.SortFunc(fields, func(a, b console.FieldChange) int { return cmp.Compare(a.Field, b.Field) })
	return written.Reason, fields
}

// undoneChanges is how many changes of jobs are taken back to come to a moment.
const undoneChanges = 20_000

// undo takes back what the audit says was changed after the moment, the newest first.
func (m moment) undo(ctx context.Context, jobs []scheduler.Job) error {
	changes, err := m.changes(ctx, 0, m.at.Add(time.Microsecond), m.facts.AsOf, undoneChanges)
	if err != nil {
		return err
	}
	places := make(map[string]int, len(jobs))
	for i, j := range jobs {
		places[strconv.FormatInt(int64(j.ID), 10)] = i
	}
	for _, c := range changes {
		i, known := places[c.Target]
		if !known {
			continue
		}
		for _, f := range c.Fields {
			restore(&jobs[i], f.Field, f.Before)
		}
	}
	return nil
}

// restore sets a column of a job to what it was. What can't be read stays.
func restore(j *scheduler.Job, column string, value json.RawMessage) {
	var seconds int64
	set := func(into any) { _ = json.Unmarshal(value, into) } // a damaged change says nothing
	switch column {
	case "name":
		set(&j.Name)
	case "enabled":
		set(&j.Enabled)
	case "type":
		set(&j.Type)
	case "command_name":
		set(&j.Command)
	case "default_args_json":
		j.DefaultArgs = value
	case "schedule":
		j.Schedule = value
	case "timeout_seconds":
		if json.Unmarshal(value, &seconds) == nil {
			j.Timeout = time.Duration(seconds) * time.Second
		}
	case "max_retries":
		set(&j.MaxRetries)
	case "retry_backoff_seconds":
		if json.Unmarshal(value, &seconds) == nil {
			j.RetryBackoff = time.Duration(seconds) * time.Second
		}
	case "concurrency_policy":
		set(&j.ConcurrencyPolicy)
	}
}

// absent tells whether a part could not be read when the archive was made.
func (a *Archive) absent(part string) bool { return slices.Contains(a.facts.Absent, part) }
