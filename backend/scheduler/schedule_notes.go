package scheduler

import "time"

// Between lists the minutes in [from, to) in which a run is due, in UTC, but at most limit of them.
func (s Schedule) Between(from, to time.Time, limit int) []time.Time {
	var due []time.Time
	// The minute that from lies in counts only if it begins there.
	at := from.Add(-time.Nanosecond).UTC().Truncate(time.Minute)
	for len(due) < limit {
		next, ok := s.next(at)
		if !ok || !next.Before(to) {
			break
		}
		due = append(due, next)
		at = next
	}
	return due
}

// InUTC is the schedule as a scheduler reads it that knows no time zones.
func (s Schedule) InUTC() Schedule {
	s.Location = time.UTC
	return s
}

// ScheduleNoteKind tells what an operator may not expect of a schedule.
type ScheduleNoteKind string

// The kinds of notes.
const (
	UnevenInterval ScheduleNoteKind = "uneven" // N doesn't divide 60: the last stretch of each hour is shorter
	HourlyInterval ScheduleNoteKind = "hourly" // N is above 60: only minute 0 of each hour is left
	SkippedTime    ScheduleNoteKind = "gap"    // on a day to come the clock skips its time
	RepeatedTime   ScheduleNoteKind = "repeat" // on a day to come the clock shows its time twice
	noteHorizon                     = 400 * 24 * time.Hour
)

// ScheduleNote is something about a schedule that is right and may still surprise.
type ScheduleNote struct {
	Kind ScheduleNoteKind
	At   time.Time // of clock changes: when it fires instead, or fires first; zero otherwise
}

// Notes lists what may surprise about a schedule, looking from now a little more than a year ahead.
func (s Schedule) Notes(now time.Time) []ScheduleNote {
	switch s.Kind {
	case EveryNMinutes:
		switch {
		case s.N > 60:
			return []ScheduleNote{{Kind: HourlyInterval}}
		case 60%s.N != 0:
			return []ScheduleNote{{Kind: UnevenInterval}}
		}
	case Daily, Weekdays, Weekly:
		return s.clockChanges(now)
	}
	return nil
}

// clockChanges finds the first day to come on which the schedule's time is skipped, and the first on which it is
// repeated. A zone without changes of its clock has neither.
func (s Schedule) clockChanges(now time.Time) []ScheduleNote {
	var notes []ScheduleNote
	seen := map[ScheduleNoteKind]bool{}
	for at := now; at.Before(now.Add(noteHorizon)); {
		_, change := at.In(s.Location).ZoneBounds()
		if change.IsZero() {
			break
		}
		if note, ok := s.atChange(change); ok && !seen[note.Kind] && change.After(now) {
			seen[note.Kind] = true
			notes = append(notes, note)
		}
		at = change
	}
	return notes
}

// atChange tells what becomes of the schedule's time on the day of a clock change.
func (s Schedule) atChange(change time.Time) (ScheduleNote, bool) {
	_, before := change.Add(-time.Second).In(s.Location).Zone()
	_, after := change.In(s.Location).Zone()
	kind := SkippedTime
	from, to := wallAt(change, before), wallAt(change, after)
	if after < before {
		kind, from, to = RepeatedTime, to, from
	}
	for shift := -1; shift <= 1; shift++ {
		day := from.AddDate(0, 0, shift)
		wall := time.Date(day.Year(), day.Month(), day.Day(), s.Hour, s.Minute, 0, 0, time.UTC)
		if wall.Before(from) || !wall.Before(to) {
			continue
		}
		if at, ok := s.firing(wall, 0); ok {
			return ScheduleNote{Kind: kind, At: at}, true
		}
	}
	return ScheduleNote{}, false
}

// wallAt is what a clock with an offset in seconds shows at a moment, written as a time in UTC.
func wallAt(moment time.Time, offset int) time.Time {
	return moment.UTC().Add(time.Duration(offset) * time.Second)
}
