package desktop

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ledger has n runs.
type ledger struct {
	console.RunStore
	n int64
}

func (l ledger) ListRuns(_ context.Context, _ console.RunFilter, cursor console.Cursor, size int) (runs []scheduler.Run, more bool, err error) {
	next := l.n
	if !cursor.IsTop() {
		next = cursor.ID - 1
	}
	for ; next > 0 && len(runs) < size; next-- {
		at := time.Unix(next, 0).UTC()
		runs = append(runs, scheduler.Run{ID: scheduler.RunID(next), JobName: "夜間", Command: "cmd", State: scheduler.Failed, CreatedAt: at, StartedAt: &at})
	}
	return runs, next > 0, nil
}

func TestRunsAreExportedAsParquetAcrossPages(t *testing.T) {
	t.Parallel()
	s := showing(t)
	s.live.Console = console.New(console.Ports{Runs: ledger{n: 1234}}, time.Now, slog.New(slog.DiscardHandler))
	path := filepath.Join(t.TempDir(), "runs.parquet")
	if file, err := NewExports(s).Suggest(SuggestFileRequest{Name: "runs", Format: "parquet"}); err != nil || filepath.Ext(file.Path) != ".parquet" || file.Limit != 0 {
		t.Errorf("%+v, %v", file, err)
	}
	state, err := NewRuns(s).Export(ExportRunsRequest{Format: "parquet", Path: path})
	for err == nil && !state.Done {
		state, err = NewExports(s).Step(TokenRequest{state.Token})
	}
	if err != nil || state.Rows != 1234 || state.Capped {
		t.Fatalf("%+v, %v", state, err)
	}
	type row struct {
		ID        int64      `parquet:"id"`
		Job       string     `parquet:"job"`
		StartedAt *time.Time `parquet:"started_at,optional,timestamp(microsecond)"`
		ExitCode  *int64     `parquet:"exit_code,optional"`
	}
	table, err := parquet.ReadFile[row](path)
	if err != nil || len(table) != 1234 {
		t.Fatalf("%d rows, %v", len(table), err)
	}
	for i, r := range table {
		if want := int64(1234 - i); r.ID != want || r.Job != "夜間" || r.ExitCode != nil || !r.StartedAt.Equal(time.Unix(want, 0)) {
			t.Fatalf("row %d: %+v", i, r)
		}
	}
	if _, err := NewRuns(s).Export(ExportRunsRequest{Format: "parquet", Path: path}); Wire(err).Reason != "export.exists" {
		t.Errorf("the same file again: %v", err)
	}
}

func TestOnlyCSVHasABound(t *testing.T) {
	t.Parallel()
	s := showing(t)
	for format, want := range map[export.Format]float64{export.CSV: 20, export.NDJSON: 25} {
		path := filepath.Join(t.TempDir(), "a."+string(format))
		state, err := s.exports.begin(path, format, []string{"x"}, pages(25, -1))
		if err != nil {
			t.Fatal(err)
		}
		if w := s.exports.get(state.Token); w.limit > 0 {
			w.limit = 20 // a million rows take a while
		}
		state, err = NewExports(s).Step(TokenRequest{state.Token})
		if err != nil || !state.Done || state.Rows != want || state.Capped != (want == 20) {
			t.Errorf("%s: %+v, %v", format, state, err)
		}
	}
}
