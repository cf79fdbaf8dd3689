package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobDraft is a job definition as somebody types it: numbers and times are texts, so that every mistake can be told at
// its field.
type JobDraft struct {
	Name           string
	Enabled        bool
	Type           scheduler.JobType
	Command        string
	Args           string // JSON
	Schedule       ScheduleDraft
	TimeoutSeconds string
	MaxRetries     string
	BackoffSeconds string
	Policy         scheduler.ConcurrencyPolicy
}

// ScheduleDraft is a schedule as a form holds it. Kind tells which fields count: a kind of the scheduler's, or ByJSON.
type ScheduleDraft struct {
	Kind       scheduler.ScheduleKind
	N          string
	Minute     string
	Time       string // HH:MM
	Weekday    string // 0 = Monday
	Timezone   string // "" = UTC, as schedules without one are read
	EventTypes []string
	JSON       string // the whole schedule, for ByJSON
	Stored     string // the schedule as the database has it: what the form doesn't change of it stays; "" for a new job
}

// ByJSON is the kind of a schedule that is edited as JSON text, such as one that no scheduler knows.
const ByJSON scheduler.ScheduleKind = "json"

// FieldError says what is wrong with a field of a draft, and where in it, for fields of several lines.
type FieldError struct {
	Field string
	Place Place
	Err   error // a *scheduler.Error
}

// JobCheck is what a draft means: the job that it would make, or what is wrong with it.
type JobCheck struct {
	Job      scheduler.Job // its content; without an id or times
	Schedule scheduler.Schedule
	Errors   []FieldError // in the form's order
	Next     []time.Time  // where the schedule is right, whatever else is wrong
	Reading  Reading
	AsOf     time.Time
}

// CheckJob reads a draft as saving it would, and looks ahead at when the job would be due.
func (c *Console) CheckJob(ctx context.Context, draft JobDraft) JobCheck {
	check := JobCheck{AsOf: c.now()}
	check.Job, check.Schedule, check.Errors = draft.read()
	check.Next = check.Schedule.Next(check.AsOf, PreviewTimes)
	check.Reading = c.reading(ctx, check.Schedule, check.AsOf)
	return check
}

// The longest texts that the scheduler's columns take, in characters.
const (
	maxJobName = 200
	maxCommand = 200
)

// read gives the job that a draft means. A schedule that can't be read is the zero one.
func (d JobDraft) read() (scheduler.Job, scheduler.Schedule, []FieldError) {
	var errs []FieldError
	fail := func(field string, err error) {
		errs = append(errs, FieldError{Field: field, Err: err})
	}
	job := scheduler.Job{Name: strings.TrimSpace(d.Name), Enabled: d.Enabled, Type: d.Type, Command: strings.TrimSpace(d.Command), ConcurrencyPolicy: d.Policy}
	if err := checkName(job.Name); err != nil {
		fail("name", err)
	}
	if err := checkCommand(job.Command); err != nil {
		fail("command", err)
	}
	schedule, stored, field, err := d.Schedule.read(d.Type)
	if err != nil {
		fail(field, err)
	}
	job.Schedule = stored
	args := d.Args
	if strings.TrimSpace(args) == "" {
		args = "{}"
	}
	if place, err := CheckArgs(args); err != nil {
		errs = append(errs, FieldError{Field: "args", Place: place, Err: err})
	}
	job.DefaultArgs = json.RawMessage(args)
	number := func(field, text string) int {
		n, err := wholeNumber(text)
		if err != nil {
			fail(field, err)
		}
		return n
	}
	job.Timeout = time.Duration(number("timeout", d.TimeoutSeconds)) * time.Second
	job.MaxRetries = number("retries", d.MaxRetries)
	job.RetryBackoff = time.Duration(number("backoff", d.BackoffSeconds)) * time.Second
	switch d.Policy {
	case scheduler.Forbid, scheduler.Allow, scheduler.Replace:
	default:
		fail("policy", scheduler.Errorf(scheduler.Invalid, "job.unknown_policy", "There is no policy %q.", d.Policy).
			With("policy", string(d.Policy)))
	}
	return job, schedule, errs
}

// read gives the schedule that the form means and the text that is stored for it, or the field that is wrong.
func (d ScheduleDraft) read(jobType scheduler.JobType) (schedule scheduler.Schedule, stored json.RawMessage, field string, err error) {
	if d.Kind == ByJSON {
		if _, err := checkSyntax(d.JSON); err != nil {
			return scheduler.Schedule{}, nil, "json", err
		}
		schedule, err = scheduler.ParseSchedule(jobType, json.RawMessage(d.JSON))
		return schedule, json.RawMessage(d.JSON), "json", err
	}
	schedule, err = scheduler.ParseSchedule(jobType, d.document(jobType))
	if err == nil {
		stored, err = scheduler.RewriteSchedule(jobType, json.RawMessage(d.Stored), schedule)
	}
	if err != nil {
		return scheduler.Schedule{}, nil, fieldOf(err), err
	}
	return schedule, stored, "", nil
}

