package gate_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The gate takes exactly the schedules that the console and the node can read, and names the same fault.
func TestSchedulesAreJudgedAsInGo(t *testing.T) {
	t.Parallel()
	g := newGated(t)
	values := []string{`5`, `0`, `-1`, `1.5`, `60`, `59`, `"5"`, `null`, `true`, `""`, `"02:30"`, `"2:30"`, `"24:00"`, `"02:60"`, `"02:3"`, `"x"`, `[]`, `["a"]`, `["a", ""]`,
		`["a", 1]`, `{}`, `"Asia/Tokyo"`, `"UTC"`, `"Mars/Olympus"`, `"Local"`}
	schedules := []string{`{}`, `[]`, `null`, `"x"`, `3`, `{"kind": "monthly"}`, `{"kind": null}`, `{"kind": "daily"}`, `{"kind": "hourly"}`}
	for _, v := range values {
		schedules = append(schedules,
			`{"kind": "every_n_minutes", "n": `+v+`}`, `{"kind": "hourly", "minute": `+v+`}`, `{"kind": "daily", "time": `+v+`}`,
			`{"kind": "weekdays", "time": `+v+`}`, `{"kind": "weekly", "weekday": `+v+`, "time": "09:00"}`, `{"kind": "weekly", "weekday": 1, "time": `+v+`}`,
			`{"every_n_minutes": `+v+`}`, `{"hourly_at_minute": `+v+`}`, `{"daily_at": `+v+`}`, `{"event_type": `+v+`}`, `{"event_types": `+v+`}`,
			`{"event_type": "a", "event_types": `+v+`}`, `{"kind": "daily", "time": "09:00", "timezone": `+v+`}`, `{"kind": `+v+`}`)
	}
	for _, kind := range []scheduler.JobType{scheduler.TimeJob, scheduler.EventJob, "moon"} {
		for _, text := range schedules {
			want := ""
			if _, err := scheduler.ParseSchedule(kind, json.RawMessage(text)); err != nil {
				e, _ := errors.AsType[*scheduler.Error](err)
				want = e.Reason
			}
			if got := g.value(g.super, "select opsdeck._schedule_problem($1, $2)", string(kind), text); got != want {
				t.Errorf("%s %s: %q in SQL, %q in Go", kind, text, got, want)
			}
		}
	}
}
