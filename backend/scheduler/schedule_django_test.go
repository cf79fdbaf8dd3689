package scheduler_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// djangoRule is the Django application's test for one kind of schedule: it asks of each minute of UTC whether a run is
// due, and knows nothing of time zones.
type djangoRule struct {
	schedule string
	due      func(utc time.Time) bool
}

func djangoRules() []djangoRule {
	clock := func(t time.Time, hour, minute int) bool { return t.Hour() == hour && t.Minute() == minute }
	monday := func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
	var rules []djangoRule
	for _, n := range []int{1, 2, 5, 7, 13, 30, 45, 59, 60, 61, 90, 1440} {
		every := func(t time.Time) bool { return t.Minute()%n == 0 }
		rules = append(rules,
			djangoRule{fmt.Sprintf(`{"kind":"every_n_minutes","n":%d}`, n), every},
			djangoRule{fmt.Sprintf(`{"every_n_minutes":%d}`, n), every})
	}
	for _, m := range []int{0, 15, 59} {
		rules = append(rules, djangoRule{fmt.Sprintf(`{"kind":"hourly","minute":%d}`, m), func(t time.Time) bool { return t.Minute() == m }})
	}
	for _, at := range []struct{ hour, minute int }{{0, 0}, {2, 30}, {9, 0}, {23, 59}} {
		rules = append(rules,
			djangoRule{fmt.Sprintf(`{"kind":"daily","time":"%02d:%02d"}`, at.hour, at.minute),
				func(t time.Time) bool { return clock(t, at.hour, at.minute) }},
			djangoRule{fmt.Sprintf(`{"kind":"weekdays","time":"%02d:%02d"}`, at.hour, at.minute),
				func(t time.Time) bool { return monday(t) < 5 && clock(t, at.hour, at.minute) }})
		for day := range 7 {
			rules = append(rules, djangoRule{fmt.Sprintf(`{"kind":"weekly","weekday":%d,"time":"%02d:%02d"}`, day, at.hour, at.minute),
				func(t time.Time) bool { return monday(t) == day && clock(t, at.hour, at.minute) }})
		}
	}
	return rules
}

// The console predicts, the node makes runs, and the Django application does too: all three have to agree on every
// minute. Sixteen days hold every weekday twice, a month's and a year's end.
func TestSchedulesAreDueWhenTheDjangoApplicationSaysSo(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 0, 16)
	for _, rule := range djangoRules() {
		t.Run(rule.schedule, func(t *testing.T) {
			t.Parallel()
			s := parse(t, rule.schedule)
			var want []time.Time
			for m := from; m.Before(to); m = m.Add(time.Minute) {
				due := rule.due(m)
				if due {
					want = append(want, m)
				}
				if s.Due(m.Add(17*time.Second)) != due {
					t.Fatalf("Due(%v) is %t", m, !due)
				}
			}
			got := s.Between(from, to, len(want)+1)
			if len(got) != len(want) {
				t.Fatalf("%d times in the window, not %d", len(got), len(want))
			}
			for i := range want {
				if !got[i].Equal(want[i]) {
					t.Fatalf("time %d is %v, not %v", i, got[i], want[i])
				}
			}
		})
	}
}

func TestATimezoneIsIgnoredByTheDjangoApplication(t *testing.T) {
	t.Parallel()
	plain := parse(t, `{"kind":"weekly","weekday":0,"time":"02:30"}`)
	zoned := parse(t, `{"kind":"weekly","weekday":0,"time":"02:30","timezone":"Asia/Tokyo"}`).InUTC()
	for i, want := range plain.Next(monday, 5) {
		if got := zoned.Next(monday, 5)[i]; !got.Equal(want) {
			t.Errorf("time %d is %v, not %v", i, got, want)
		}
	}
}

func TestBetweenTakesItsBeginAndLeavesItsEnd(t *testing.T) {
	t.Parallel()
	s := parse(t, `{"kind":"every_n_minutes","n":5}`)
	from := minute(t, "2026-03-02T10:05Z")
	for _, tt := range []struct {
		name     string
		from, to time.Time
		limit    int
		want     int
	}{
		{"both on a minute", from, from.Add(10 * time.Minute), 10, 2},
		{"begun inside the minute", from.Add(time.Second), from.Add(10 * time.Minute), 10, 1},
		{"ends inside the minute", from, from.Add(5*time.Minute + time.Second), 10, 2},
		{"limited", from, from.Add(time.Hour), 3, 3},
		{"empty", from, from, 10, 0},
		{"backwards", from, from.Add(-time.Hour), 10, 0},
	} {
		if got := s.Between(tt.from, tt.to, tt.limit); len(got) != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if got := (scheduler.Schedule{}).Between(from, from.Add(time.Hour), 10); got != nil {
		t.Errorf("a schedule without times has %v", got)
	}
}
