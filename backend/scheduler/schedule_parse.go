package scheduler

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// scheduleFields are the members of a schedule's JSON object. Names match exactly, unlike in a struct; unknown ones
// are ignored, as the schedulers in the field do.
type scheduleFields map[string]json.RawMessage

// ParseSchedule reads the schedule column of a job definition. The error is an [*Error] of code Invalid that says
// which part is wrong; such a job never fires. A schedule may carry "timezone", an IANA name, which only nodes of
// this project obey: other schedulers read the same times in UTC.
func ParseSchedule(jobType JobType, raw json.RawMessage) (Schedule, error) {
	var doc scheduleFields
	if err := json.Unmarshal(raw, &doc); err != nil || doc == nil {
		return Schedule{}, invalidSchedule("schedule.not_an_object", "the schedule is not a JSON object").Because(err)
	}
	switch jobType {
	case TimeJob:
		return parseTimes(doc)
	case EventJob:
		return parseEvents(doc)
	}
	return Schedule{}, invalidSchedule("schedule.unknown_job_type",
		"the job's type %q is neither %q nor %q", jobType, TimeJob, EventJob).With("type", string(jobType))
}

func parseTimes(doc scheduleFields) (Schedule, error) {
	s := Schedule{Location: time.UTC}
	var err error
	switch { // a kind decides; the shapes without one are an older scheduler's and the design's
	case doc["kind"] != nil:
		s, err = parseKind(s, doc)
	case doc["every_n_minutes"] != nil:
		s.Kind = EveryNMinutes
		s.N, err = parseInterval(doc["every_n_minutes"])
	case doc["hourly_at_minute"] != nil:
		s.Kind = Hourly
		s.Minute, err = parseMinute(doc["hourly_at_minute"])
	case doc["daily_at"] != nil:
		s.Kind = Daily
		s.Hour, s.Minute, err = parseClock(doc["daily_at"])
	default:
		err = unknownKind("")
	}
	if err == nil && doc["timezone"] != nil {
		s.Location, err = parseZone(doc["timezone"])
	}
	if err != nil {
		return Schedule{}, err
	}
	return s, nil
}

func parseKind(s Schedule, doc scheduleFields) (Schedule, error) {
	var kind string
	if json.Unmarshal(doc["kind"], &kind) != nil {
		return s, unknownKind(string(doc["kind"]))
	}
	var err error
	s.Kind = ScheduleKind(kind)
	switch s.Kind {
	case EveryNMinutes:
		s.N, err = parseInterval(doc["n"])
	case Hourly:
		s.Minute, err = parseMinute(doc["minute"])
	case Weekly:
		if s.Weekday, err = parseWeekday(doc["weekday"]); err != nil {
			return s, err
		}
		s.Hour, s.Minute, err = parseClock(doc["time"])
	case Daily, Weekdays:
		s.Hour, s.Minute, err = parseClock(doc["time"])
	default:
		err = unknownKind(kind)
	}
	return s, err
}

func parseInterval(raw json.RawMessage) (int, error) {
	if n, ok := wholeNumber(raw); ok && n > 0 {
		return n, nil
	}
	return 0, badField("schedule.bad_interval", "the interval must be a whole number of minutes above 0", raw)
}

func parseMinute(raw json.RawMessage) (int, error) {
	if n, ok := wholeNumber(raw); ok && n >= 0 && n <= 59 {
		return n, nil
	}
	return 0, badField("schedule.bad_minute", "the minute must be a whole number from 0 to 59", raw)
}

// parseWeekday reads Monday as 0, as the contract counts, where Go's time.Weekday has Sunday.
func parseWeekday(raw json.RawMessage) (time.Weekday, error) {
	if n, ok := wholeNumber(raw); ok && n >= 0 && n <= 6 {
		return time.Weekday((n + 1) % 7), nil
	}
	return 0, badField("schedule.bad_weekday", "the weekday must be a number from 0 (Monday) to 6 (Sunday)", raw)
}

func parseClock(raw json.RawMessage) (hour, minute int, err error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if t, err := time.Parse("15:04", text); err == nil {
			return t.Hour(), t.Minute(), nil
		}
	}
	return 0, 0, badField("schedule.bad_time", "the time must be written HH:MM, from 00:00 to 23:59", raw)
}

func parseZone(raw json.RawMessage) (*time.Location, error) {
	var name string
	// "Local" would mean another time on every machine.
	if json.Unmarshal(raw, &name) == nil && name != "" && name != "Local" {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	return nil, badField("schedule.unknown_timezone", "the time zone must be an IANA name such as Asia/Tokyo", raw)
}

func parseEvents(doc scheduleFields) (Schedule, error) {
	types, ok := eventTypes(doc)
	if !ok {
		return Schedule{}, badField("schedule.bad_event_type", "event types must be texts that are not empty",
			slices.Concat(doc["event_type"], doc["event_types"]))
	}
	if len(types) == 0 {
		return Schedule{}, invalidSchedule("schedule.no_event_type",
			"the job waits for no event: its schedule names neither event_type nor event_types")
	}
	return Schedule{Kind: OnEvent, Location: time.UTC, eventTypes: types}, nil
}

func eventTypes(doc scheduleFields) (types []string, ok bool) {
	if doc["event_type"] != nil {
		var one string
		if json.Unmarshal(doc["event_type"], &one) != nil {
			return nil, false
		}
		types = append(types, one)
	}
	if doc["event_types"] != nil {
		var many []string
		if json.Unmarshal(doc["event_types"], &many) != nil {
			return nil, false
		}
		types = append(types, many...)
	}
	slices.Sort(types)
	types = slices.Compact(types)
	return types, !slices.Contains(types, "")
}

// wholeNumber refuses null, which encoding/json would leave as 0.
func wholeNumber(raw json.RawMessage) (int, bool) {
	var n *int
	if json.Unmarshal(raw, &n) != nil || n == nil {
		return 0, false
	}
	return *n, true
}

func unknownKind(kind string) *Error {
	const known = "every_n_minutes, hourly, daily, weekdays, weekly"
	return invalidSchedule("schedule.unknown_kind", "the schedule's kind %q is none of %s", kind, known).
		With("kind", kind).With("known", known)
}

func badField(reason, rule string, raw json.RawMessage) *Error {
	found := strings.ToValidUTF8(string(raw[:min(len(raw), 80)]), "")
	if found == "" {
		return invalidSchedule(reason, "%s; it is missing", rule).With("value", "")
	}
	return invalidSchedule(reason, "%s; it is %s", rule, found).With("value", found)
}

func invalidSchedule(reason, format string, args ...any) *Error {
	return Errorf(Invalid, reason, format, args...)
}
