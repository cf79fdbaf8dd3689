package logtext

import (
	"bytes"
	"context"
	"unicode"
	"unicode/utf8"
)

// errorWords tell an error apart in a log, in the languages that jobs write. Those in Latin letters stand alone.
var errorWords = [][]byte{
	[]byte("error"), []byte("fatal"), []byte("panic"), []byte("exception"), []byte("traceback"), []byte("critical"),
	[]byte("failed"), []byte("failure"), []byte("エラー"), []byte("失敗"), []byte("例外"), []byte("異常"),
}

// FirstError gives the first row that looks like an error.
func (t *Text) FirstError(ctx context.Context) (row int, found bool, err error) {
	var line []byte
	err = t.each(0, func(_ mark, number int, text []byte) bool {
		line = lower(line[:0], text)
		if looksLikeError(line) {
			row, found = number, true
			return false
		}
		return number%1024 != 0 || ctx.Err() == nil
	})
	if err == nil && !found {
		err = ctx.Err()
	}
	return row, found, err
}

func looksLikeError(line []byte) bool {
	for _, word := range errorWords {
		for from := 0; ; {
			at := bytes.Index(line[from:], word)
			if at < 0 {
				break
			}
			at += from
			if word[0] >= utf8.RuneSelf || !letterBefore(line[:at]) && !letterAfter(line[at+len(word):]) {
				return true
			}
			from = at + len(word)
		}
	}
	return false
}

func letterBefore(text []byte) bool {
	r, _ := utf8.DecodeLastRune(text)
	return inWord(r)
}

func letterAfter(text []byte) bool {
	r, _ := utf8.DecodeRune(text)
	return inWord(r)
}

// inWord is \w: letters of other scripts don't join a Latin word.
func inWord(r rune) bool {
	return r == '_' || r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
