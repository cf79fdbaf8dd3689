package write

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func flushed(run int64, seq int64, stream, text string) history.LogChunk {
	return history.LogChunk{Run: scheduler.RunID(run), LogChunk: console.LogChunk{Seq: seq, At: time.Unix(seq, 0), Stream: stream, Data: []byte(text)}}
}

func TestSecretsAreMaskedWhereverTheyWereFlushed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x\n", 3*maskWindow/2)
	for name, c := range map[string]struct {
		chunks []history.LogChunk
		want   []string
		masked int64
	}{
		"in one":             {[]history.LogChunk{flushed(1, 1, "o", "a hunter2 b")}, []string{"a <masked> b"}, 1},
		"in two":             {[]history.LogChunk{flushed(1, 1, "o", "a hun"), flushed(1, 2, "o", "ter2 b")}, []string{"a <masked>", " b"}, 1},
		"in many":            {[]history.LogChunk{flushed(1, 1, "o", "a hu"), flushed(1, 2, "o", "nt"), flushed(1, 3, "o", "er2")}, []string{"a <masked>", "", ""}, 1},
		"a letter each":      {[]history.LogChunk{flushed(1, 1, "o", "h"), flushed(1, 2, "o", "unter"), flushed(1, 3, "o", "2hunter2")}, []string{"<masked>", "", "<masked>"}, 2},
		"around another's":   {[]history.LogChunk{flushed(1, 1, "o", "hun"), flushed(1, 2, "e", "error"), flushed(1, 3, "o", "ter2")}, []string{"<masked>", "error", ""}, 1},
		"of different":       {[]history.LogChunk{flushed(1, 1, "o", "hun"), flushed(1, 2, "e", "ter2")}, []string{"hun", "ter2"}, 0},
		"of another run":     {[]history.LogChunk{flushed(1, 1, "o", "hun"), flushed(2, 1, "o", "ter2")}, []string{"hun", "ter2"}, 0},
		"a password":         {[]history.LogChunk{flushed(1, 1, "o", "at postgres://u:pass"), flushed(1, 2, "o", "word@db/x")}, []string{"at postgres://u:<masked>", "@db/x"}, 1},
		"a token":            {[]history.LogChunk{flushed(1, 1, "o", "Authorization: bea"), flushed(1, 2, "o", "rer abc.def ok")}, []string{"Authorization: bea", "rer <masked> ok"}, 1},
		"overlapping":        {[]history.LogChunk{flushed(1, 1, "o", "http://u:hunt"), flushed(1, 2, "o", "er2@h")}, []string{"http://u:<masked>", "@h"}, 1},
		"at a window's edge": {[]history.LogChunk{flushed(1, 1, "o", long+"hun"), flushed(1, 2, "o", "ter2"+long)}, []string{long + "<masked>", long}, 1},
		"empty":              {[]history.LogChunk{flushed(1, 1, "o", ""), flushed(1, 2, "o", "hunter2"), flushed(1, 3, "o", "")}, []string{"", "<masked>", ""}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := newMasker([]string{"hunter[0-9]"})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			l := logMask{masker: m, next: func(c history.LogChunk) error {
				got = append(got, string(c.Data))
				return nil
			}}
			for _, chunk := range c.chunks {
				if err := l.add(chunk); err != nil {
					t.Fatal(err)
				}
			}
			if err := l.flush(0); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" || m.counts["log"] != c.masked {
				t.Errorf("%d are counted, not %d\n%s", m.counts["log"], c.masked, diff)
			}
		})
	}
}

// However a log is flushed, what comes out is the same text, in chunks of the same number and order, and little is held back.
func TestALogIsTheSameHoweverItWasFlushed(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 8_000 {
		fmt.Fprintf(&text, "line %d hunter%d of postgres://u:secret%d@db\n", i, i%10, i)
	}
	whole := text.String()
	want := ""
	for _, size := range []int{len(whole), 7, 1000, maskWindow + 1} {
		m, err := newMasker([]string{"hunter[0-9]"})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		in, out := 0, 0
		l := logMask{masker: m, next: func(c history.LogChunk) error {
			out++
			got.Write(c.Data)
			if int(c.Seq) != out {
				t.Fatalf("chunk %d comes as the %dth", c.Seq, out)
			}
			return nil
		}}
		for rest := whole; rest != ""; rest = rest[min(size, len(rest)):] {
			in++
			if err := l.add(flushed(1, int64(in), "o", rest[:min(size, len(rest))])); err != nil {
				t.Fatal(err)
			}
			if l.size > 2*maskWindow+size {
				t.Fatalf("%d bytes are held back", l.size)
			}
		}
		if err := l.flush(0); err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = got.String()
		}
		if got.String() != want || in != out || strings.Contains(want, "secret") || m.counts["log"] != 16_000 {
			t.Errorf("in pieces of %d: %d chunks of %d, %d masked, %d bytes and not %d", size, out, in, m.counts["log"], got.Len(), len(want))
		}
	}
}
