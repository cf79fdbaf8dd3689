package scheduler_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Monday 2 March 2026, 10:07:30 UTC.
var monday = time.Date(2026, 3, 2, 10, 7, 30, 0, time.UTC)

func TestNext(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schedule, after string
		want                  string
	}{
		{"every 5 minutes", `{"kind":"every_n_minutes","n":5}`, "", "2026-03-02T10:10Z 2026-03-02T10:15Z"},
		{"7 restarts each hour", `{"kind":"every_n_minutes","n":7}`, "2026-03-02T10:49Z", "2026-03-02T10:56Z 2026-03-02T11:00Z"},
		{"above 59 only at minute 0", `{"kind":"every_n_minutes","n":90}`, "", "2026-03-02T11:00Z 2026-03-02T12:00Z"},
		{"legacy interval", `{"every_n_minutes":30}`, "", "2026-03-02T10:30Z 2026-03-02T11:00Z"},
		{"hourly", `{"kind":"hourly","minute":7}`, "", "2026-03-02T11:07Z 2026-03-02T12:07Z"},
		{"hourly, the design's shape", `{"hourly_at_minute":15}`, "", "2026-03-02T10:15Z 2026-03-02T11:15Z"},
		{"daily", `{"kind":"daily","time":"02:30"}`, "", "2026-03-03T02:30Z 2026-03-04T02:30Z"},
		{"daily, the design's shape", `{"daily_at":"23:59"}`, "", "2026-03-02T23:59Z 2026-03-03T23:59Z"},
		{"strictly after", `{"kind":"daily","time":"10:07"}`, "2026-03-02T10:07Z", "2026-03-03T10:07Z"},
		{"weekdays pass over the weekend", `{"kind":"weekdays","time":"09:00"}`, "2026-03-06T08:00Z", "2026-03-06T09:00Z 2026-03-09T09:00Z"},
		{"weekly, 0 is Monday", `{"kind":"weekly","weekday":0,"time":"09:00"}`, "", "2026-03-09T09:00Z 2026-03-16T09:00Z"},
		{"weekly, 6 is Sunday", `{"kind":"weekly","weekday":6,"time":"09:00"}`, "", "2026-03-08T09:00Z 2026-03-15T09:00Z"},
		{"unknown fields change nothing", `{"kind":"daily","time":"02:30","n":9,"x":[]}`, "", "2026-03-03T02:30Z"},
		{"Tokyo", `{"kind":"daily","time":"02:30","timezone":"Asia/Tokyo"}`, "", "2026-03-02T17:30Z 2026-03-03T17:30Z"},
		{"the zone's weekday counts", `{"kind":"weekly","weekday":0,"time":"02:30","timezone":"Asia/Tokyo"}`, "", "2026-03-08T17:30Z"},
		{"a zone of half hours", `{"kind":"hourly","minute":0,"timezone":"Asia/Kolkata"}`, "", "2026-03-02T10:30Z 2026-03-02T11:30Z"},
		// Berlin skips 02:00–03:00 on 29 March and repeats it on 25 October.
		{"a gap fires once", `{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, "2026-03-28T12:00Z", "2026-03-29T01:30Z 2026-03-30T00:30Z"},
		{"a repeat fires once", `{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z"},
		{"intervals work through a repeat", `{"kind":"hourly","minute":30,"timezone":"Europe/Berlin"}`, "2026-10-25T00:00Z", "2026-10-25T00:30Z 2026-10-25T01:30Z"},
		{"intervals step over a gap", `{"kind":"hourly","minute":30,"timezone":"Europe/Berlin"}`, "2026-03-29T00:00Z", "2026-03-29T00:30Z 2026-03-29T01:30Z"},
		// Apia had no 30 December 2011 at all: its firing falls together with the next day's.
		{"a skipped day", `{"kind":"daily","time":"02:30","timezone":"Pacific/Apia"}`, "2011-12-29T13:00Z", "2011-12-30T12:30Z 2011-12-31T12:30Z"},
		{"an offset with seconds", `{"kind":"daily","time":"02:30","timezone":"Europe/Amsterdam"}`, "1925-01-10T12:00Z", "1925-01-11T02:10Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := parse(t, tt.schedule)
			after := monday
			if tt.after != "" {
				after = minute(t, tt.after)
			}
			want := strings.Fields(tt.want)
			got := s.Next(after, len(want))
			if len(got) != len(want) {
				t.Fatalf("got %v, want %v", got, want)
			}
			for i := range want {
				if !got[i].Equal(minute(t, want[i])) {
					t.Errorf("firing %d: got %v, want %v", i, got[i], want[i])
				}
				if !s.Due(got[i]) || !s.Due(got[i].Add(59*time.Second)) {
					t.Errorf("%v is not due in its own minute", got[i])
				}
			}
		})
	}
}

