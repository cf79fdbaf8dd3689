package compare

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The fields by the columns of the contract.
const (
	FieldEnabled  = "enabled"
	FieldType     = "type"
	FieldSchedule = "schedule"
	FieldCommand  = "command_name"
	FieldArgs     = "default_args_json"
	FieldTimeout  = "timeout_seconds"
	FieldRetries  = "max_retries"
	FieldBackoff  = "retry_backoff_seconds"
	FieldPolicy   = "concurrency_policy"
	FieldValue    = "value" // of a setting
)

// jobFields are the fields of a job that its operators decide, in the order in which they are shown.
func jobFields(j scheduler.Job) []Field {
	fields := []Field{
		{Name: FieldEnabled, Here: json.RawMessage(strconv.FormatBool(j.Enabled))},
		{Name: FieldType, Here: text(string(j.Type))},
		{Name: FieldSchedule, Here: j.Schedule},
		{Name: FieldCommand, Here: text(j.Command)},
		{Name: FieldArgs, Here: j.DefaultArgs},
		{Name: FieldTimeout, Here: number(int(j.Timeout.Seconds()))},
		{Name: FieldRetries, Here: number(j.MaxRetries)},
		{Name: FieldBackoff, Here: number(int(j.RetryBackoff.Seconds()))},
		{Name: FieldPolicy, Here: text(string(j.ConcurrencyPolicy))},
	}
	for i := range fields {
		if fields[i].Name == FieldArgs && (j.ArgsMasked || masked(j.DefaultArgs)) {
			fields[i].State = Unknown
		}
	}
	return fields
}

// KeepField gives a job one field of another definition of it, as where the field is expected to differ.
func KeepField(job *scheduler.Job, of scheduler.Job, field string) {
	switch field {
	case FieldEnabled:
		job.Enabled = of.Enabled
	case FieldType:
		job.Type = of.Type
	case FieldSchedule:
		job.Schedule = of.Schedule
	case FieldCommand:
		job.Command = of.Command
	case FieldArgs:
		job.DefaultArgs, job.ArgsMasked = of.DefaultArgs, of.ArgsMasked
	case FieldTimeout:
		job.Timeout = of.Timeout
	case FieldRetries:
		job.MaxRetries = of.MaxRetries
	case FieldBackoff:
		job.RetryBackoff = of.RetryBackoff
	case FieldPolicy:
		job.ConcurrencyPolicy = of.ConcurrencyPolicy
	}
}

func settingField(s console.Setting) Field {
	if s.Spec.Secret || s.Hidden || masked(s.Value) {
		return Field{Name: FieldValue, State: Unknown}
	}
	return Field{Name: FieldValue, Here: s.Value}
}

// masked tells whether a secret was taken out of a document, so that nobody knows what it is.
func masked(document json.RawMessage) bool {
	return bytes.Contains(document, []byte(console.Masked)) || bytes.Contains(document, []byte(`\u003cmasked\u003e`))
}

// same tells whether two JSON documents mean the same: the order of names and the spelling of numbers don't matter.
func same(a, b json.RawMessage) bool {
	if (a == nil) != (b == nil) {
		return false
	}
	if bytes.Equal(a, b) {
		return true
	}
	x, okX := decode(a)
	y, okY := decode(b)
	return okX && okY && reflect.DeepEqual(x, y)
}

func decode(document json.RawMessage) (value any, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	return numbers(value), true
}

// numbers makes numbers comparable that are spelled differently: whole ones stay exact.
func numbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			if whole := int64(f); float64(whole) == f && f < 1<<53 && f > -(1<<53) {
				return whole
			}
			return f
		}
		return v.String()
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = numbers(v[name])
		}
	}
	return value
}

func text(s string) json.RawMessage {
	quoted, _ := json.Marshal(s) // any text can be
	return quoted
}

func number(n int) json.RawMessage { return json.RawMessage(strconv.Itoa(n)) }
