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
