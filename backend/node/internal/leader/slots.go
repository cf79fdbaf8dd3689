package leader

import (
	"fmt"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// schedules remembers what was parsed, by job.
type schedules map[scheduler.JobID]parsed

type parsed struct {
	raw        string
	of         scheduler.JobType
	schedule   scheduler.Schedule
	eventTypes []string
	err        error
}

// read parses what is new among the jobs and forgets those that are gone. A job with a wrong schedule never fires, and
// the others go on.
func (l *Leader) read(jobs []store.Job) {
	seen := make(schedules, len(jobs))
	bad := map[string]string{}
	for _, job := range jobs {
		p, known := l.schedules[job.ID]
		if !known || p.raw != string(job.Schedule) || p.of != job.Type {
			p = parse(job)
			delete(l.made, job.ID)
		}
		seen[job.ID] = p
		if p.err != nil {
			bad[fmt.Sprintf("job %d", job.ID)] = fmt.Sprintf("%q never fires: %v", job.Name, p.err)
		}
	}
	l.schedules = seen
	l.config.Board.Set(metrics.BadSchedule, bad)
}

func parse(job store.Job) parsed {
	schedule, err := scheduler.ParseSchedule(job.Type, job.Schedule)
	return parsed{raw: string(job.Schedule), of: job.Type, schedule: schedule, eventTypes: schedule.EventTypes(), err: err}
}

// catchUp bounds how far back runs are made that nobody made at their time, where late runs are never skipped.
const catchUp = 24 * time.Hour

// since is the first minute to make runs for: the one that now lies in, or earlier where nobody led for a while.
func since(now time.Time, planned *time.Time, skipLate time.Duration) time.Time {
	first := now.Truncate(time.Minute)
	if planned == nil || !planned.Before(first) {
		return first
	}
	if skipLate == 0 {
		skipLate = catchUp
	}
	oldest := now.Add(-skipLate).Truncate(time.Minute).Add(time.Minute) // a run of the minute itself would be too late
	next := planned.Add(time.Minute).Truncate(time.Minute)
	if next.Before(oldest) {
		next = oldest
	}
	if next.After(first) {
		return first
	}
	return next
}

// slots lists the minutes from first to last, both included, in which a time job is due. A job gets none from before
// its last change in what lies before now: it may have been enabled since.
func (l *Leader) slots(jobs []store.Job, first, now, last time.Time) []store.Slot {
	slots := []store.Slot{}
	for _, job := range jobs {
		p := l.schedules[job.ID]
		if p.err != nil || job.Type != scheduler.TimeJob {
			continue
		}
		for _, at := range minutes(p.schedule, first, last) {
			if !at.After(l.made[job.ID]) || at.Before(now.Truncate(time.Minute)) && at.Before(job.UpdatedAt) {
				continue
			}
			slots = append(slots, store.Slot{Job: job.ID, At: at})
		}
	}
	return slots
}

// remember notes slots whose transaction has been committed.
func (l *Leader) remember(slots []store.Slot) {
	for _, slot := range slots {
		if slot.At.After(l.made[slot.Job]) {
			l.made[slot.Job] = slot.At
		}
	}
}

func minutes(schedule scheduler.Schedule, first, last time.Time) []time.Time {
	var due []time.Time
	for at := first.Add(-time.Minute); ; {
		next := schedule.Next(at, 1)
		if len(next) == 0 || next[0].After(last) {
			return slices.Clip(due)
		}
		at = next[0]
		due = append(due, at)
	}
}