func TestDueIsOnlyDueWhenNextSaysSo(t *testing.T) {
	t.Parallel()
	for _, schedule := range []string{
		`{"kind":"every_n_minutes","n":7}`, `{"kind":"hourly","minute":30,"timezone":"Australia/Lord_Howe"}`,
		`{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, `{"kind":"weekdays","time":"00:00","timezone":"Pacific/Apia"}`,
	} {
		s := parse(t, schedule)
		from := time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC)
		next := s.Next(from.Add(-time.Minute), 1)[0]
		for m := from; m.Before(from.AddDate(0, 0, 14)); m = m.Add(time.Minute) {
			if due := s.Due(m); due != m.Equal(next) {
				t.Fatalf("%s: Due(%v) = %v, Next says %v", schedule, m, due, next)
			}
			if m.Equal(next) {
				next = s.Next(m, 1)[0]
			}
		}
	}
}

func TestScheduleWithoutTimes(t *testing.T) {
	t.Parallel()
	event, err := scheduler.ParseSchedule(scheduler.EventJob, json.RawMessage(`{"event_type":"b","event_types":["a","b"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := event.EventTypes(); len(got) != 2 || got[0] != "a" || got[1] != "b" || event.Kind != scheduler.OnEvent {
		t.Errorf("kind %q, event types %q", event.Kind, got)
	}
	for _, s := range []scheduler.Schedule{event, {}} {
		if s.Due(monday) || s.Next(monday, 3) != nil {
			t.Errorf("%q has times", s.Kind)
		}
	}
	if next := parse(t, `{"kind":"hourly","minute":0}`).Next(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 1); next != nil {
		t.Errorf("found %v beyond the last year", next)
	}
}

func TestParseScheduleFields(t *testing.T) {
	t.Parallel()
	s := parse(t, `{"kind":"weekly","weekday":6,"time":"09:05","timezone":"Asia/Tokyo"}`)
	if s.Kind != scheduler.Weekly || s.Weekday != time.Sunday || s.Hour != 9 || s.Minute != 5 || s.Location.String() != "Asia/Tokyo" {
		t.Errorf("parsed as %+v", s)
	}
}

func TestParseScheduleErrors(t *testing.T) {
	t.Parallel()
	const timeJob, eventJob = scheduler.TimeJob, scheduler.EventJob
	tests := []struct {
		jobType       scheduler.JobType
		raw, reason   string
		mustBeInError string
	}{
		{timeJob, ``, "schedule.not_an_object", "not a JSON object"},
		{timeJob, `null`, "schedule.not_an_object", "not a JSON object"},
		{timeJob, `[5]`, "schedule.not_an_object", "not a JSON object"},
		{timeJob, `{}`, "schedule.unknown_kind", "weekdays"},
		{timeJob, `{"kind":"yearly"}`, "schedule.unknown_kind", `"yearly"`},
		{timeJob, `{"Kind":"daily","time":"02:30"}`, "schedule.unknown_kind", `""`},
		{timeJob, `{"kind":5}`, "schedule.unknown_kind", "5"},
		{timeJob, `{"kind":"every_n_minutes"}`, "schedule.bad_interval", "missing"},
		{timeJob, `{"kind":"every_n_minutes","n":0}`, "schedule.bad_interval", "it is 0"},
		{timeJob, `{"kind":"every_n_minutes","n":null}`, "schedule.bad_interval", "it is null"},
		{timeJob, `{"kind":"every_n_minutes","n":1.5}`, "schedule.bad_interval", "it is 1.5"},
		{timeJob, `{"every_n_minutes":"5"}`, "schedule.bad_interval", `it is "5"`},
		{timeJob, `{"kind":"hourly","minute":60}`, "schedule.bad_minute", "it is 60"},
		{timeJob, `{"hourly_at_minute":-1}`, "schedule.bad_minute", "it is -1"},
		{timeJob, `{"kind":"daily","time":"24:00"}`, "schedule.bad_time", `it is "24:00"`},
		{timeJob, `{"kind":"daily","time":"9"}`, "schedule.bad_time", "HH:MM"},
		{timeJob, `{"kind":"weekdays"}`, "schedule.bad_time", "missing"},
		{timeJob, `{"daily_at":230}`, "schedule.bad_time", "it is 230"},
		{timeJob, `{"kind":"weekly","weekday":7,"time":"09:00"}`, "schedule.bad_weekday", "it is 7"},
		{timeJob, `{"kind":"weekly","weekday":0}`, "schedule.bad_time", "missing"},
		{timeJob, `{"kind":"daily","time":"02:30","timezone":"Mars/Base"}`, "schedule.unknown_timezone", `"Mars/Base"`},
		{timeJob, `{"kind":"daily","time":"02:30","timezone":"Local"}`, "schedule.unknown_timezone", `"Local"`},
		{timeJob, `{"kind":"daily","time":"02:30","timezone":"../../etc/passwd"}`, "schedule.unknown_timezone", "IANA"},
		{eventJob, `{}`, "schedule.no_event_type", "no event"},
		{eventJob, `{"event_types":[]}`, "schedule.no_event_type", "no event"},
		{eventJob, `{"event_type":7}`, "schedule.bad_event_type", "it is 7"},
		{eventJob, `{"event_types":["a",""]}`, "schedule.bad_event_type", "not empty"},
		{"cron", `{}`, "schedule.unknown_job_type", `"cron"`},
	}
	for _, tt := range tests {
		_, err := scheduler.ParseSchedule(tt.jobType, json.RawMessage(tt.raw))
		e, ok := errors.AsType[*scheduler.Error](err)
		if !ok || e.Code != scheduler.Invalid || e.Reason != tt.reason || !strings.Contains(err.Error(), tt.mustBeInError) {
			t.Errorf("%s %s: got %v, want %s with %s", tt.jobType, tt.raw, err, tt.reason, tt.mustBeInError)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"every_n_minutes","n":7}`, `{"kind":"hourly","minute":30,"timezone":"Australia/Lord_Howe"}`,
		`{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, `{"kind":"weekdays","time":"00:00","timezone":"Pacific/Apia"}`,
		`{"kind":"weekly","weekday":6,"time":"23:59","timezone":"America/Nuuk"}`, `{"event_types":["x"]}`, `{"daily_at":`,
	} {
		f.Add(seed, int64(1_767_225_600))
	}
	f.Fuzz(func(t *testing.T, raw string, unix int64) {
		for _, jobType := range []scheduler.JobType{scheduler.TimeJob, scheduler.EventJob} {
			s, err := scheduler.ParseSchedule(jobType, json.RawMessage(raw))
			if err != nil {
				continue
			}
			last := time.Unix(unix, 0)
			for _, next := range s.Next(last, 20) {
				if !next.After(last) {
					t.Fatalf("%s: %v does not follow %v", raw, next, last)
				}
				if !s.Due(next) {
					t.Fatalf("%s: %v is listed but not due", raw, next)
				}
				last = next
			}
		}
	})
}

func parse(t *testing.T, raw string) scheduler.Schedule {
	t.Helper()
	s, err := scheduler.ParseSchedule(scheduler.TimeJob, json.RawMessage(raw))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func minute(t *testing.T, text string) time.Time {
	t.Helper()
	m, err := time.Parse("2006-01-02T15:04Z", text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
