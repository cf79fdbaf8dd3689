package logs_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/logs"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// web is a server of logs whose path /logs is allowed.
func web(t *testing.T, handler http.Handler) (*logs.Files, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return open(t, logs.Config{Origins: []string{server.URL + "/logs/"}}), server
}

func open(t *testing.T, config logs.Config) *logs.Files {
	t.Helper()
	files, err := logs.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(files.Close)
	return files
}

func read(t *testing.T, files *logs.Files, ref string, from int64) (text string, grows bool, err error) {
	t.Helper()
	file, err := files.OpenLog(t.Context(), ref, from, "")
	if err != nil {
		return "", false, err
	}
	if from > file.From { // the server has no places: what is known comes again
		if _, err := io.CopyN(io.Discard, file, from-file.From); err != nil {
			t.Error(err)
		}
	}
	content, err := io.ReadAll(file)
	if closed := file.Close(); closed != nil {
		t.Error(closed)
	}
	return string(content), file.Grows, err
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return fmt.Sprintf("not told: %v", err)
}

func TestALogIsReadAndReadOn(t *testing.T) {
	t.Parallel()
	const content = "first line\nsecond line\n"
	for name, serve := range map[string]http.HandlerFunc{
		"from a server that knows places": func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(content))
		},
		"from one that doesn't": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, content) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, server := web(t, serve)
			for from := range int64(len(content) + 1) {
				got, grows, err := read(t, files, server.URL+"/logs/a.log", from)
				if err != nil || got != content[from:] || !grows {
					t.Fatalf("from %d: %q, %t, %v", from, got, grows, err)
				}
			}
		})
	}
}

func TestPackedLogsAreUnpacked(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("a line of a log\n", 100_000)
	var zipped, squeezed bytes.Buffer
	z := gzip.NewWriter(&zipped)
	s, err := zstd.NewWriter(&squeezed)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []io.WriteCloser{z, s} {
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	files, server := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/logs/a.gz":
			_, _ = w.Write(zipped.Bytes())
		case "/logs/encoded":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zipped.Bytes())
		case "/logs/a.zst":
			_, _ = w.Write(squeezed.Bytes())
		case "/logs/cut.gz":
			_, _ = w.Write(zipped.Bytes()[:zipped.Len()/2])
		case "/logs/cut.zst":
			_, _ = w.Write(squeezed.Bytes()[:squeezed.Len()/2])
		}
	}))
	for _, name := range []string{"a.gz", "encoded", "a.zst"} {
		if got, grows, err := read(t, files, server.URL+"/logs/"+name, 0); err != nil || got != content || grows {
			t.Errorf("%s: %d bytes, grows %t, %v", name, len(got), grows, err)
		}
	}
	for _, name := range []string{"cut.gz", "cut.zst"} {
		if _, _, err := read(t, files, server.URL+"/logs/"+name, 0); reasonOf(err) != "log.packed_badly" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAWindowThatTakesTooMuchMemoryIsRefused(t *testing.T) {
	t.Parallel()
	// A frame that asks for a window of 1 GiB.
	frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0, 0x01, 0x00, 0x00}
	files, server := web(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(frame) }))
	if _, _, err := read(t, files, server.URL+"/logs/bomb", 0); reasonOf(err) != "log.packed_badly" {
		t.Errorf("%v", err)
	}
}

func TestWhatAServerAnswersIsToldApart(t *testing.T) {
	t.Parallel()
	files, server := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var status int
		if _, err := fmt.Sscanf(r.URL.Path, "/logs/%d", &status); err != nil {
			status = http.StatusTeapot
		}
		w.WriteHeader(status)
	}))
	for ref, want := range map[string]string{
		"/logs/401": "log.forbidden", "/logs/403": "log.forbidden", "/logs/404": "log.not_found", "/logs/410": "log.expired_there",
		"/logs/403?X-Amz-Expires=60&X-Amz-Signature=x": "log.link_expired",
		"/logs/500": "log.status", "/logs/503": "log.status", "/logs/304": "log.status",
	} {
		if _, _, err := read(t, files, server.URL+ref, 0); reasonOf(err) != want {
			t.Errorf("%s: %v, want %s", ref, err, want)
		}
	}
}

func TestAServerThatBreaksOffIsNamed(t *testing.T) {
	t.Parallel()
	files, server := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/logs/part" {
			w.Header().Set("Content-Range", "bytes 0-3/10")
			w.WriteHeader(http.StatusPartialContent)
			return
		}
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "a line\n")
	}))
	if got, _, err := read(t, files, server.URL+"/logs/cut", 0); got != "a line\n" || reasonOf(err) != "log.broke_off" {
		t.Errorf("%q, %v", got, err)
	}
	if _, _, err := read(t, files, server.URL+"/logs/part", 7); reasonOf(err) != "log.bad_answer" {
		t.Errorf("another part than was asked for: %v", err)
	}
	server.Close()
	if _, _, err := read(t, files, server.URL+"/logs/gone", 0); reasonOf(err) != "log.unreachable" {
		t.Errorf("%v", err)
	}
}

func TestRedirectsStayWithinTheOrigin(t *testing.T) {
	t.Parallel()
	var strangers atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers.Add(1) }))
	t.Cleanup(stranger.Close)
	files, server := web(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Referer") != "" || r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Errorf("told %v", r.Header)
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
		switch to := r.URL.Query().Get("to"); {
		case to != "":
			http.Redirect(w, r, to, http.StatusFound)
		case strings.HasPrefix(r.URL.Path, "/logs/"):
			_, _ = io.WriteString(w, "text")
		default:
			strangers.Add(1)
		}
	}))
	ask := func(to string) string { return server.URL + "/logs/a?to=" + to }
	if got, _, err := read(t, files, ask("/logs/b"), 0); err != nil || got != "text" {
		t.Errorf("within the origin: %q, %v", got, err)
	}
	host := strings.TrimPrefix(server.URL, "http://")
	for _, to := range []string{
		stranger.URL + "/logs/b", "/elsewhere", "/logs/../elsewhere", "//" + strings.TrimPrefix(stranger.URL, "http://") + "/logs/b",
		"http://user:pass@" + host + "/logs/b", "https://" + host + "/logs/b", "file:///etc/passwd", "http://127.0.0.1:1/logs/b",
		"/logs/a%3Fto=/logs/a%3Fto=/logs/a%3Fto=/logs/a%3Fto=/logs/b%23",
	} {
		if _, _, err := read(t, files, ask(to), 0); err == nil {
			t.Errorf("followed to %s", to)
		}
	}
	if n := strangers.Load(); n > 0 {
		t.Errorf("%d requests reached places that aren't allowed", n)
	}
}

func TestOriginsAreChecked(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "logs.example.com", "ftp://logs.example.com", "http://", "https://user@logs.example.com", "https://logs.example.com/?a=b",
		"https://logs.example.com/#x", "https://logs.example.com/a/../b", "https://lоgs.example.com", "https://*.example.com",
	} {
		if _, err := logs.New(logs.Config{Origins: []string{bad}}); reasonOf(err) != "log.bad_origin" {
			t.Errorf("%q is an origin: %v", bad, err)
		}
	}
}
