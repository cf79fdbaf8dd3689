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
// done the row may still grow. What is found depends on the text alone, never on the pieces in which it came.
func cutRow(text []byte) (length, next int, endsLine, done bool) {
	if at := bytes.IndexByte(text[:min(len(text), RowBytes+1)], '\n'); at >= 0 {
		return len(bytes.TrimSuffix(text[:at], []byte("\r"))), at + 1, true, true
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
