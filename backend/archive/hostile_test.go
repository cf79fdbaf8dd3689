package archive_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// full is a record with rows in every part that hostile files are made from.
func full() record {
	r := record{jobs: []scheduler.Job{{ID: 1, Name: "one"}}, runs: someRuns()}
	for i := range r.runs {
		r.chunks = append(r.chunks, history.LogChunk{Run: r.runs[i].ID, LogChunk: console.LogChunk{Seq: 1, At: noon, Stream: "stdout", Data: []byte("line\n")}})
	}
	r.events = []console.Event{{ID: 1, Type: "a", CreatedAt: noon}}
	r.audit = []history.AuditRow{{AuditEntry: console.AuditEntry{ID: 1, Actor: "a", Action: "job.run", Target: "1", Detail: []byte(`{}`), At: noon}}}
	return r
}

// change opens an archive for writing, as somebody with the sqlite3 tool could, and leaves a file of the right size.
func change(t *testing.T, path, statements string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: path}).String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statements, args...); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return fmt.Sprint(err)
}

func TestForeignFilesAreRefused(t *testing.T) {
	t.Parallel()
	good := full().write(t)
	text, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	columns := make([]string, 1900)
	for i := range columns {
		columns[i] = fmt.Sprint("c", i)
	}
	for name, c := range map[string]struct {
		make   func(t *testing.T, path string)
		reason string
	}{
		"empty":              {func(t *testing.T, p string) { put(t, p, nil) }, "archive.foreign"},
		"not SQLite":         {func(t *testing.T, p string) { put(t, p, bytes.Repeat([]byte("zip bomb"), 4096)) }, "archive.foreign"},
		"of another program": {func(t *testing.T, p string) { put(t, p, text); change(t, p, "pragma application_id = 7") }, "archive.foreign"},
		"of the future":      {func(t *testing.T, p string) { put(t, p, text); change(t, p, "pragma user_version = 3") }, "archive.future"},
		"cut off":            {func(t *testing.T, p string) { put(t, p, text[:len(text)/2]) }, "archive.truncated"},
		"longer":             {func(t *testing.T, p string) { put(t, p, append(bytes.Clone(text), 0)) }, "archive.truncated"},
		"with a trigger": {func(t *testing.T, p string) {
			put(t, p, text)
			change(t, p, "create trigger x after insert on run begin select 1; end")
		}, "archive.damaged"},
		"with a view": {func(t *testing.T, p string) {
			put(t, p, text)
			change(t, p, "create view x as select load_extension('x')")
		}, "archive.damaged"},
		"another table": {func(t *testing.T, p string) { put(t, p, text); change(t, p, "create table x (a)") }, "archive.damaged"},
		"many columns": {func(t *testing.T, p string) {
			put(t, p, text)
			change(t, p, "create table x ("+strings.Join(columns, ", ")+")")
		}, "archive.damaged"},
		"a million columns": {func(t *testing.T, p string) {
			put(t, p, text)
			change(t, p, "pragma writable_schema = on; update sqlite_schema set sql = ? where name = 'note'",
				"create table note ("+strings.Repeat("c,", 1_000_000)+"d)")
			if info, err := os.Stat(p); err != nil || info.Size() < 2_000_000 {
				t.Errorf("they are not in the file: %v, %v", info, err)
			}
		}, "archive.damaged"},
		"without an index": {func(t *testing.T, p string) { put(t, p, text); change(t, p, "drop index run_state") }, "archive.damaged"},
		"a journal mode":   {func(t *testing.T, p string) { put(t, p, text); change(t, p, "pragma journal_mode = wal") }, "archive.damaged"},
		"without itself":   {func(t *testing.T, p string) { put(t, p, text); change(t, p, "delete from meta") }, "archive.damaged"},
		"a folder":         {func(t *testing.T, p string) { _ = os.Mkdir(p, 0o700) }, "archive.foreign"},
		"missing":          {func(*testing.T, string) {}, "archive.not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a ?#%20'\"漢字.opsdeck")
			c.make(t, path)
			a, err := archive.Open(t.Context(), path)
			if err == nil {
				_ = a.Close()
			}
			if got := reasonOf(err); got != c.reason {
				t.Errorf("%v, not %s", err, c.reason)
			}
		})
	}
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// ask puts every question to an archive. Answers don't matter; that each ends does.
func ask(ctx context.Context, a *archive.Archive) {
	for _, at := range []time.Time{{}, *at(11)} {
		p := a.Ports(at)
		_, _, _ = p.Runs.ListRuns(ctx, console.RunFilter{}, console.Cursor{}, 50)
		_, _, _ = p.Runs.ListRuns(ctx, console.RunFilter{ErrorText: "refused"}, console.Cursor{}, 50)
		_, _, _ = p.Runs.ListRuns(ctx, console.RunFilter{States: scheduler.RunStates, MinDuration: time.Second}, console.Cursor{}, 50)
		_, _ = p.Runs.Run(ctx, 2)
		_, _ = p.Runs.Attempts(ctx, 2)
		_, _ = p.Stats.RunActivity(ctx, noon.Add(-time.Hour), asOf, 30*time.Minute, time.Minute)
		_, _ = p.Stats.OpenRunsByWorker(ctx)
		_, _ = p.Stats.JobActivity(ctx, noon.Add(-time.Hour), asOf)
		_, _, _ = p.Runs.ListRuns(ctx, console.RunFilter{LogText: "line"}, console.Cursor{}, 50)
		_, _ = p.Jobs.ListJobs(ctx, 10)
		_, _, _ = p.Windows.RunsInHand(ctx, noon, asOf, 100)
		_, _, _ = p.Windows.RunsScheduled(ctx, noon, asOf, 100)
		_, _, _ = p.Windows.Terms(ctx, noon, asOf)
		_, _ = p.Fleet.Fleet(ctx)
		_, _ = p.Logs.LogPart(ctx, 2, 0, 0, 1<<20)
		_, _ = p.Settings.SettingTables(ctx)
		_, _ = p.Audit.ListAudit(ctx, console.AuditFilter{Text: "a"}, console.Cursor{}, 50)
		_, _ = p.Events.ListEvents(ctx, console.EventFilter{Text: "a"}, console.Cursor{}, 50)
		_ = p.Failures.EachFailure(ctx, noon, asOf, 100, func(console.FailedRun) {})
	}
	_, _ = a.Known(ctx, *at(11))
	_, _ = a.Verify(ctx, func(int64, int64) {})
}

