package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Jobs serves the list of jobs.
type Jobs struct{ session *Session }

// NewJobs binds the jobs of the open environment.
func NewJobs(s *Session) *Jobs { return &Jobs{s} }

// JobList is every job.
type JobList struct {
	Jobs []Job  `json:"jobs"`
	AsOf string `json:"asOf"`
}

// Job is a job definition with what became of its latest runs.
type Job struct {
	ID                string     `json:"id"`
	Name              string     `json:"name"`
	Enabled           bool       `json:"enabled"`
	Type              string     `json:"type"`
	Command           string     `json:"command"`
	Schedule          string     `json:"schedule"` // the JSON text as it stands in the database
	ScheduleShape     Schedule   `json:"scheduleShape"`
	ScheduleError     *WireError `json:"scheduleError,omitempty"` // why it never fires
	Next              []string   `json:"next"`
	TimeoutSeconds    float64    `json:"timeoutSeconds"`
	MaxRetries        int        `json:"maxRetries"`
	ConcurrencyPolicy string     `json:"concurrencyPolicy"`
	LastRunID         string     `json:"lastRunId"`
	LastRunState      string     `json:"lastRunState"`
	LastRunAt         string     `json:"lastRunAt"`
	Succeeded         int        `json:"succeeded"`
	Ended             int        `json:"ended"`
}

// Schedule is a schedule taken apart, for the screen to say in words.
type Schedule struct {
	Kind       string   `json:"kind"` // every_n_minutes, hourly, daily, weekdays, weekly, event; "" when unreadable
	EveryN     int      `json:"everyN"`
	Hour       int      `json:"hour"`
	Minute     int      `json:"minute"`
	Weekday    int      `json:"weekday"` // 0 = Monday
	Timezone   string   `json:"timezone"`
	EventTypes []string `json:"eventTypes"`
}

// List gives every job.
func (j *Jobs) List() (JobList, error) {
	return call(j.session, "Jobs.List", func(ctx context.Context, c *console.Console) (JobList, error) {
		list, err := c.ListJobs(ctx)
		if err != nil {
			return JobList{}, err
		}
		result := JobList{Jobs: make([]Job, len(list.Jobs)), AsOf: wireTime(list.AsOf)}
		for i, row := range list.Jobs {
			result.Jobs[i] = wireJob(row)
		}
		return result, nil
	})
}

func wireJob(row console.JobRow) Job {
	j := row.Job
	wire := Job{
		ID: wireID(j.ID), Name: j.Name, Enabled: j.Enabled, Type: string(j.Type), Command: j.Command,
		Schedule: string(j.Schedule), ScheduleShape: wireSchedule(row.Schedule), ScheduleError: wireOptional(row.ScheduleError),
		Next: wireTimes(row.Next), TimeoutSeconds: j.Timeout.Seconds(), MaxRetries: j.MaxRetries,
		ConcurrencyPolicy: string(j.ConcurrencyPolicy), Succeeded: row.Succeeded, Ended: row.Ended,
	}
	if last := row.LastRun; last != nil {
		wire.LastRunID, wire.LastRunState, wire.LastRunAt = wireID(last.ID), string(last.State), wireOptionalTime(last.ScheduledFor)
	}
	return wire
}
