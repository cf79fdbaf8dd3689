package desktop

import (
	"compress/gzip"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// flaky is a web server of one log whose first answer breaks off in the middle.
type flaky struct {
	text string
	// later is what it has when it is asked again; "" = the same.
	later string
	// first answers the first question, again the others; nil = as a server does that knows places and versions.
	first, again func(w http.ResponseWriter, r *http.Request, text string)
	// ranged counts the questions for a part, parts the answers with one.
	asked, ranged, parts atomic.Int64
}

// counting counts the answers with a part.
type counting struct {
	http.ResponseWriter
	parts *atomic.Int64
}

func (c counting) WriteHeader(status int) {
	if status == http.StatusPartialContent {
		c.parts.Add(1)
	}
	c.ResponseWriter.WriteHeader(status)
}

func (f *flaky) serve(w http.ResponseWriter, r *http.Request) {
	if f.asked.Add(1) == 1 {
		if f.first == nil {
			f.first = brokenOff(true)
		}
		f.first(w, r, f.text)
		return
	}
	if r.Header.Get("Range") != "" {
		f.ranged.Add(1)
	}
	text := f.text
	if f.later != "" {
		text = f.later
	}
	if f.again == nil {
		f.again = versioned
	}
	f.again(counting{w, &f.parts}, r, text)
}

func versionOf(text string) string {
	return fmt.Sprintf(`"%08x"`, crc32.ChecksumIEEE([]byte(text)))
}

// versioned answers as web servers do.
func versioned(w http.ResponseWriter, r *http.Request, text string) {
	w.Header().Set("ETag", versionOf(text))
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
}

// brokenOff announces the text and ends in the middle of it.
func brokenOff(versions bool) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, text string) {
		if versions {
			w.Header().Set("ETag", versionOf(text))
		}
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = io.WriteString(w, text[:len(text)/2])
	}
}

// wholly answers with everything, whatever was asked for.
func wholly(w http.ResponseWriter, _ *http.Request, text string) { _, _ = io.WriteString(w, text) }

// partly names a part by what say makes of the place that was asked for.
func partly(say func(from, size int) string, encoding string) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, text string) {
		var from int
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err != nil {
			wholly(w, r, text)
			return
		}
		w.Header().Set("Content-Range", say(from, len(text)))
		w.Header().Set("Content-Encoding", encoding)
		w.WriteHeader(http.StatusPartialContent)
		_, _ = io.WriteString(w, text[from:])
	}
}

func TestALogThatBrokeOffIsReadOn(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("a line of a log that breaks off\n", 40_000)
	other := strings.Repeat("the line of another log instead\n", 40_000)
	unversioned := func(w http.ResponseWriter, r *http.Request, text string) {
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text))
	}
	var once sync.Once
	for name, c := range map[string]struct {
		log     *flaky
		ranges  int64 // questions for a part
		parts   int64 // answers with one
		another bool  // it was begun anew
	}{
		"by a part":                       {log: &flaky{}, ranges: 1, parts: 1},
		"from a server without parts":     {log: &flaky{again: wholly}, ranges: 1},
		"which has grown since":           {log: &flaky{later: text + "and more\n"}, ranges: 1},
		"which is another now":            {log: &flaky{later: other}, ranges: 1, another: true},
		"which is shorter now":            {log: &flaky{later: text[:len(text)/4]}, ranges: 1, another: true},
		"from one without versions":       {log: &flaky{first: brokenOff(false), again: unversioned}},
		"from one that sends other parts": {log: &flaky{again: partly(func(from, size int) string { return fmt.Sprintf("bytes %d-%d/%d", from+1, size-1, size) }, "")}, ranges: 1, parts: 1},
		"from one that doesn't say which": {log: &flaky{again: partly(func(int, int) string { return "lines 7-9" }, "")}, ranges: 1, parts: 1},
		"from one that packs parts":       {log: &flaky{again: partly(func(from, size int) string { return fmt.Sprintf("bytes %d-%d/%d", from, size-1, size) }, "gzip")}, ranges: 1, parts: 1},
		"from one that breaks off twice": {log: &flaky{again: func(w http.ResponseWriter, r *http.Request, text string) {
			broken := false
			once.Do(func() { broken = true })
			if broken {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			versioned(w, r, text)
		}}, ranges: 2, parts: 1},
		"that was packed": {log: &flaky{first: zipped(len(text)), again: zipped(0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.log.text = text
			w, logs, run := logWindow(t, c.log.serve)
			state := logs.whole(w, run)
			if state.Error == nil || state.Ended || state.Bytes == 0 || state.At == 0 {
				t.Fatalf("it has not broken off: %+v", state)
			}
			if idle := logs.read(w, LogStateRequest{Token: state.Token, ReadOn: true}); idle.Error == nil || c.log.asked.Load() > 1 {
				t.Fatalf("it was tried again without being asked to: %+v", idle)
			}
			for state.Error != nil && c.log.asked.Load() < 9 {
				state = logs.read(w, LogStateRequest{Token: state.Token, ReadOn: true, Again: true})
			}
			want := text
			if c.log.later != "" {
				want = c.log.later
			}
			got, err := logs.Text(LogRowsRequest{Token: state.Token, Count: 1 << 20})
			if err != nil || !state.Ended || got.Text+"\n" != want {
				t.Errorf("%d bytes of %d, %+v, %v", len(got.Text)+1, len(want), state, err)
			}
			if begun := state.Turn > 1; begun != c.another {
				t.Errorf("begun anew: %t", begun)
			}
			if ranged, parts := c.log.ranged.Load(), c.log.parts.Load(); ranged != c.ranges || parts != c.parts {
				t.Errorf("%d questions for a part, %d answers with one", ranged, parts)
			}
		})
	}
}

// zipped sends a packed log, without its last bytes.
func zipped(cut int) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, text string) {
		var packed strings.Builder
		z := gzip.NewWriter(&packed)
		_, _ = io.WriteString(z, text)
		_ = z.Close()
		_, _ = io.WriteString(w, packed.String()[:packed.Len()-min(cut, packed.Len()/2)])
	}
}

// read tells a log to go on, and waits until it has been read.
func (l *Logs) read(w *window, req LogStateRequest) LogState {
	w.Helper()
	state, err := l.State(req)
	for err == nil && state.Reading {
		w.eventually(func() bool {
			state, err = l.State(LogStateRequest{Token: req.Token})
			return err != nil || !state.Reading
		})
	}
	if err != nil {
		w.Fatal(err)
	}
	return state
}
