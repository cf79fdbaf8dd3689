package logtext

import (
	"bytes"
	"strings"
)

// styleBytes bounds what is remembered of a style. Programs that never reset lose their oldest attributes first.
const styleBytes = 96

// styleAfter gives the style that follows a row, as the parameters of one SGR sequence: a row that is shown alone needs to know
// what the rows above have set.
func styleAfter(style string, row []byte) string {
	for {
		at := bytes.Index(row, []byte("\x1b["))
		if at < 0 {
			return style
		}
		row = row[at+2:]
		end := bytes.IndexFunc(row, func(r rune) bool { return r < '0' || r > '?' })
		if end < 0 {
			return style
		}
		if row[end] == 'm' {
			style = setStyle(style, string(row[:end]))
		}
	}
}

func setStyle(style, set string) string {
	rest, resets := strings.CutPrefix(set, "0")
	switch {
	case set == "" || (resets && rest == ""):
		return ""
	case resets && rest[0] == ';':
		return rest[1:]
	case style == "" || len(style)+len(set) >= styleBytes:
		return set[:min(len(set), styleBytes)]
	}
	return style + ";" + set
}
