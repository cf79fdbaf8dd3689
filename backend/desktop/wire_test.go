package desktop

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestErrorsCrossWithoutTheirCause(t *testing.T) {
	t.Parallel()
	secret := errors.New("dial postgres://op:hunter2@db")
	for name, test := range map[string]struct {
		err  error
		want WireError
	}{
		"known": {
			fmt.Errorf("listing: %w", scheduler.Errorf(scheduler.Unavailable, "postgres.unreachable", "No answer from %s.", "db").
				With("host", "db").Because(secret)),
			WireError{Code: "unavailable", Reason: "postgres.unreachable", Args: map[string]string{"host": "db"}, Message: "No answer from db."},
		},
		"unknown": {secret, WireError{
			Code: "internal", Reason: "internal",
			Message: "Something went wrong inside Opsdeck. The log has the cause; please report it.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Wire(test.err)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if strings.Contains(fmt.Sprint(got), "hunter2") {
				t.Error("the cause reached the page")
			}
		})
	}
}

func TestRequestsAreReadStrictly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		filter RunFilter
		reason string
	}{
		"job id":        {RunFilter{JobID: "12; drop"}, "request.bad_id"},
		"negative id":   {RunFilter{JobID: "-1"}, "request.bad_id"},
		"epoch":         {RunFilter{Epoch: "x"}, "request.bad_id"},
		"huge epoch":    {RunFilter{Epoch: "99999999999999999999"}, "request.bad_id"},
		"from":          {RunFilter{CreatedFrom: "yesterday"}, "request.bad_time"},
		"before":        {RunFilter{CreatedBefore: "2026-13-01T00:00:00Z"}, "request.bad_time"},
		"nothing wrong": {RunFilter{JobID: "7", Epoch: "3", CreatedFrom: "2026-11-23T00:00:00+09:00"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := test.filter.parse()
			if reason := Wire(err).Reason; err != nil && reason != test.reason || err == nil && test.reason != "" {
				t.Errorf("got %v, want reason %q", err, test.reason)
			}
		})
	}
}

func TestActivityBecomesDenseSeries(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	a := console.Activity{From: from, To: from.Add(2 * time.Hour), Bucket: 30 * time.Minute}
	a.Buckets = []console.StateCount{
		{Start: from.Add(90 * time.Minute), State: scheduler.Failed, Runs: 2},
		{Start: from, State: "EDITED BY HAND", Runs: 1},
		{Start: from, State: scheduler.Succeeded, Runs: 5},
		{Start: from.Add(2 * time.Hour), State: scheduler.Failed, Runs: 9}, // beyond the window
		{Start: from.Add(-time.Hour), State: scheduler.Failed, Runs: 9},    // before it
	}
	want := []Series{
		{State: "SUCCEEDED", Runs: []int{5, 0, 0, 0}},
		{State: "FAILED", Runs: []int{0, 0, 0, 2}},
		{State: "EDITED BY HAND", Runs: []int{1, 0, 0, 0}},
	}
	if diff := cmp.Diff(want, wireSeries(a.Buckets, a.From, a.To, a.Bucket)); diff != "" {
		t.Error(diff)
	}
}

func TestWeekdaysStartOnMonday(t *testing.T) {
	t.Parallel()
	for day, want := range map[time.Weekday]int{time.Monday: 0, time.Wednesday: 2, time.Sunday: 6} {
		if got := mondayFirst(day); got != want {
			t.Errorf("%s is %d, not %d", day, got, want)
		}
	}
}

func TestNilListsCrossAsEmptyOnes(t *testing.T) {
	t.Parallel()
	a := wireActivity(console.Activity{Bucket: time.Minute})
	if a.Series == nil || a.Failures == nil || a.Late == nil || a.NextDue == nil || a.Open == nil {
		t.Errorf("a list is null on the wire: %+v", a)
	}
	w := wireWorker(console.WorkerRow{}, scheduler.Leadership{})
	if w.Capabilities == nil || wireLeadership(scheduler.Leadership{}).NodeSubLeaders == nil {
		t.Error("a list is null on the wire")
	}
}
