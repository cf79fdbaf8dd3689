package localserver

import (
	"strings"
	"testing"
)

func TestExplainReadsTheServersLastWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		`FATAL:  could not write lock file "postmaster.pid": No space left on device`:                  ReasonDiskFull,
		`Can't open or create append-only dir appendonlydir: Permission denied`:                        ReasonUnreadable,
		"FATAL:  lock file \"postmaster.pid\" already exists\nHINT:  Is another postmaster running":    ReasonInUse,
		"PANIC:  could not locate a valid checkpoint record":                                           ReasonDamaged,
		"Wrong signature trying to load DB from file":                                                  ReasonDamaged,
		"initdb: error: invalid locale settings; check LANG and LC_* environment variables (new data)": ReasonFailed,
	} {
		existing := !strings.Contains(words, "new data")
		e := explain("PostgreSQL", "/the/folder", words, existing)
		if e.Reason != want || !strings.Contains(e.Message, "/the/folder") {
			t.Errorf("%s: %s %s", words, e.Reason, e.Message)
		}
	}
}

func TestLongLastWordsAreCut(t *testing.T) {
	t.Parallel()
	said := lastWords(strings.Repeat("x", 50_000) + "the end").Error()
	if len(said) > 3000 || !strings.HasSuffix(said, "the end") {
		t.Errorf("%d bytes", len(said))
	}
	if lastWords(" \n") != nil {
		t.Error("silence is no cause")
	}
}
