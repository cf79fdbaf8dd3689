package console_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// aDraft is a right one; tests spoil it.
func aDraft() console.JobDraft {
	return console.JobDraft{
		Name: "report", Enabled: true, Type: scheduler.TimeJob, Command: "report", Args: `{"a": 1}`,
		Schedule:       console.ScheduleDraft{Kind: scheduler.Daily, Time: "02:30"},
		TimeoutSeconds: "90", MaxRetries: "2", BackoffSeconds: "30", Policy: scheduler.Forbid,
	}
}

func TestADraftIsRefusedFieldByField(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	long := make([]rune, 201)
	for i := range long {
		long[i] = '語'
	}
	for _, tt := range []struct {
		name          string
		spoil         func(*console.JobDraft)
		field, reason string
	}{
		{"no name", func(d *console.JobDraft) { d.Name = " \t" }, "name", "job.name_missing"},
		{"a long name", func(d *console.JobDraft) { d.Name = string(long) }, "name", "job.name_long"},
		{"a NUL in the name", func(d *console.JobDraft) { d.Name = "a\x00b" }, "name", "job.text_nul"},
		{"no command", func(d *console.JobDraft) { d.Command = "" }, "command", "job.command_missing"},
		{"a long command", func(d *console.JobDraft) { d.Command = string(long) }, "command", "job.command_long"},
		{"arguments in the command", func(d *console.JobDraft) { d.Command = "report --all" }, "command", "job.command_space"},
		{"a wide space in the command", func(d *console.JobDraft) { d.Command = "report\u3000all" }, "command", "job.command_space"},
		{"broken arguments", func(d *console.JobDraft) { d.Args = "{" }, "args", "args.truncated"},
		{"no number", func(d *console.JobDraft) { d.TimeoutSeconds = "soon" }, "timeout", "job.bad_number"},
		{"a negative number", func(d *console.JobDraft) { d.MaxRetries = "-1" }, "retries", "job.bad_number"},
		{"a number for no integer", func(d *console.JobDraft) { d.BackoffSeconds = "2147483648" }, "backoff", "job.bad_number"},
		{"half a number", func(d *console.JobDraft) { d.BackoffSeconds = "1.5" }, "backoff", "job.bad_number"},
		{"another policy", func(d *console.JobDraft) { d.Policy = "maybe" }, "policy", "job.unknown_policy"},
		{"another type", func(d *console.JobDraft) { d.Type = "cron" }, "type", "schedule.unknown_job_type"},
		{"no kind", func(d *console.JobDraft) { d.Schedule.Kind = "" }, "kind", "schedule.unknown_kind"},
		{"no time", func(d *console.JobDraft) { d.Schedule.Time = "" }, "time", "schedule.bad_time"},
		{"a time of 25 hours", func(d *console.JobDraft) { d.Schedule.Time = "25:00" }, "time", "schedule.bad_time"},
		{"no interval", func(d *console.JobDraft) { d.Schedule = console.ScheduleDraft{Kind: scheduler.EveryNMinutes} }, "n", "schedule.bad_interval"},
		{"minute 60", func(d *console.JobDraft) { d.Schedule = console.ScheduleDraft{Kind: scheduler.Hourly, Minute: "60"} }, "minute", "schedule.bad_minute"},
		{"no weekday", func(d *console.JobDraft) { d.Schedule.Kind = scheduler.Weekly }, "weekday", "schedule.bad_weekday"},
		{"an unknown zone", func(d *console.JobDraft) { d.Schedule.Timezone = "Asia/Edo" }, "timezone", "schedule.unknown_timezone"},
		{"no event", func(d *console.JobDraft) { d.Type = scheduler.EventJob }, "events", "schedule.no_event_type"},
		{"an empty event", func(d *console.JobDraft) { d.Type, d.Schedule.EventTypes = scheduler.EventJob, []string{" "} }, "events", "schedule.bad_event_type"},
		{"a broken schedule", func(d *console.JobDraft) { d.Schedule = console.ScheduleDraft{Kind: console.ByJSON, JSON: "{]"} }, "json", "args.syntax"},
		{"an unknown schedule", func(d *console.JobDraft) {
			d.Schedule = console.ScheduleDraft{Kind: console.ByJSON, JSON: `{"kind":"lunar"}`}
		}, "json", "schedule.unknown_kind"},
	} {
		draft := aDraft()
		tt.spoil(&draft)
		check := e.CheckJob(t.Context(), draft)
		if len(check.Errors) != 1 || check.Errors[0].Field != tt.field || reasonOf(check.Errors[0].Err) != tt.reason {
			t.Errorf("%s: %+v, not %s at %s", tt.name, check.Errors, tt.reason, tt.field)
		}
	}
	check := e.CheckJob(t.Context(), aDraft())
	if len(check.Errors) != 0 || len(check.Next) != console.PreviewTimes || string(check.Job.Schedule) != `{"kind":"daily","time":"02:30"}` {
		t.Errorf("a right draft: %+v", check)
	}
}