// Whatever is changed in a file, it is refused or answers, it is not written to, and it takes little memory. OPSDECK_MUTATIONS asks for
// more than the few that every run of the tests does.
func TestMutatedFilesDoNoHarm(t *testing.T) {
	good, err := os.ReadFile(full().write(t))
	if err != nil {
		t.Fatal(err)
	}
	mutations := 80
	if _, err := fmt.Sscan(os.Getenv("OPSDECK_MUTATIONS"), &mutations); err != nil && os.Getenv("OPSDECK_MUTATIONS") != "" {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, uint64(mutations)))
	path := filepath.Join(t.TempDir(), "mutated.opsdeck")
	for i := range mutations {
		text := bytes.Clone(good)
		for range 1 + random.IntN(20) {
			text[100+random.IntN(len(text)-100)] = byte(random.Uint32())
		}
		put(t, path, text)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if a, err := archive.Open(ctx, path); err == nil {
			ask(ctx, a)
			_ = a.Close()
		}
		if ctx.Err() != nil {
			t.Errorf("mutation %d has no end", i)
		}
		cancel()
		after, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(text, after) {
			t.Fatalf("mutation %d: the file was written to, %v", i, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
			t.Fatalf("mutation %d: something was written beside the file", i)
		}
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if memory.Sys > 512<<20 {
		t.Errorf("%d MB of memory were taken", memory.Sys>>20)
	}
}

func TestAChangedRowIsNamed(t *testing.T) {
	t.Parallel()
	for part, statement := range map[string]string{
		"run": "update run set exit_code = 9 where n = 2", "meta": `update meta set value = replace(value, '"kind"', '"kinds"')`,
		"audit": "update audit set actor = 'b'", "event": "delete from event", "log": "update log set text = x'00' where id = 1",
		"span_state": "update span_state set runs = runs + 1", "job": "insert into job select id + 1, name, enabled, type, command, default_args, args_masked, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at from job",
	} {
		t.Run(part, func(t *testing.T) {
			t.Parallel()
			path := full().write(t)
			change(t, path, statement)
			v, err := open(t, path).Verify(t.Context(), func(int64, int64) {})
			if err != nil || v.Intact || len(v.Changed) != 1 || v.Changed[0].Part != part {
				t.Errorf("%v, %+v", err, v)
			}
		})
	}
	v, err := full().open(t).Verify(t.Context(), func(int64, int64) {})
	if err != nil || !v.Intact || v.Rows == 0 {
		t.Errorf("a good one: %v, %+v", err, v)
	}
}

func TestAnArchiveIsKnownByWhatIsInIt(t *testing.T) {
	t.Parallel()
	identity := func(path string) string {
		id, err := open(t, path).Identity(t.Context())
		if err != nil || len(id) != 32 {
			t.Errorf("%q, %v", id, err)
		}
		return id
	}
	path := full().write(t)
	id := identity(path)
	if again := identity(full().write(t)); again != id {
		t.Errorf("the same rows in another file: %s, not %s", again, id)
	}
	change(t, path, "insert into signature (public_key, signer, signed_at, signature) values (x'00', 'kim', 0, x'00')")
	if signed := identity(path); signed != id {
		t.Errorf("signed it is known by %s, not %s", signed, id)
	}
	if other := identity(record{runs: full().runs}.write(t)); other == id {
		t.Error("another archive is known by the same")
	}
	change(t, path, "delete from part")
	if got, err := open(t, path).Identity(t.Context()); err == nil {
		t.Errorf("without digests: %q", got)
	}
}

func TestALogThatUnpacksToTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bomb := encoder.EncodeAll(make([]byte, 64<<20), nil)
	path := full().write(t)
	change(t, path, `update log set text = ?, size = 5`, bomb)
	ports := open(t, path).Ports(time.Time{})
	_, err = ports.Logs.LogPart(t.Context(), 2, 0, 0, 1<<20)
	if reasonOf(err) != "archive.damaged" {
		t.Errorf("%d bytes that unpack to %d: %v", len(bomb), 64<<20, err)
	}
	if _, _, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{LogText: "line"}, console.Cursor{}, 10); reasonOf(err) != "archive.damaged" {
		t.Errorf("searching it: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	good, err := os.ReadFile(full().write(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(200), []byte{0xff})
	f.Add(uint32(format.PageSize), []byte("SQLite format 3"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		text := bytes.Clone(good)
		copy(text[int(at)%len(text):], patch)
		path := filepath.Join(dir, "fuzzed.opsdeck")
		put(t, path, text)
		if a, err := archive.Open(t.Context(), path); err == nil {
			ask(t.Context(), a)
			_ = a.Close()
		}
	})
}
