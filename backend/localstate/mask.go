package localstate

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// secrets finds what libraries write of a secret into their messages: password=…, "password": "…", and private keys.
var secrets = regexp.MustCompile(`(?i)((?:password|passphrase|passwd|secret|token|access_?key|api_?key)["']?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&}\])"']+)` +
	`|(?s)(-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)`)

// Mask takes secrets out of a text that libraries wrote. It is a second net: what is a secret is not logged at all.
func Mask(text string) string {
	return secrets.ReplaceAllString(console.MaskText(text), "${1}${3}"+console.Masked)
}

// masked is an attribute as the log may keep it.
func masked(_ []string, a slog.Attr) slog.Attr {
	switch value := a.Value.Resolve(); {
	case a.Key == slog.TimeKey || a.Key == slog.LevelKey:
		return a
	case value.Kind() == slog.KindGroup:
		return a // its members come by themselves
	case scheduler.SecretName(a.Key):
		return slog.String(a.Key, console.Masked)
	case value.Kind() == slog.KindString:
		return slog.String(a.Key, Mask(value.String()))
	case value.Kind() == slog.KindAny:
		return slog.String(a.Key, Mask(fmt.Sprint(value.Any())))
	default:
		return a
	}
}

// afterLine is what follows the first line of a text.
func afterLine(text []byte) []byte {
	_, rest, found := bytes.Cut(text, []byte("\n"))
	if !found {
		return text
	}
	return rest
}
