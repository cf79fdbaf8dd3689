package worker

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, what, tail, want string }{
		{"no output", "exit_code=1", "", "exit_code=1"},
		{"only newlines", "exit_code=1", "\n\r\n", "exit_code=1"},
		{"last lines", "exit_code=1", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n", "exit_code=1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11"},
		{"what no text column takes", "a\x00b\xff", "c\x00\xfe", "ab\uFFFD\nc\uFFFD"},
		{"the end of a long line", "exit_code=1", strings.Repeat("x", 5000) + "end", "exit_code=1\n" + strings.Repeat("x", 1985) + "end"},
		{"a long reason", strings.Repeat("月", 3000), "x", strings.Repeat("月", 2000)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := summary(tt.what, []byte(tt.tail)); got != tt.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func FuzzSummary(f *testing.F) {
	f.Add("exit_code=1", []byte("a\x00\xff\n"))
	f.Fuzz(func(t *testing.T, what string, tail []byte) {
		s := summary(what, tail)
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") || utf8.RuneCountInString(s) > maxSummary {
			t.Errorf("%q", s)
		}
	})
}
