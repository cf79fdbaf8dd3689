package console

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestCauseOfReplacesWhatDiffers(t *testing.T) {
	t.Parallel()
	for gist, want := range map[string]string{
		"exit_code=-9": "exit_code=-9",
		"OSError: [Errno 122] Disk quota exceeded: '/var/spool/export/part-000117.csv'":                   "OSError: [Errno 122] Disk quota exceeded: '{path}'",
		"partner.feed.FeedError: unexpected element 'preis' at line 1284":                                 "partner.feed.FeedError: unexpected element 'preis' at line {n}",
		"requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: https://a.example/v2?id=7": "requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: {url}",
		"RuntimeError: 429 Too Many Requests; Retry-After: 60":                                            "RuntimeError: 429 Too Many Requests; Retry-After: {n}",
		"skipped: scheduled_for too old (2026-11-23T18:00:00Z)":                                           "skipped: scheduled_for too old ({time})",
		"at 2026-11-23 18:00:00,123 +09:00 job 550e8400-e29b-41d4-a716-446655440000 died":                 "at {time} job {id} died",
		`connection to server at "10.20.0.14", port 5432 failed`:                                          `connection to server at "{ip}", port {n} failed`,
		"'utf-8' codec can't decode byte 0x83 in position 0":                                              "'utf-8' codec can't decode byte {hex} in position {n}",
		"object deadbeef0123 of user jo.doe+x@mail.example.com":                                           "object {hex} of user {mail}",
		`C:\jobs\run 17.log could not be opened`:                                                          `{path} {n}.log could not be opened`,
		"KeyError: '軽減税率8%'":                                                                              "KeyError: '軽減税率{n}%'",
		"a  b\tc":                                                                                         "a b c",
		"decade effaced":                                                                                  "decade effaced",
		"Killed":                                                                                          "Killed",
	} {
		if got := CauseOf(gist); got != want {
			t.Errorf("%s\n gives %s\n   not %s", gist, got, want)
		}
	}
}

func TestGistOfIsTheLineThatSaysMost(t *testing.T) {
	t.Parallel()
	trace := "Traceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: 'x'"
	for _, c := range []struct{ head, tail, want string }{
		{"exit_code=1\n" + trace, "", "KeyError: 'x'"},
		{"exit_code=1\n" + trace[:40], "…\nValueError: last\n", "ValueError: last"},
		{"exit_code=1\nboom\nmore", "", "boom"},
		{"orphaned: confirming deadline exceeded\nexit_code=1\nboom", "", "boom"},
		{"orphaned: confirming deadline exceeded\nexit_code=-9", "", "exit_code=-9"},
		{"orphaned: assigned worker inactive", "", "orphaned: assigned worker inactive"},
		{"exit_code=3", "", "exit_code=3"},
		{"timed out", "", "timed out"},
		{"\r\n \n", "", "FAILED"},
		{"", "", "FAILED"},
	} {
		if got := gistOf(FailedRun{State: scheduler.Failed, Head: c.head, Tail: c.tail}); strings.TrimSpace(got) != c.want {
			t.Errorf("%q: %q, not %q", c.head, got, c.want)
		}
	}
}

func TestSearchTextStandsInTheError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ head, want string }{
		{"exit_code=1\nfile 12 of 99 is not there at all", "is not there at all"},
		{"exit_code=1\nlong   gap here 7 x", ""}, // white space was joined: neither stretch stands there but a short one
		{"12", ""},
	} {
		r := FailedRun{State: scheduler.Failed, Head: c.head}
		if got := searchText(CauseOf(gistOf(r)), r); got != c.want {
			t.Errorf("%q: %q, not %q", c.head, got, c.want)
		}
	}
}

func FuzzCauseOf(f *testing.F) {
	for _, seed := range []string{"", "exit_code=1", "a 12 /b/c 0x1f", "\xff\x00", "((((", "漢字 8%", "1.2.3.4:5", "//"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, gist string) {
		cause := CauseOf(gist)
		if n := utf8.RuneCountInString(cause); n > maxCause {
			t.Fatalf("a cause of %d characters", n)
		}
		r := FailedRun{State: scheduler.Failed, Head: gist}
		if text := searchText(cause, r); text != "" && !strings.Contains(gist, text) {
			t.Fatalf("%q does not stand in %q", text, gist)
		}
	})
}
