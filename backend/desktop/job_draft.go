package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobDraft is a job definition as its editor holds it: what is typed crosses as text, and Go reads it.
type JobDraft struct {
	Name           string        `json:"name"`
	Enabled        bool          `json:"enabled"`
	Type           string        `json:"type"`
	Command        string        `json:"command"`
	Args           string        `json:"args"` // JSON
	Schedule       ScheduleDraft `json:"schedule"`
	TimeoutSeconds string        `json:"timeoutSeconds"`
	MaxRetries     string        `json:"maxRetries"`
	BackoffSeconds string        `json:"backoffSeconds"`
	Policy         string        `json:"policy"`
}

// ScheduleDraft is the schedule of a draft. Kind says which fields count; "json" means that only JSON does.
type ScheduleDraft struct {
	Kind       string   `json:"kind"`
	N          string   `json:"n"`
	Minute     string   `json:"minute"`
	Time       string   `json:"time"`    // HH:MM
	Weekday    string   `json:"weekday"` // 0 = Monday
	Timezone   string   `json:"timezone"`
	EventTypes []string `json:"eventTypes"`
	JSON       string   `json:"json"`
	Stored     string   `json:"stored"` // as the database has it; "" for a new job
}

// JobCheck is what a draft means, or what is wrong with it.
type JobCheck struct {
	Errors   []FieldError `json:"errors"`
	Schedule string       `json:"schedule"` // the JSON that would be stored; "" while it can't be read
	Shape    Schedule     `json:"shape"`
	Next     []string     `json:"next"`
	Reading  Reading      `json:"reading"`
	AsOf     string       `json:"asOf"`
}

// FieldError says what is wrong with a field: name, type, command, args, timeout, retries, backoff or policy, or of the
// schedule kind, n, minute, time, weekday, timezone, events or json.
type FieldError struct {
	Field  string    `json:"field"`
	Line   int       `json:"line"` // from 1; 0 = the whole field
	Column int       `json:"column"`
	Error  WireError `json:"error"`
}

// Check reads a draft as saving it would.
func (j *Jobs) Check(req JobDraft) (JobCheck, error) {
	return call(j.session, "Jobs.Check", func(ctx context.Context, c *console.Console) (JobCheck, error) {
		check := c.CheckJob(ctx, req.parse())
		return JobCheck{
			Errors: wireFieldErrors(check.Errors), Schedule: string(check.Job.Schedule), Shape: wireSchedule(check.Schedule),
			Next: wireTimes(check.Next), Reading: wireReading(check.Reading), AsOf: wireTime(check.AsOf),
		}, nil
	})
}

func wireFieldErrors(errs []console.FieldError) []FieldError {
	wire := make([]FieldError, len(errs))
	for i, e := range errs {
		wire[i] = FieldError{Field: e.Field, Line: e.Place.Line, Column: e.Place.Column, Error: Wire(e.Err)}
	}
	return wire
}

func (d JobDraft) parse() console.JobDraft {
	s := d.Schedule
	return console.JobDraft{
		Name: d.Name, Enabled: d.Enabled, Type: scheduler.JobType(d.Type), Command: d.Command, Args: d.Args,
		Schedule: console.ScheduleDraft{
			Kind: scheduler.ScheduleKind(s.Kind), N: s.N, Minute: s.Minute, Time: s.Time, Weekday: s.Weekday, Timezone: s.Timezone,
			EventTypes: s.EventTypes, JSON: s.JSON, Stored: s.Stored,
		},
		TimeoutSeconds: d.TimeoutSeconds, MaxRetries: d.MaxRetries, BackoffSeconds: d.BackoffSeconds,
		Policy: scheduler.ConcurrencyPolicy(d.Policy),
	}
}

func wireDraft(d console.JobDraft) JobDraft {
	s := d.Schedule
	return JobDraft{
		Name: d.Name, Enabled: d.Enabled, Type: string(d.Type), Command: d.Command, Args: d.Args,
		Schedule: ScheduleDraft{
			Kind: string(s.Kind), N: s.N, Minute: s.Minute, Time: s.Time, Weekday: s.Weekday, Timezone: s.Timezone,
			EventTypes: append([]string{}, s.EventTypes...), JSON: s.JSON, Stored: s.Stored,
		},
		TimeoutSeconds: d.TimeoutSeconds, MaxRetries: d.MaxRetries, BackoffSeconds: d.BackoffSeconds, Policy: string(d.Policy),
	}
}

// PlanCreate previews making the job that a draft means.
func (j *Jobs) PlanCreate(req JobDraft) (Preview, error) {
	return plan(j.session, "Jobs.PlanCreate", func(ctx context.Context, c *operations.Commands) (operations.Plan, error) {
		job, err := req.parse().Job()
		if err != nil {
			return operations.Plan{}, err
		}
		return c.PlanCreateJob(ctx, job)
	})
}

// UpdateJobRequest is a job's new definition. Seen is the updatedAt of the one that was edited.
type UpdateJobRequest struct {
	JobID string   `json:"jobId"`
	Seen  string   `json:"seen"`
	Draft JobDraft `json:"draft"`
}

// PlanUpdate previews replacing a job's definition, unless somebody else changed it since it was seen.
func (j *Jobs) PlanUpdate(req UpdateJobRequest) (Preview, error) {
	return planJob(j, "Jobs.PlanUpdate", req.JobID, func(ctx context.Context, c *operations.Commands, id scheduler.JobID) (operations.Plan, error) {
		job, err := req.Draft.parse().Job()
		if err != nil {
			return operations.Plan{}, err
		}
		seen, err := parseTime(req.Seen)
		if err != nil {
			return operations.Plan{}, err
		}
		if seen == nil {
			return operations.Plan{}, scheduler.Errorf(scheduler.Invalid, "request.bad_time", "%q is not a time.", req.Seen).With("time", req.Seen)
		}
		return c.PlanUpdateJob(ctx, id, *seen, job)
	})
}

// ArgsRequest is JSON text that a run is to get as its arguments.
type ArgsRequest struct {
	Args string `json:"args"`
}

// ArgsCheck is what is wrong with it; nothing if it can be used.
type ArgsCheck struct {
	Errors []FieldError `json:"errors"`
}

// CheckArgs reads arguments as a run would get them.
func (j *Jobs) CheckArgs(req ArgsRequest) ArgsCheck {
	place, err := console.CheckArgs(req.Args)
	if err == nil {
		return ArgsCheck{Errors: []FieldError{}}
	}
	return ArgsCheck{Errors: wireFieldErrors([]console.FieldError{{Field: "args", Place: place, Err: err}})}
}
