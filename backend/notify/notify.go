// Package notify shows notifications by the service of the desktop. What it is given may hold anything: it is shown as the
// text that it is.
package notify

import (
	"errors"
	"strings"
	"unicode"
)

// ErrNone means that this desktop has no service that shows notifications.
var ErrNone = errors.New("there is no service that shows notifications")

// Notice is what to show. Target is handed back when somebody clicks on it.
type Notice struct {
	Title  string
	Body   string
	Open   string // what a click does, in words
	Urgent bool   // it stays until somebody has seen it
	Target string
}

const (
	maxTitle = 200
	maxBody  = 1000
)

// plain is a text of at most so many characters without those that do something instead of being shown.
func plain(text string, limit int) string {
	var b strings.Builder
	for _, r := range text {
		if limit--; limit < 0 {
			b.WriteRune('…')
			break
		}
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) || r == unicode.ReplacementChar {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// body is a text as a service takes it that reads markup, or doesn't.
func body(text string, readsMarkup bool) string {
	text = plain(text, maxBody)
	if readsMarkup {
		return markup.Replace(text)
	}
	return text
}
