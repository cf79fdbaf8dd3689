package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobResults is a job with what became of its latest runs.
type JobResults struct {
	Job       scheduler.Job
	LastRun   *RunResult // the latest run that is due or done
	Succeeded int        // of the latest runs that ended by themselves
	Ended     int        // succeeded, failed or timed out
}

// RunResult is the outcome of a run in short.
type RunResult struct {
	ID           scheduler.RunID
	State        scheduler.RunState
	ScheduledFor *time.Time
	FinishedAt   *time.Time
}

// JobRow is a line of the list of jobs.
type JobRow struct {
	JobResults
	Schedule      scheduler.Schedule
	ScheduleError error       // a *scheduler.Error: why the job never fires
	Next          []time.Time // the next due times of an enabled time job
}

// The windows of the list of jobs.
const (
	// RecentRuns is how many of a job's latest runs its success rate looks at.
	RecentRuns = 50
	nextTimes  = 3
)

// JobList is every job, by name.
type JobList struct {
	Jobs []JobRow
	AsOf time.Time
}

// ListJobs gives every job with its schedule read, its next times and its latest results.
func (c *Console) ListJobs(ctx context.Context) (JobList, error) {
	jobs, err := c.ports.Jobs.ListJobs(ctx, RecentRuns)
	if err != nil {
		return JobList{}, err
	}
	list := JobList{Jobs: make([]JobRow, 0, len(jobs)), AsOf: c.now()}
	for _, j := range jobs {
		row := JobRow{JobResults: j}
		row.Schedule, row.ScheduleError = scheduler.ParseSchedule(j.Job.Type, j.Job.Schedule)
		if row.ScheduleError == nil && j.Job.Enabled && j.Job.Type == scheduler.TimeJob {
			row.Next = row.Schedule.Next(list.AsOf, nextTimes)
		}
		list.Jobs = append(list.Jobs, row)
	}
	return list, nil
}
