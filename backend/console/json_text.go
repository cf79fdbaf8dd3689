package console

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// MaxArgs is how many bytes the arguments of a job may have. A command gets them in an environment variable, and Linux
// allows 128 KiB for one; the name and a rewritten form of the JSON need room too.
const MaxArgs = 64 << 10

// Place is a line and a column in a text, both counted from 1; columns count characters. The zero Place is nowhere.
type Place struct{ Line, Column int }

// CheckArgs checks the arguments of a job: an object or an array in JSON that PostgreSQL's jsonb can hold and gives back
// with nothing lost. An error is a *scheduler.Error of code Invalid, with the place it stands at.
func CheckArgs(text string) (Place, error) {
	if len(text) > MaxArgs {
		return Place{}, scheduler.Errorf(scheduler.Invalid, "args.too_long",
			"The arguments are longer than %d bytes; a command could not be started with them.", MaxArgs).
			With("max", strconv.Itoa(MaxArgs))
	}
	if place, err := checkSyntax(text); err != nil {
		return place, err
	}
	if first := strings.TrimLeft(text, " \t\r\n"); first[0] != '{' && first[0] != '[' {
		return placeAt(text, len(text)-len(first)), scheduler.Errorf(scheduler.Invalid, "args.not_container",
			"The arguments must be a JSON object or array.")
	}
	return checkContent(text)
}

// checkSyntax finds the first place at which text stops being JSON.
func checkSyntax(text string) (Place, error) {
	var raw json.RawMessage
	err := json.Unmarshal([]byte(text), &raw)
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return Place{}, err // nil: a RawMessage takes every JSON
	}
	offset := int(syntax.Offset)
	if offset >= len(text) && strings.Contains(syntax.Error(), "unexpected end") {
		at := placeAt(text, len(text))
		return at, at.name(scheduler.Errorf(scheduler.Invalid, "args.truncated", "The JSON ends before it is complete.")).Because(err)
	}
	start := max(0, offset-1)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start--
	}
	found, _ := utf8.DecodeRuneInString(text[start:])
	at := placeAt(text, start)
	return at, at.name(scheduler.Errorf(scheduler.Invalid, "args.syntax",
		"Line %d, column %d: %q is not expected here.", at.Line, at.Column, found)).With("found", string(found)).Because(err)
}

// surrogate matches half of a character that JSON writes as two escapes.
var surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`)

// checkContent finds what is JSON and still can't be stored, or would be lost when it is: a character that PostgreSQL
// can't hold, or a name that stands twice in an object, of which only the last value would be kept.
func checkContent(text string) (Place, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var open []scope
	for {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return Place{}, nil
		}
		if err != nil {
			return Place{}, err // the syntax was checked before
		}
		end := int(decoder.InputOffset())
		at := placeAt(text, before+skipToToken(text[before:end]))
		switch token := token.(type) {
		case json.Delim:
			if token == '{' || token == '[' {
				open = append(open, scope{names: map[string]bool{}, object: token == '{', name: token == '{'})
			} else {
				open = valueDone(open[:len(open)-1])
			}
			continue
		case string:
			if strings.ContainsRune(token, 0) {
				return at, at.name(scheduler.Errorf(scheduler.Invalid, "args.nul",
					"Line %d, column %d: PostgreSQL can't store the character \\u0000.", at.Line, at.Column))
			}
			if raw := text[before:end]; strings.ContainsRune(token, utf8.RuneError) && !strings.ContainsRune(raw, utf8.RuneError) && surrogate.MatchString(raw) {
				return at, at.name(scheduler.Errorf(scheduler.Invalid, "args.surrogate",
					"Line %d, column %d: a \\u escape of half a character stands alone.", at.Line, at.Column))
			}
			if top := len(open) - 1; top >= 0 && open[top].object && open[top].name {
				if open[top].names[token] {
					return at, at.name(scheduler.Errorf(scheduler.Invalid, "args.duplicate",
						"Line %d, column %d: the name %q stands twice; only the last value would be kept.", at.Line, at.Column, token)).
						With("name", token)
				}
				open[top].names[token] = true
				open[top].name = false
				continue
			}
		}
		open = valueDone(open)
	}
}

// scope is an object or array that is being read.
type scope struct {
	object bool
	name   bool // of an object: the next text is a name
	names  map[string]bool
}

// valueDone says that a value of the innermost object or array is complete.
func valueDone(open []scope) []scope {
	if top := len(open) - 1; top >= 0 {
		open[top].name = open[top].object
	}
	return open
}

// skipToToken is how many bytes of white space and separators come before a token.
func skipToToken(text string) int {
	return len(text) - len(strings.TrimLeft(text, " \t\r\n,:"))
}

// placeAt is where the byte at offset stands.
func placeAt(text string, offset int) Place {
	before := text[:offset]
	line := strings.LastIndexByte(before, '\n') + 1
	return Place{Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(before[line:])}
}

// name adds the place to an error's values.
func (p Place) name(e *scheduler.Error) *scheduler.Error {
	return e.With("line", strconv.Itoa(p.Line)).With("column", strconv.Itoa(p.Column))
}