// document writes the form in the contract's own shape. What is no number stays a text, for the reader to refuse.
func (d ScheduleDraft) document(jobType scheduler.JobType) json.RawMessage {
	number := func(text string) any {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			return n
		}
		return text
	}
	doc := map[string]any{}
	if jobType == scheduler.EventJob {
		types := []string{}
		for _, name := range d.EventTypes {
			types = append(types, strings.TrimSpace(name))
		}
		doc["event_types"] = types
	} else {
		doc["kind"] = d.Kind
		switch d.Kind {
		case scheduler.EveryNMinutes:
			doc["n"] = number(d.N)
		case scheduler.Hourly:
			doc["minute"] = number(d.Minute)
		case scheduler.Weekly:
			doc["weekday"] = number(d.Weekday)
			doc["time"] = d.Time
		case scheduler.Daily, scheduler.Weekdays:
			doc["time"] = d.Time
		}
		if zone := strings.TrimSpace(d.Timezone); zone != "" {
			doc["timezone"] = zone
		}
	}
	text, _ := json.Marshal(doc) // texts and numbers can always be written
	return text
}

// scheduleFields says at which field of the form an error of ParseSchedule belongs.
var scheduleFields = map[string]string{
	"schedule.unknown_job_type": "type", "schedule.unknown_kind": "kind", "schedule.bad_interval": "n", "schedule.bad_minute": "minute",
	"schedule.bad_weekday": "weekday", "schedule.bad_time": "time", "schedule.unknown_timezone": "timezone",
	"schedule.bad_event_type": "events", "schedule.no_event_type": "events",
}

func fieldOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		if field, ok := scheduleFields[e.Reason]; ok {
			return field
		}
	}
	return "kind"
}

func checkName(name string) error {
	switch {
	case name == "":
		return scheduler.Errorf(scheduler.Invalid, "job.name_missing", "The job needs a name.")
	case utf8.RuneCountInString(name) > maxJobName:
		return scheduler.Errorf(scheduler.Invalid, "job.name_long", "A name has at most %d characters.", maxJobName).
			With("max", strconv.Itoa(maxJobName))
	case strings.ContainsRune(name, 0):
		return scheduler.Errorf(scheduler.Invalid, "job.text_nul", "The text holds a character that PostgreSQL can't store.")
	}
	return nil
}

// checkCommand follows the Django application, which refuses white space: the name is one word of a command line.
func checkCommand(command string) error {
	switch {
	case command == "":
		return scheduler.Errorf(scheduler.Invalid, "job.command_missing", "The job needs a command to run.")
	case utf8.RuneCountInString(command) > maxCommand:
		return scheduler.Errorf(scheduler.Invalid, "job.command_long", "A command has at most %d characters.", maxCommand).
			With("max", strconv.Itoa(maxCommand))
	case strings.ContainsFunc(command, unicode.IsSpace):
		return scheduler.Errorf(scheduler.Invalid, "job.command_space",
			"A command is one word: arguments go into the arguments' JSON.")
	case strings.ContainsRune(command, 0):
		return scheduler.Errorf(scheduler.Invalid, "job.text_nul", "The text holds a character that PostgreSQL can't store.")
	}
	return nil
}

// wholeNumber reads a number that an integer column can hold; nothing is 0.
func wholeNumber(text string) (int, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > math.MaxInt32 {
		return 0, scheduler.Errorf(scheduler.Invalid, "job.bad_number", "A whole number from 0 to %d is needed here, not %q.", math.MaxInt32, text).
			With("value", text).Because(err)
	}
	return n, nil
}

// DraftOf is a job as its editor starts with it. Reading it back gives the same job.
func DraftOf(j scheduler.Job) JobDraft {
	draft := JobDraft{
		Name: j.Name, Enabled: j.Enabled, Type: j.Type, Command: j.Command, Args: indented(j.DefaultArgs), Policy: j.ConcurrencyPolicy,
		TimeoutSeconds: strconv.Itoa(int(j.Timeout / time.Second)), MaxRetries: strconv.Itoa(j.MaxRetries),
		BackoffSeconds: strconv.Itoa(int(j.RetryBackoff / time.Second)),
	}
	draft.Schedule = ScheduleDraft{Kind: ByJSON, JSON: indented(j.Schedule), Stored: string(j.Schedule)}
	s, err := scheduler.ParseSchedule(j.Type, j.Schedule)
	if err != nil {
		return draft
	}
	form := &draft.Schedule
	form.Kind, form.EventTypes = s.Kind, s.EventTypes()
	switch s.Kind {
	case scheduler.EveryNMinutes:
		form.N = strconv.Itoa(s.N)
	case scheduler.Hourly:
		form.Minute = strconv.Itoa(s.Minute)
	case scheduler.Daily, scheduler.Weekdays, scheduler.Weekly:
		form.Time = time.Date(1, 1, 1, s.Hour, s.Minute, 0, 0, time.UTC).Format("15:04")
		if s.Kind == scheduler.Weekly {
			form.Weekday = strconv.Itoa((int(s.Weekday) + 6) % 7)
		}
	}
	if s.Kind != scheduler.OnEvent && s.Location != time.UTC {
		form.Timezone = s.Location.String()
	}
	return draft
}

// indented lays JSON out for reading and editing. Numbers keep their digits; what is no JSON stays as it is.
func indented(raw json.RawMessage) string {
	var text bytes.Buffer
	if json.Indent(&text, raw, "", "  ") != nil {
		return string(raw)
	}
	return text.String()
}

// Job is the job that the draft means. The error is that of the first field that is wrong.
func (d JobDraft) Job() (scheduler.Job, error) {
	job, _, errs := d.read()
	if len(errs) > 0 {
		return scheduler.Job{}, errs[0].Err
	}
	return job, nil
}
