package desktop

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// WireError is an error as the page gets it: Reason and Args for the translated sentence, Message for the rest.
type WireError struct {
	Code    string            `json:"code"`
	Reason  string            `json:"reason"`
	Args    map[string]string `json:"args,omitempty"`
	Message string            `json:"message"`
}

// Wire makes of any error what the page may see. An error without a code is a defect: the operator gets an apology,
// the log has the error.
func Wire(err error) WireError {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return WireError{Code: string(e.Code), Reason: e.Reason, Args: e.Args, Message: e.Message}
	}
	return WireError{
		Code: string(scheduler.Internal), Reason: "internal",
		Message: "Something went wrong inside Opsdeck. The log has the cause; please report it.",
	}
}

// WireText is Wire as JSON text: what a call fails with becomes a JavaScript Error in the page, which holds nothing else.
func WireText(err error) string {
	text, _ := json.Marshal(Wire(err)) // texts can always be marshalled
	return string(text)
}

func wireOptional(err error) *WireError {
	if err == nil {
		return nil
	}
	w := Wire(err)
	return &w
}

func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func wireOptionalTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return wireTime(*t)
}

func wireTimes(times []time.Time) []string {
	texts := make([]string, len(times))
	for i, t := range times {
		texts[i] = wireTime(t)
	}
	return texts
}

func wireMillis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func wireOptionalMillis(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	ms := wireMillis(*d)
	return &ms
}

func wireID[T ~int64](id T) string { return strconv.FormatInt(int64(id), 10) }

func wireOptionalID(id *int64) string {
	if id == nil {
		return ""
	}
	return wireID(*id)
}

func parseID(text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, scheduler.Errorf(scheduler.Invalid, "request.bad_id", "%q is not an id.", text).With("id", text).Because(err)
	}
	return id, nil
}

func parseTime(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "request.bad_time", "%q is not a time.", text).With("time", text).Because(err)
	}
	return &t, nil
}
