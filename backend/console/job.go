package console

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobDetail is all there is to know about one job.
type JobDetail struct {
	Job           scheduler.Job
	Schedule      scheduler.Schedule
	ScheduleError error       // a *scheduler.Error: why the job never fires
	Next          []time.Time // the next due times, also of a disabled job: what enabling it would bring
	Reading       Reading
	History       JobHistory
	Latest        []scheduler.Run // newest first
	Changes       Changes         // newest first
	AsOf          time.Time
}

// Change is something that an operator did, as the audit says.
type Change struct {
	ID     int64
	At     time.Time
	Actor  string // may be "": some programs write no name
	Action string
	Target string
	Reason string        // the operator's; "" where the writer knows none
	Fields []FieldChange // what was changed, where the writer says so
}

// FieldChange is one column of a definition before and after a change, as JSON. Secrets are masked.
type FieldChange struct {
	Field         string
	Before, After json.RawMessage
}

// Changes are changes of jobs. Unreadable says that this login may not read the audit, so that nothing is known.
type Changes struct {
	List       []Change
	More       bool // older ones were left out
	Unreadable bool
}

// The bounds of a job's screen.
const (
	// PreviewTimes is how many times to come a job's screen and its editor show.
	PreviewTimes   = 10
	latestOfJob    = 20
	changesOfJob   = 50
	historyOfJob   = 2000
	historyBuckets = 60
)

// Job gives one job with its history, its latest runs and what was changed about it.
func (c *Console) Job(ctx context.Context, id scheduler.JobID) (JobDetail, error) {
	job, err := c.ports.Jobs.Job(ctx, id)
	if err != nil {
		return JobDetail{}, err
	}
	now := c.now()
	d := JobDetail{Job: job, AsOf: now}
	d.Schedule, d.ScheduleError = scheduler.ParseSchedule(job.Type, job.Schedule)
	if d.ScheduleError == nil {
		d.Next = d.Schedule.Next(now, PreviewTimes)
	}
	d.Reading = c.reading(ctx, d.Schedule, now)
	outcomes, err := c.ports.Jobs.JobOutcomes(ctx, id, historyOfJob+1)
	if err != nil {
		return JobDetail{}, err
	}
	d.History = history(outcomes, historyOfJob)
	if d.Latest, _, err = c.ports.Runs.ListRuns(ctx, RunFilter{JobID: id}, Cursor{}, latestOfJob); err != nil {
		return JobDetail{}, err
	}
	d.Changes, err = c.ports.Jobs.JobChanges(ctx, ChangeFilter{JobID: id, Limit: changesOfJob})
	return d, err
}

// Reading is how the schedulers of a cluster read a schedule, where they don't read it alike.
type Reading struct {
	Notes  []scheduler.ScheduleNote
	Others []string // live workers that tell nothing of themselves: as leaders they read every time in UTC and ignore retries and policy
	Leads  bool     // one of them leads now
	// InUTC is when it is due where one of them leads; empty where that makes no difference.
	InUTC []time.Time
}

// reading compares how the live workers would read a schedule as leaders. Workers of this project publish what they
// are; those in the field don't, and evaluate every schedule in UTC (contract of the Django application). Who can't be
// asked leaves the comparison out: it must not keep a job from being shown or edited.
func (c *Console) reading(ctx context.Context, s scheduler.Schedule, now time.Time) Reading {
	r := Reading{Notes: s.Notes(now)}
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		c.log.InfoContext(ctx, "the workers can't be asked how they read a schedule", "cause", err)
		return r
	}
	for _, w := range fleet.Workers {
		if w.Reports || w.Silent() {
			continue
		}
		r.Others = append(r.Others, w.ID)
		r.Leads = r.Leads || w.ID == fleet.Leadership.LeaderID
	}
	if len(r.Others) > 0 && s.Location != nil && s.Location != time.UTC {
		r.InUTC = s.InUTC().Next(now, PreviewTimes)
	}
	return r
}
