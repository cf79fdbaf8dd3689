package desktop

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// logWindow is a window whose profile allows logs from a web server, and a finished run whose log is at a place of it.
func logWindow(t *testing.T, serve http.HandlerFunc) (w *window, logs *Logs, run string) {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	w = openWindow(t, false, func(p *profile.Profile) { p.Logs.Origins = []string{server.URL} })
	run = w.addRuns(1)
	w.refer(run, server.URL+"/run.log")
	return w, NewLogs(w.Session), run
}

func (w *window) refer(run, ref string) {
	w.Helper()
	id, err := strconv.ParseInt(run, 10, 64)
	if err != nil {
		w.Fatal(err)
	}
	if _, err := w.pool.Exec(w.Context(), "update scheduler_job_runs set state = 'SUCCEEDED', log_ref = $2 where id = $1", id, ref); err != nil {
		w.Fatal(err)
	}
}

// whole opens a log and waits until it has been read.
func (l *Logs) whole(w *window, run string) LogState {
	w.Helper()
	state, err := l.Open(OpenLogRequest{RunID: run})
	if err != nil {
		w.Fatal(err)
	}
	w.eventually(func() bool {
		state, err = l.State(LogStateRequest{Token: state.Token})
		return err != nil || !state.Reading
	})
	if err != nil {
		w.Fatal(err)
	}
	return state
}

func TestALargeLogIsReadSearchedCopiedAndSaved(t *testing.T) {
	const lines = 1_500_000 // of 70 bytes
	w, logs, run := logWindow(t, func(out http.ResponseWriter, _ *http.Request) {
		for i := range lines {
			if i == 1_000_000 {
				_, _ = fmt.Fprintln(out, "\x1b[31mERROR\x1b[0m the only one")
				continue
			}
			_, _ = fmt.Fprintf(out, "2026-07-01 12:00:00 INFO   line %9d of a log that is long enough\n", i+1)
		}
	})
	state := logs.whole(w, run)
	if state.Error != nil || !state.Ended || state.Full || state.Rows != lines || state.Source != "http" || state.Bytes < 90<<20 {
		t.Fatalf("%+v", state)
	}
	token := TokenRequest{Token: state.Token}
	rows, err := logs.Rows(LogRowsRequest{Token: state.Token, From: lines - 2, Count: 50})
	if err != nil || len(rows) != 2 || !strings.Contains(rows[1].Text, "line   1500000") || rows[1].Line != lines {
		t.Errorf("%+v, %v", rows, err)
	}
	if spot, err := logs.FirstError(token); err != nil || !spot.Found || spot.Row != 1_000_000 {
		t.Errorf("the first error: %+v, %v", spot, err)
	}
	var find LogFind
	w.eventually(func() bool {
		find, err = logs.Find(LogFindRequest{Token: state.Token, Text: "LINE    99999", Row: 0})
		return err != nil || find.Done
	})
	if err != nil || !find.Hit || find.Row != 999_989 || find.Found != 10 || find.Place != 1 {
		t.Errorf("%+v, %v", find, err)
	}
	if back, err := logs.Find(LogFindRequest{Token: state.Token, Text: "LINE    99999", Row: lines, Back: true}); err != nil || back.Row != 999_998 || back.Place != 10 {
		t.Errorf("%+v, %v", back, err)
	}
	if text, err := logs.Text(LogRowsRequest{Token: state.Token, From: 999_999, Count: 2}); err != nil || text.Cut || !strings.HasSuffix(text.Text, "\nERROR the only one") {
		t.Errorf("%+v, %v", text, err)
	}
	if text, err := logs.Text(LogRowsRequest{Token: state.Token, Count: lines}); err != nil || !text.Cut || len(text.Text) != maxCopyBytes {
		t.Errorf("%d bytes, cut %t, %v", len(text.Text), text.Cut, err)
	}
	path := filepath.Join(t.TempDir(), "run.log")
	saved, err := logs.Save(SaveLogRequest{Token: state.Token, Path: path})
	for err == nil && !saved.Done {
		saved, err = NewExports(w.Session).Step(TokenRequest{Token: saved.Token})
	}
	if info, failed := os.Stat(path); err != nil || failed != nil || float64(info.Size()) != state.Bytes || saved.Rows != lines {
		t.Errorf("%+v, %v, %v", saved, err, failed)
	}
	if err := logs.Close(token); err != nil {
		t.Error(err)
	}
	if _, err := logs.State(LogStateRequest{Token: state.Token}); Wire(err).Reason != "log.closed" {
		t.Errorf("%v", err)
	}
}

