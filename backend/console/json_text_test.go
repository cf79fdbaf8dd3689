package console_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}

func TestArgumentsAreRefusedAtTheirPlace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, reason string
		line, column       int
	}{
		{"an object", `{"a": 1, "b": [true, null, "x"]}`, "", 0, 0},
		{"an array", ` [1, {"a": 1}, {"a": 2}]`, "", 0, 0},
		{"the same name in two objects", `{"a": {"a": 1}, "b": {"a": 2}}`, "", 0, 0},
		{"a large number", `{"n": 123456789012345678901234567890.5}`, "", 0, 0},
		{"a whole pair of escapes", `{"a": "\ud83d\ude00"}`, "", 0, 0},
		{"the replacement character itself", `{"a": "` + "\ufffd" + `"}`, "", 0, 0},
		{"a missing quote", "{\n  \"a\": 1,\n  b: 2\n}", "args.syntax", 3, 3},
		{"a comma too many", "{\n\t\"a\": 1,\n}", "args.syntax", 3, 1},
		{"columns count characters", "{\"日本語\": 1 x}", "args.syntax", 1, 11},
		{"a character of several bytes", "{\"a\": 日}", "args.syntax", 1, 7},
		{"text behind the end", "{} {}", "args.syntax", 1, 4},
		{"a single quote", "{'a': 1}", "args.syntax", 1, 2},
		{"a line break in a text", "{\"a\": \"x\ny\"}", "args.syntax", 1, 9},
		{"cut off", "{\"a\": [1,\n", "args.truncated", 2, 1},
		{"nothing", "", "args.truncated", 1, 1},
		{"a text", "\n \"a\"", "args.not_container", 2, 2},
		{"null", "null", "args.not_container", 1, 1},
		{"a name twice", "{\n  \"a\": 1,\n  \"a\": 2\n}", "args.duplicate", 3, 3},
		{"a name twice, deeper, escaped", `{"x": [{"a": {}, "\u0061": 2}]}`, "args.duplicate", 1, 18},
		{"a name twice with a container between", `{"a": {"b": 1}, "a": 2}`, "args.duplicate", 1, 17},
		{"a NUL", `{"a": "\u0000"}`, "args.nul", 1, 7},
		{"half a character", `{"a": "\ud83d"}`, "args.surrogate", 1, 7},
		{"half a character in a name", `{"\udc00": 1}`, "args.surrogate", 1, 2},
		{"too long", `{"a": "` + strings.Repeat("x", console.MaxArgs) + `"}`, "args.too_long", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			place, err := console.CheckArgs(tt.text)
			if reasonOf(err) != tt.reason || (err == nil) != (tt.reason == "") {
				t.Fatalf("%v, not %q", err, tt.reason)
			}
			if want := (console.Place{Line: tt.line, Column: tt.column}); place != want {
				t.Errorf("at %+v, not %+v", place, want)
			}
		})
	}
}

// What is accepted must be JSON without loss; what is refused must name a place inside of the text.
func FuzzCheckArgs(f *testing.F) {
	for _, seed := range []string{`{"a": [1, {"b": "\u00e9"}]}`, "{\n\"a\": 1,\n\"a\": 2}", `["\ud800"]`, `{"a`, "[1,]", "\xff", `{"a":1}x`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		place, err := console.CheckArgs(text)
		if err == nil {
			if !json.Valid([]byte(text)) {
				t.Fatalf("%q was accepted", text)
			}
			return
		}
		if reasonOf(err) == "" {
			t.Fatalf("%q: %v has no reason", text, err)
		}
		if lines := strings.Count(text, "\n") + 1; place.Line > lines || place.Column > len(text)+1 {
			t.Fatalf("%q: %+v is outside", text, place)
		}
	})
}
