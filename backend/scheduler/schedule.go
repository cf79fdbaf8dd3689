package scheduler

import (
	"slices"
	"time"
	_ "time/tzdata" // a schedule's zone must mean the same on every machine, also where none are installed
)

// ScheduleKind tells which fields of a [Schedule] count.
type ScheduleKind string

// The kinds of the contract. OnEvent is ours: jobs that wait for events have no kind in their JSON.
const (
	EveryNMinutes ScheduleKind = "every_n_minutes" // N
	Hourly        ScheduleKind = "hourly"          // Minute
	Daily         ScheduleKind = "daily"           // Hour, Minute
	Weekdays      ScheduleKind = "weekdays"        // Hour, Minute; Monday to Friday
	Weekly        ScheduleKind = "weekly"          // Weekday, Hour, Minute
	OnEvent       ScheduleKind = "event"           // EventTypes
)

// Schedule tells when runs of a job are due. The zero value is never due. Made by [ParseSchedule].
type Schedule struct {
	Kind     ScheduleKind
	N        int // due when the minute of the hour is divisible by N: above 59 only at minute 0
	Minute   int
	Hour     int
	Weekday  time.Weekday
	Location *time.Location // the clock it reads; UTC unless the schedule names another

	eventTypes []string
}

// EventTypes lists the events a job of type event waits for, without duplicates. They match exactly.
func (s Schedule) EventTypes() []string { return slices.Clone(s.eventTypes) }

// Due tells whether a run is due in the minute that t lies in.
func (s Schedule) Due(t time.Time) bool {
	if !searchable(t) {
		return false
	}
	minute := t.UTC().Truncate(time.Minute)
	switch s.Kind {
	case EveryNMinutes, Hourly:
		return s.dueByMinute(minute)
	case Daily, Weekdays, Weekly:
		// A gap that skips a whole day, as in Samoa in 2011, moves a firing by up to a day.
		return slices.ContainsFunc([]int{-1, 0, 1}, func(shift int) bool {
			at, ok := s.firing(minute.In(s.Location), shift)
			return ok && at.Equal(minute)
		})
	}
	return false
}

// Next lists the n first minutes after t in which a run is due, in UTC, strictly increasing. It is shorter than n for
// a schedule without times and at the end of the year 9999.
func (s Schedule) Next(t time.Time, n int) []time.Time {
	var due []time.Time
	for len(due) < n {
		next, ok := s.next(t)
		if !ok {
			break
		}
		due = append(due, next)
		t = next
	}
	return due
}

// next searches at most two hours by the minute or nine days by the day, which is the longest that a clock change
// can put between two firings.
func (s Schedule) next(after time.Time) (time.Time, bool) {
	if !searchable(after) {
		return time.Time{}, false
	}
	minute := after.UTC().Truncate(time.Minute)
	switch s.Kind {
	case EveryNMinutes, Hourly:
		for range 2 * 60 {
			minute = minute.Add(time.Minute)
			if s.dueByMinute(minute) {
				return minute, true
			}
		}
	case Daily, Weekdays, Weekly:
		for shift := -1; shift <= 8; shift++ {
			if at, ok := s.firing(minute.In(s.Location), shift); ok && at.After(minute) {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// dueByMinute follows the clock on the wall minute by minute: a repeated hour is worked through twice, so that a job
// of every five minutes does not rest for an hour in autumn.
func (s Schedule) dueByMinute(minute time.Time) bool {
	local := minute.In(s.Location).Minute()
	if s.Kind == Hourly {
		return local == s.Minute
	}
	return s.N > 0 && local%s.N == 0
}

// firing is when the schedule fires on the date that lies shift days from local's, if it fires on that day of the week.
func (s Schedule) firing(local time.Time, shift int) (time.Time, bool) {
	date := time.Date(local.Year(), local.Month(), local.Day()+shift, s.Hour, s.Minute, 0, 0, time.UTC)
	switch day := date.Weekday(); {
	case s.Kind == Weekdays && (day == time.Saturday || day == time.Sunday):
		return time.Time{}, false
	case s.Kind == Weekly && day != s.Weekday:
		return time.Time{}, false
	}
	return instant(date, s.Location), true
}

// instant is when the wall clock of loc shows what wall shows in UTC. As RFC 5545 §3.3.5 has it, a time that a clock
// change skips is read with the offset from before the change, and one that it repeats means the first.
func instant(wall time.Time, loc *time.Location) time.Time {
	before := at(wall, wall.Add(-24*time.Hour), loc)
	after := at(wall, wall.Add(24*time.Hour), loc)
	if !shows(before, wall, loc) && shows(after, wall, loc) {
		return after.Truncate(time.Minute)
	}
	return before.Truncate(time.Minute)
}

// at reads wall with the offset that loc has at the given moment.
func at(wall, moment time.Time, loc *time.Location) time.Time {
	_, offset := moment.In(loc).Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}

func shows(t, wall time.Time, loc *time.Location) bool {
	const clock = "2006-01-02 15:04:05"
	return t.In(loc).Format(clock) == wall.Format(clock)
}

// searchable keeps the calendar arithmetic inside the years that JSON and PostgreSQL texts can name.
func searchable(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 1 && y <= 9998
}