func TestAPackedLogThatNeverEndsIsCut(t *testing.T) {
	w, logs, run := logWindow(t, func(out http.ResponseWriter, r *http.Request) {
		z := gzip.NewWriter(out)
		page := make([]byte, 1<<20)
		for r.Context().Err() == nil {
			if _, err := z.Write(page); err != nil {
				return
			}
		}
	})
	w.Session.logs.limit = 32 << 20
	state := logs.whole(w, run)
	if !state.Full || state.Ended || state.Error != nil || state.Bytes != 32<<20 {
		t.Errorf("%+v", state)
	}
}

func TestLogsOfADatabaseGrowUntilTheirRunEnds(t *testing.T) {
	t.Parallel()
	w := openWindow(t, false, nodeLogs(t))
	logs := NewLogs(w.Session)
	run := w.addRuns(1)
	w.refer(run, "db:"+run+"/0")
	exec := func(sql string, args ...any) {
		if _, err := w.pool.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	write := func(seq int, stream, data string) {
		exec("insert into opsdeck_node.run_log select id, 0, $1, '2026-07-01 12:00Z', $2, $3 from scheduler_job_runs", seq, stream, []byte(data))
	}
	exec("update scheduler_job_runs set state = 'RUNNING'")
	write(1, "stdout", "first\n")
	state := logs.whole(w, run)
	if state.Source != "database" || state.Rows != 1 || state.Ended {
		t.Fatalf("%+v", state)
	}
	write(2, "stderr", "second\n")
	w.eventually(func() bool {
		state, _ = logs.State(LogStateRequest{Token: state.Token, ReadOn: true})
		return state.Rows == 2
	})
	rows, err := logs.Rows(LogRowsRequest{Token: state.Token, Count: 9})
	if err != nil || len(rows) != 2 || rows[1].Stream != "stderr" || rows[1].At != "2026-07-01T12:00:00Z" {
		t.Errorf("%+v, %v", rows, err)
	}
	exec("update scheduler_job_runs set state = 'SUCCEEDED'")
	w.eventually(func() bool {
		state, _ = logs.State(LogStateRequest{Token: state.Token, ReadOn: true})
		return state.Ended
	})
}

// nodeLogs makes the table in which nodes keep logs before the window connects.
func nodeLogs(t *testing.T) func(*profile.Profile) {
	return func(p *profile.Profile) {
		pool := servertest.Pool(t, p.Postgres.URL("scheduler"))
		for _, sql := range []string{
			"create schema opsdeck_node",
			`create table opsdeck_node.run_log (run_id bigint, attempt int, seq bigint, at timestamptz, stream text, chunk bytea,
			  primary key (run_id, attempt, seq))`,
		} {
			if _, err := pool.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWhatIsNoLogIsToldApart(t *testing.T) {
	t.Parallel()
	w, logs, run := logWindow(t, func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(out, "cut off\n")
	})
	if state := logs.whole(w, run); state.Error == nil || state.Error.Reason != "log.broke_off" || state.Rows != 1 {
		t.Errorf("%+v", state)
	}
	for ref, want := range map[string]string{
		"":                                "log.none",
		"/var/log/jobs/1.log":             "log.on_gone_worker",
		"http://169.254.169.254/latest":   "log.origin_refused",
		"s3://bucket/key":                 "log.no_storage",
		"https://user@logs.example.com/a": "log.bad_address",
		`C:\logs\1.log`:                   "log.on_gone_worker",
		"javascript:alert(1)":             "log.bad_kind",
		"file:///etc/passwd":              "log.bad_kind",
		"data:text/html,<script>":         "log.bad_kind",
	} {
		w.refer(run, ref)
		if _, err := logs.Open(OpenLogRequest{RunID: run}); Wire(err).Reason != want {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

func TestOnlySoManyLogsAreOpenAtOnce(t *testing.T) {
	t.Parallel()
	w, logs, run := logWindow(t, func(out http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(out, "text\n") })
	first := logs.whole(w, run)
	for range maxOpenLogs {
		logs.whole(w, run)
	}
	if _, err := logs.State(LogStateRequest{Token: first.Token}); Wire(err).Reason != "log.closed" {
		t.Errorf("%v", err)
	}
}
