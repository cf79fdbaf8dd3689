package logtext

import (
	"bytes"
	"unicode/utf8"
)

// RowBytes is the most that one row holds: a single line of 100 MB would freeze whoever shows it.
const RowBytes = 4096

// escapeBytes is how far before a break an escape sequence may begin that the break must not cut.
const escapeBytes = 64

// cutRow finds the first row of text: how long it is, where the next one begins, and whether its line ends with it. Without
// done the row may still grow. What is found depends on the text alone, never on the pieces in which it came. What a program
// wrote over, such as a progress bar, has rows of its own, with the carriage return that each ended with: nothing is hidden.
func cutRow(text []byte) (length, next int, endsLine, done bool) {
	end := bytes.IndexByte(text[:min(len(text), RowBytes+1)], '\n')
	if at := wroteOver(text, end); at > 0 {
		return at, at, false, true
	}
	if end >= 0 {
		return len(bytes.TrimSuffix(text[:end], []byte("\r"))), end + 1, true, true
	}
	if len(text) <= RowBytes {
		return len(text), len(text), false, false
	}
	at := RowBytes
	for at > RowBytes-utf8.UTFMax && !utf8.RuneStart(text[at]) {
		at--
	}
	if escape := bytes.LastIndexByte(text[at-escapeBytes:at], '\x1b'); escape >= 0 {
		at += escape - escapeBytes
	}
	return at, at, false, true
}

// wroteOver finds the first place, before the end of the line, at which a program began it once more; 0 = it didn't, or what follows
// has to be seen first.
func wroteOver(text []byte, end int) int {
	if end < 0 {
		end = min(len(text), RowBytes)
	}
	for at := 0; ; {
		found := bytes.IndexByte(text[at:end], '\r')
		if found < 0 {
			return 0
		}
		at += found + 1
		if at < len(text) && text[at] != '\r' && text[at] != '\n' {
			return at
		}
	}
}
