package leader

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// schedules remembers what was parsed, by job.
type schedules map[scheduler.JobID]parsed

type parsed struct {
	raw      string
	schedule scheduler.Schedule
	ok       bool
}

// slots lists the minutes from first to last, both included, in which a job is due.
func (l *Leader) slots(jobs []store.TimeJob, first, last time.Time) []store.Slot {
	slots := []store.Slot{}
	seen := make(schedules, len(jobs))
	for _, job := range jobs {
		p, known := l.schedules[job.ID]
		if !known || p.raw != string(job.Schedule) {
			p = l.parse(job)
		}
		seen[job.ID] = p
		if !p.ok {
			continue
		}
		for at := first.Add(-time.Minute); ; {
			next := p.schedule.Next(at, 1)
			if len(next) == 0 || next[0].After(last) {
				break
			}
			at = next[0]
			slots = append(slots, store.Slot{Job: job.ID, At: at})
		}
	}
	l.schedules = seen
	return slots
}

// parse complains about a wrong schedule once: the job never fires, and the other jobs go on.
func (l *Leader) parse(job store.TimeJob) parsed {
	schedule, err := scheduler.ParseSchedule(scheduler.TimeJob, job.Schedule)
	if err != nil {
		l.config.Log.Warn("a job never fires", "job", job.ID, "name", job.Name, "error", err)
	}
	return parsed{raw: string(job.Schedule), schedule: schedule, ok: err == nil}
}
