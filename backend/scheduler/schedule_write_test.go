package scheduler_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRewriteScheduleKeepsWhatItCan(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, wanted, want string }{
		{"the same stays to the byte", `{ "time":"02:30","kind":"daily" }`, `{"kind":"daily","time":"02:30"}`, `{ "time":"02:30","kind":"daily" }`},
		{"the same in a legacy shape too", `{"every_n_minutes": 5}`, `{"kind":"every_n_minutes","n":5}`, `{"every_n_minutes": 5}`},
		{"a named UTC is the same", `{"daily_at":"02:30","timezone":"UTC"}`, `{"kind":"daily","time":"02:30"}`, `{"daily_at":"02:30","timezone":"UTC"}`},
		{"a legacy interval keeps its shape", `{"every_n_minutes":5}`, `{"kind":"every_n_minutes","n":10}`, `{"every_n_minutes":10}`},
		{"a legacy hour too", `{"hourly_at_minute":5}`, `{"kind":"hourly","minute":6}`, `{"hourly_at_minute":6}`},
		{"a legacy day too", `{"daily_at":"02:30"}`, `{"kind":"daily","time":"03:00"}`, `{"daily_at":"03:00"}`},
		{"another kind takes the contract's shape", `{"daily_at":"02:30"}`, `{"kind":"weekdays","time":"02:30"}`, `{"kind":"weekdays","time":"02:30"}`},
		{"members of others stay", `{"kind":"daily","time":"02:30","owner":"kita","n":7}`, `{"kind":"hourly","minute":1}`, `{"kind":"hourly","minute":1,"owner":"kita"}`},
		{"a zone is written", `{"kind":"daily","time":"02:30"}`, `{"kind":"daily","time":"02:30","timezone":"Asia/Tokyo"}`, `{"kind":"daily","time":"02:30","timezone":"Asia/Tokyo"}`},
		{"a zone is taken back", `{"kind":"hourly","minute":1,"timezone":"Asia/Kolkata"}`, `{"kind":"hourly","minute":1}`, `{"kind":"hourly","minute":1,"timezone":"UTC"}`},
		{"Monday is 0", `{}`, `{"kind":"weekly","weekday":6,"time":"00:05"}`, `{"kind":"weekly","time":"00:05","weekday":6}`},
		{"a new job has nothing before", ``, `{"kind":"every_n_minutes","n":15}`, `{"kind":"every_n_minutes","n":15}`},
		{"what was broken is replaced", `{"kind":"lunar","phase":"full"}`, `{"kind":"daily","time":"01:00"}`, `{"kind":"daily","phase":"full","time":"01:00"}`},
		{"what was no object too", `[5]`, `{"kind":"daily","time":"01:00"}`, `{"kind":"daily","time":"01:00"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := scheduler.RewriteSchedule(scheduler.TimeJob, json.RawMessage(tt.old), parse(t, tt.wanted))
			if err != nil || string(got) != tt.want {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestRewriteScheduleOfEvents(t *testing.T) {
	t.Parallel()
	rewrite := func(old string, types ...string) (string, error) {
		got, err := scheduler.RewriteSchedule(scheduler.EventJob, json.RawMessage(old), scheduler.NewEventSchedule(types))
		return string(got), err
	}
	for _, tt := range []struct {
		old   string
		types []string
		want  string
	}{
		{`{"event_types":["b","a"]}`, []string{"a", "b", "a"}, `{"event_types":["b","a"]}`},
		{`{"event_types":["b","a"]}`, []string{"c"}, `{"event_type":"c"}`},
		{`{"event_type":"a","x":1}`, []string{"b", "a"}, `{"event_types":["a","b"],"x":1}`},
	} {
		if got, err := rewrite(tt.old, tt.types...); err != nil || got != tt.want {
			t.Errorf("%s with %q: %s, %v", tt.old, tt.types, got, err)
		}
	}
	if _, err := rewrite(`{}`); err == nil {
		t.Error("an event job that waits for nothing was written")
	}
}

// What was wrong stays as it was: nothing is written that can't be read again.
func TestRewriteScheduleRefusesWhatNobodyCouldRead(t *testing.T) {
	t.Parallel()
	for _, wanted := range []scheduler.Schedule{{}, {Kind: "lunar"}, {Kind: scheduler.EveryNMinutes}, {Kind: scheduler.Daily, Hour: 24}, {Kind: scheduler.Hourly, Minute: 60}} {
		_, err := scheduler.RewriteSchedule(scheduler.TimeJob, json.RawMessage(`{"kind":"daily","time":"02:30"}`), wanted)
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Code != scheduler.Invalid {
			t.Errorf("%+v: %v", wanted, err)
		}
	}
}

func FuzzRewriteSchedule(f *testing.F) {
	f.Add(`{"daily_at":"02:30","x":{"y":[1]}}`, `{"kind":"weekly","weekday":3,"time":"23:59","timezone":"Europe/Berlin"}`)
	f.Add(`{"every_n_minutes":5}`, `{"kind":"every_n_minutes","n":61}`)
	f.Add(`{"event_type":"<b>"}`, `{"event_types":["a","\u0000"]}`)
	f.Fuzz(func(t *testing.T, old, wanted string) {
		for _, jobType := range []scheduler.JobType{scheduler.TimeJob, scheduler.EventJob} {
			want, err := scheduler.ParseSchedule(jobType, json.RawMessage(wanted))
			if err != nil {
				continue
			}
			text, err := scheduler.RewriteSchedule(jobType, json.RawMessage(old), want)
			if err != nil {
				t.Fatalf("%s over %s: %v", wanted, old, err)
			}
			got, err := scheduler.ParseSchedule(jobType, text)
			if err != nil {
				t.Fatalf("%s over %s became %s: %v", wanted, old, text, err)
			}
			at := time.Unix(1_767_225_600, 0)
			if !slices.EqualFunc(got.Next(at, 5), want.Next(at, 5), time.Time.Equal) || !slices.Equal(got.EventTypes(), want.EventTypes()) {
				t.Fatalf("%s over %s became %s", wanted, old, text)
			}
		}
	})
}

func TestNotesTellWhatMaySurprise(t *testing.T) {
	t.Parallel()
	type note struct {
		kind scheduler.ScheduleNoteKind
		at   string
	}
	for _, tt := range []struct {
		schedule string
		want     []note
	}{
		{`{"kind":"every_n_minutes","n":15}`, nil},
		{`{"kind":"every_n_minutes","n":60}`, nil},
		{`{"kind":"every_n_minutes","n":7}`, []note{{scheduler.UnevenInterval, ""}}},
		{`{"kind":"every_n_minutes","n":90}`, []note{{scheduler.HourlyInterval, ""}}},
		{`{"kind":"hourly","minute":5}`, nil},
		{`{"kind":"daily","time":"02:30"}`, nil},
		{`{"kind":"daily","time":"02:30","timezone":"Asia/Tokyo"}`, nil},
		{`{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, []note{{scheduler.SkippedTime, "2026-03-29T01:30Z"}, {scheduler.RepeatedTime, "2026-10-25T00:30Z"}}},
		{`{"kind":"daily","time":"03:30","timezone":"Europe/Berlin"}`, nil},
		{`{"kind":"daily","time":"03:00","timezone":"Europe/Berlin"}`, nil},
		{`{"kind":"daily","time":"02:00","timezone":"Europe/Berlin"}`, []note{{scheduler.SkippedTime, "2026-03-29T01:00Z"}, {scheduler.RepeatedTime, "2026-10-25T00:00Z"}}},
		{`{"kind":"weekdays","time":"02:30","timezone":"Europe/Berlin"}`, nil}, // clocks change on Sundays
		{`{"kind":"weekly","weekday":6,"time":"02:30","timezone":"Europe/Berlin"}`, []note{{scheduler.SkippedTime, "2026-03-29T01:30Z"}, {scheduler.RepeatedTime, "2026-10-25T00:30Z"}}},
		{`{"kind":"daily","time":"02:10","timezone":"Australia/Lord_Howe"}`, []note{{scheduler.SkippedTime, "2026-10-03T15:40Z"}}},
		{`{"kind":"daily","time":"00:30","timezone":"Africa/Cairo"}`, []note{{scheduler.SkippedTime, "2026-04-23T22:30Z"}}},
	} {
		t.Run(tt.schedule, func(t *testing.T) {
			t.Parallel()
			s := parse(t, tt.schedule)
			got := s.Notes(monday)
			if len(got) != len(tt.want) {
				t.Fatalf("%+v, want %+v", got, tt.want)
			}
			for i, want := range tt.want {
				if got[i].Kind != want.kind || want.at == "" != got[i].At.IsZero() || want.at != "" && !got[i].At.Equal(minute(t, want.at)) {
					t.Errorf("%+v, want %+v", got[i], want)
				}
				if want.at != "" && !s.Due(got[i].At) {
					t.Errorf("it is not due at %v", got[i].At)
				}
			}
		})
	}
}