func TestAWrongFieldDoesNotHideTheTimes(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	draft := aDraft()
	draft.Name, draft.Args, draft.MaxRetries = "", "[", "x"
	check := e.CheckJob(t.Context(), draft)
	var fields []string
	for _, err := range check.Errors {
		fields = append(fields, err.Field)
	}
	if !slices.Equal(fields, []string{"name", "args", "retries"}) || len(check.Next) != console.PreviewTimes {
		t.Errorf("errors at %q, %d times", fields, len(check.Next))
	}
}

// Opening an editor and saving at once must change nothing, whatever stands in the row.
func TestADraftOfAJobIsThatJob(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	for _, tt := range []struct {
		jobType  scheduler.JobType
		schedule string
	}{
		{scheduler.TimeJob, `{"kind": "every_n_minutes", "n": 7}`},
		{scheduler.TimeJob, `{"every_n_minutes": 20}`},
		{scheduler.TimeJob, `{"hourly_at_minute": 15}`},
		{scheduler.TimeJob, `{"daily_at": "02:30", "note": "keep me"}`},
		{scheduler.TimeJob, `{"kind": "weekdays", "time": "00:00", "timezone": "Asia/Tokyo"}`},
		{scheduler.TimeJob, `{"kind": "weekly", "weekday": 6, "time": "23:59"}`},
		{scheduler.EventJob, `{"event_type": "order.placed"}`},
		{scheduler.EventJob, `{"event_types": ["b", "a"]}`},
	} {
		job := scheduler.Job{
			Name: "report", Enabled: true, Type: tt.jobType, Command: "report", DefaultArgs: json.RawMessage("{\n  \"n\": 1.10\n}"),
			Schedule: json.RawMessage(tt.schedule), Timeout: time.Minute, MaxRetries: 1, RetryBackoff: time.Second, ConcurrencyPolicy: scheduler.Replace,
		}
		check := e.CheckJob(t.Context(), console.DraftOf(job))
		if diff := cmp.Diff(job, check.Job); diff != "" || len(check.Errors) != 0 {
			t.Errorf("%s: %+v\n%s", tt.schedule, check.Errors, diff)
		}
	}
	broken := scheduler.Job{Name: "x", Command: "x", Type: scheduler.TimeJob, DefaultArgs: json.RawMessage("{}"), Schedule: json.RawMessage(`{"kind":"lunar"}`), ConcurrencyPolicy: scheduler.Allow}
	if draft := console.DraftOf(broken); draft.Schedule.Kind != console.ByJSON || draft.Schedule.JSON != "{\n  \"kind\": \"lunar\"\n}" {
		t.Errorf("a schedule that no form can show: %+v", draft.Schedule)
	}
}

func TestReadingTellsOfWorkersThatKnowNoTimezones(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	draft := aDraft()
	draft.Schedule.Timezone = "Asia/Tokyo"
	if r := e.CheckJob(t.Context(), draft).Reading; len(r.Others) != 0 || len(r.InUTC) != 0 {
		t.Errorf("without workers: %+v", r)
	}
	e.addWorker("django-1", "node-a", nobody(t)) // it publishes an address and nothing of itself
	e.addWorker("ours-1", "node-b", nobody(t))
	if err := e.redis.HSet(t.Context(), "scheduler:worker:ours-1", "node_id", "node-b", "pid", "7", "capabilities", "detach,drain").Err(); err != nil {
		t.Fatal(err)
	}
	if r := e.CheckJob(t.Context(), draft).Reading; len(r.Others) != 0 {
		t.Errorf("the workers are asked at every key: %+v", r)
	}
	e.pass(time.Minute)
	r := e.CheckJob(t.Context(), draft).Reading
	if !slices.Equal(r.Others, []string{"django-1"}) || r.Leads || len(r.InUTC) != console.PreviewTimes {
		t.Errorf("with one of each: %+v", r)
	}
	if h, m, _ := r.InUTC[0].Clock(); h != 2 || m != 30 {
		t.Errorf("read in UTC it is due at %v", r.InUTC[0])
	}
	if err := e.redis.Set(t.Context(), "scheduler:leader:lock", "django-1", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	e.pass(time.Minute)
	if r := e.CheckJob(t.Context(), draft).Reading; !r.Leads {
		t.Errorf("while it leads: %+v", r)
	}
	draft.Schedule.Timezone = ""
	if r := e.CheckJob(t.Context(), draft).Reading; len(r.InUTC) != 0 {
		t.Errorf("a schedule in UTC is read alike by all: %+v", r)
	}
}
