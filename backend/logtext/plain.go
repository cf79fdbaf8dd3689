package logtext

import "bytes"

// plain appends a row without its escape sequences to dst: what a search should see.
func plain(dst, row []byte) []byte {
	for {
		at := bytes.IndexByte(row, '\x1b')
		if at < 0 {
			return append(dst, row...)
		}
		dst = append(dst, row[:at]...)
		row = row[at+escapeLength(row[at:]):]
	}
}

// escapeLength is how long the escape sequence is that text begins with.
func escapeLength(text []byte) int {
	if len(text) < 2 {
		return len(text)
	}
	switch text[1] {
	case '[': // CSI: parameters, intermediates, a final byte
		at := skip(text, 2, '0', '?')
		at = skip(text, at, ' ', '/')
		return skipOne(text, at, '@', '~')
	case ']', 'P', 'X', '^', '_': // a string, up to its terminator
		end := bytes.IndexAny(text[2:], "\x07\x1b")
		switch at := 2 + end; {
		case end < 0:
			return len(text)
		case text[at] == '\x07':
			return at + 1
		case at+1 < len(text) && text[at+1] == '\\':
			return at + 2
		default:
			return at
		}
	}
	return skipOne(text, skip(text, 1, ' ', '/'), '0', '~')
}

func skip(text []byte, at int, from, to byte) int {
	for at < len(text) && from <= text[at] && text[at] <= to {
		at++
	}
	return at
}

func skipOne(text []byte, at int, from, to byte) int {
	if at < len(text) && from <= text[at] && text[at] <= to {
		return at + 1
	}
	return at
}
