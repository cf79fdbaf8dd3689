package scheduler

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// scheduleMembers are the members that ParseSchedule reads. Others belong to somebody else and are kept.
var scheduleMembers = []string{
	"kind", "n", "minute", "time", "weekday", "timezone", "every_n_minutes", "hourly_at_minute", "daily_at", "event_type", "event_types",
}

// RewriteSchedule gives the schedule column for a job that should fire as wanted says. What wanted already means is not
// touched at all: an older scheduler's shape stays as it stands, to the byte. A legacy shape keeps its form where it can
// say the new time; otherwise the contract's own shape is written. Members that no scheduler reads stay.
// The error is an [*Error] of code Invalid; wanted comes from a form and is checked as if it were read from JSON.
func RewriteSchedule(jobType JobType, old json.RawMessage, wanted Schedule) (json.RawMessage, error) {
	if before, err := ParseSchedule(jobType, old); err == nil && before.sameAs(wanted) {
		return old, nil
	}
	var doc scheduleFields
	if json.Unmarshal(old, &doc) != nil || doc == nil {
		doc = scheduleFields{}
	}
	rewritten := maps.Clone(doc)
	for _, member := range scheduleMembers {
		delete(rewritten, member)
	}
	wanted.write(rewritten, doc)
	text, err := json.Marshal(rewritten)
	if err != nil {
		return nil, err // raw members came out of a valid document
	}
	if _, err := ParseSchedule(jobType, text); err != nil {
		return nil, err
	}
	return text, nil
}

// write adds the members that say s, in the shape of old if that is a legacy one of the same kind.
func (s Schedule) write(to, old scheduleFields) {
	put := func(name string, value any) {
		to[name], _ = json.Marshal(value) // texts and numbers can always be written
	}
	clock := fmt.Sprintf("%02d:%02d", s.Hour, s.Minute)
	_, named := old["kind"]
	legacy := func(member string) bool { return !named && old[member] != nil }
	switch s.Kind {
	case EveryNMinutes:
		if legacy("every_n_minutes") {
			put("every_n_minutes", s.N)
			break
		}
		put("kind", s.Kind)
		put("n", s.N)
	case Hourly:
		if legacy("hourly_at_minute") {
			put("hourly_at_minute", s.Minute)
			break
		}
		put("kind", s.Kind)
		put("minute", s.Minute)
	case Daily, Weekdays, Weekly:
		if s.Kind == Daily && legacy("daily_at") {
			put("daily_at", clock)
			break
		}
		put("kind", s.Kind)
		put("time", clock)
		if s.Kind == Weekly {
			put("weekday", (int(s.Weekday)+6)%7) // the contract counts from Monday
		}
	case OnEvent:
		if types := s.eventTypes; len(types) == 1 {
			put("event_type", types[0])
		} else {
			put("event_types", append([]string{}, types...))
		}
		return
	default:
		put("kind", s.Kind) // refused when it is read again
	}
	// UTC is what a schedule without a zone means to every scheduler; naming it would change nothing but the text.
	if s.Location != nil && (s.Location != time.UTC || old["timezone"] != nil) {
		put("timezone", s.Location.String())
	}
}

// sameAs tells whether two schedules are due at the same times for the same reasons.
func (s Schedule) sameAs(o Schedule) bool {
	zone := func(l *time.Location) string {
		if l == nil {
			return time.UTC.String()
		}
		return l.String()
	}
	same := s.Kind == o.Kind && zone(s.Location) == zone(o.Location)
	switch s.Kind {
	case EveryNMinutes:
		return same && s.N == o.N
	case Hourly:
		return same && s.Minute == o.Minute
	case Daily, Weekdays:
		return same && s.Hour == o.Hour && s.Minute == o.Minute
	case Weekly:
		return same && s.Hour == o.Hour && s.Minute == o.Minute && s.Weekday == o.Weekday
	case OnEvent:
		return same && slices.Equal(s.eventTypes, o.eventTypes)
	}
	return false
}

// NewEventSchedule is the schedule of a job that waits for events of these types.
func NewEventSchedule(types []string) Schedule {
	sorted := slices.Clone(types)
	slices.Sort(sorted)
	return Schedule{Kind: OnEvent, Location: time.UTC, eventTypes: slices.Compact(sorted)}
}
