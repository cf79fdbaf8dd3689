package scheduler

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is, for the code that has to react to it.
type Code string

// The codes that cross to the screen. Everything that has none is Internal.
const (
	Conflict    Code = "conflict"    // somebody else changed it first
	Forbidden   Code = "forbidden"   // the server that owns the data refused
	Internal    Code = "internal"    // a defect of ours; the log has the cause
	Invalid     Code = "invalid"     // the request can't be right, whatever the cluster's state
	NotFound    Code = "not_found"   // no such thing, or no longer
	Unavailable Code = "unavailable" // a server did not answer in time
	Stale       Code = "stale"       // the screen showed an older state than the cluster has
)

// Error is a failure an operator can be told about.
//
// Reason is a stable key such as "postgres.unreachable" that the screens translate, with Args as its values; Message
// is the English sentence for logs, the command line and untranslated reasons. Cause is for the log alone: it may
// hold addresses and is never shown.
type Error struct {
	Code    Code
	Reason  string
	Message string
	Args    map[string]string
	Cause   error
}

func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.Cause.Error()
}

// Unwrap gives errors.Is and errors.As the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an Error with a reason key and an English sentence.
func Errorf(code Code, reason, format string, args ...any) *Error {
	return &Error{Code: code, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// With adds a value that the translated sentence names, and returns the same error.
func (e *Error) With(name, value string) *Error {
	if e.Args == nil {
		e.Args = map[string]string{}
	}
	e.Args[name] = value
	return e
}

// Because adds the cause for the log, and returns the same error.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// CodeOf tells the code of the first [Error] in err's chain: Internal if there is none, "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}
