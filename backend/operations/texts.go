package operations

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	maxJobName   = 200
	maxJSONBytes = 64 << 10
)

// checkDocument wants a JSON object or array, as jobs take their arguments and events their payload.
func checkDocument(text json.RawMessage) error {
	if err := checkJSON(text); err != nil {
		return err
	}
	if first := bytes.TrimSpace(text); first[0] != '{' && first[0] != '[' {
		return scheduler.Errorf(scheduler.Invalid, "json.no_document", "This has to be a JSON object or array.")
	}
	return nil
}

// checkJSON tells the line and column of the first mistake in a JSON text.
func checkJSON(text json.RawMessage) error {
	if len(text) > maxJSONBytes {
		return scheduler.Errorf(scheduler.Invalid, "json.long", "This JSON text is longer than %d KiB.", maxJSONBytes>>10)
	}
	var whole any
	err := json.Unmarshal(text, &whole)
	switch {
	case err == nil && utf8.Valid(text) && !bytes.Contains(text, []byte(`\u0000`)):
		return nil
	case err == nil:
		return scheduler.Errorf(scheduler.Invalid, "json.bad_character", "This JSON text holds a character that a database can't.")
	}
	offset := int64(len(text))
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = min(e.Offset, offset)
	}
	before := text[:offset]
	line := strconv.Itoa(bytes.Count(before, []byte("\n")) + 1)
	column := strconv.Itoa(max(utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]), 1))
	return scheduler.Errorf(scheduler.Invalid, "json.bad", "This is no JSON: look at line %s, column %s.", line, column).
		With("line", line).With("column", column).Because(err)
}

// badText tells whether a text doesn't fit into a column of limit characters, or holds what nobody could read.
func badText(text string, limit int) bool {
	return utf8.RuneCountInString(text) > limit || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}

func checkJobName(name string) error {
	if name == "" || badText(name, maxJobName) {
		return scheduler.Errorf(scheduler.Invalid, "job.bad_name", "A job's name has 1 to %d characters.", maxJobName)
	}
	return nil
}

// jobRow is a job as the gate takes it: the columns by their names.
func jobRow(j scheduler.Job) json.RawMessage {
	text, _ := json.Marshal(map[string]any{ // its JSON was checked
		"name": j.Name, "enabled": j.Enabled, "type": j.Type, "command_name": j.Command,
		"default_args_json": orEmptyObject(j.DefaultArgs), "schedule": orEmptyObject(j.Schedule),
		"timeout_seconds": int(j.Timeout.Seconds()), "max_retries": j.MaxRetries,
		"retry_backoff_seconds": int(j.RetryBackoff.Seconds()), "concurrency_policy": j.ConcurrencyPolicy,
	})
	return text
}

func orEmptyObject(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("{}")
	}
	return text
}

// checkJob refuses what the gate would: it has no better words for it.
func checkJob(j scheduler.Job) error {
	if err := checkJobName(j.Name); err != nil {
		return err
	}
	if err := checkDocument(orEmptyObject(j.DefaultArgs)); err != nil {
		return err
	}
	_, err := scheduler.ParseSchedule(j.Type, j.Schedule)
	return err
}

func jobText(id scheduler.JobID) string { return strconv.FormatInt(int64(id), 10) }

// jobVersion is what tells two states of a job apart: the scheduler's table has no version column.
func jobVersion(j scheduler.Job) string { return j.UpdatedAt.UTC().Format(time.RFC3339Nano) }
