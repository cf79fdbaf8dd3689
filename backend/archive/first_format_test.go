package archive_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
)

// firstFormat makes an archive of a record as the first format had it: without the tables that came later.
func firstFormat(t *testing.T, r record) string {
	t.Helper()
	path := r.write(t)
	drops := "drop table day_state; drop table job_histogram; drop table log_text; pragma user_version = 1;"
	for _, p := range format.Parts(format.Version) {
		if p.Since > 1 {
			drops += "delete from part where name = '" + p.Name + "'; delete from segment where part = '" + p.Name + "';"
		}
	}
	change(t, path, drops+"vacuum")
	return path
}

// The file in testdata was written by the program as it was before the second format.
func TestAnArchiveOfTheFirstFormatIsRead(t *testing.T) {
	t.Parallel()
	packed, err := os.ReadFile(filepath.Join("testdata", "format_1.opsdeck.zst"))
	if err != nil {
		t.Fatal(err)
	}
	unpacker, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unpacker.Close()
	text, err := unpacker.DecodeAll(packed, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "old.opsdeck")
	put(t, path, text)
	a := open(t, path)
	v, err := a.Verify(t.Context(), func(int64, int64) {})
	if err != nil || !v.Intact || v.Rows == 0 {
		t.Fatalf("%v %+v", err, v)
	}
	runs, more, err := a.Ports(time.Time{}).Runs.ListRuns(t.Context(), console.RunFilter{LogText: "失敗"}, console.Cursor{}, 50)
	if diff := cmp.Diff([]int{1}, ids(runs)); err != nil || more || diff != "" {
		t.Errorf("%v %v %s", err, more, diff)
	}
}

// What the second format keeps totals of, the first has to count: both must come to the same.
func TestTotalsAreWhatCountingGives(t *testing.T) {
	t.Parallel()
	totals, counted := open(t, talkative().write(t)), open(t, firstFormat(t, talkative()))
	from, to := noon.Truncate(24*time.Hour), noon.Truncate(24*time.Hour).Add(48*time.Hour)
	for name, question := range map[string]func(*archive.Archive) (any, error){
		"by job": func(a *archive.Archive) (any, error) {
			return a.Ports(time.Time{}).Stats.JobActivity(t.Context(), from, to)
		},
		"by day": func(a *archive.Archive) (any, error) {
			return a.Ports(time.Time{}).Stats.RunActivity(t.Context(), from, to, 24*time.Hour, console.LateAfter)
		},
	} {
		want, err := question(counted)
		if err != nil {
			t.Fatal(err)
		}
		got, err := question(totals)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}
