package write

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// masker hides secrets in what is exported, and counts how many it hid in which part. Documents are masked as on every screen;
// the operator's patterns are masked everywhere.
type masker struct {
	patterns []*regexp.Regexp
	counts   map[string]int64
}

// maxPatterns is how many patterns an operator may give.
const maxPatterns = 50

func newMasker(patterns []string) (*masker, error) {
	m := &masker{counts: map[string]int64{}}
	if len(patterns) > maxPatterns {
		return nil, scheduler.Errorf(scheduler.Invalid, "export.many_masks", "Give at most %d patterns to mask.", maxPatterns).
			With("max", strconv.Itoa(maxPatterns))
	}
	for _, text := range patterns {
		p, err := regexp.Compile(text)
		if err != nil || p.MatchString("") {
			return nil, scheduler.Errorf(scheduler.Invalid, "export.bad_mask", "%q is no pattern that can be masked: it is not a regular expression, or it matches an empty text.", text).
				With("pattern", text).Because(err)
		}
		m.patterns = append(m.patterns, p)
	}
	return m, nil
}

// document masks JSON; nil stays nil. What hides nothing leaves the text as it was, so that its digest still fits.
func (m *masker) document(part string, raw json.RawMessage) (masked json.RawMessage, hidden bool) {
	if raw == nil {
		return nil, false
	}
	masked = console.MaskJSON(raw)
	n := int64(strings.Count(string(masked), console.Masked) - strings.Count(string(raw), console.Masked))
	if n <= 0 {
		masked = raw
	}
	if own := m.inStrings(masked, &n); own != nil {
		masked = own
	}
	m.counts[part] += max(n, 0)
	return masked, n > 0
}

// inStrings masks the operator's patterns inside of a document's texts; nil where there are none.
func (m *masker) inStrings(raw json.RawMessage, n *int64) json.RawMessage {
	if !m.matches(string(raw)) {
		return nil
	}
	text := quoted.ReplaceAllStringFunc(string(raw), func(literal string) string {
		var s string
		if json.Unmarshal([]byte(literal), &s) != nil {
			return literal
		}
		masked, k := m.replace(s)
		if k == 0 {
			return literal
		}
		*n += k
		encoded, _ := json.Marshal(masked) // a text can always be marshalled
		return strings.ReplaceAll(strings.ReplaceAll(string(encoded), `\u003c`, "<"), `\u003e`, ">")
	})
	return json.RawMessage(text)
}

// quoted matches a text of a JSON document.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

func (m *masker) matches(text string) bool {
	for _, p := range m.patterns {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}

// text masks a text that people wrote, such as an error or a log: the passwords of addresses, and the operator's patterns.
func (m *masker) text(part, text string) string {
	masked := text
	if strings.Contains(text, "://") || containsBearer(text) {
		masked = console.MaskText(text)
	}
	n := int64(strings.Count(masked, console.Masked) - strings.Count(text, console.Masked))
	masked, k := m.replace(masked)
	m.counts[part] += max(n, 0) + k
	return masked
}

// containsBearer is a quick look for what MaskText looks for.
func containsBearer(text string) bool {
	for i := 0; i+6 <= len(text); i++ {
		if (text[i] == 'b' || text[i] == 'B') && strings.EqualFold(text[i:i+6], "bearer") {
			return true
		}
	}
	return false
}

func (m *masker) replace(text string) (masked string, n int64) {
	for _, p := range m.patterns {
		text = p.ReplaceAllStringFunc(text, func(string) string {
			n++
			return console.Masked
		})
	}
	return text, n
}
