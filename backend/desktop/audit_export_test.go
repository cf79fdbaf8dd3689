package desktop

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// trail is an audit of n entries, whose every third page is a search that stopped.
type trail struct {
	console.AuditStore
	n     int64
	asked int
}

func (a *trail) ListAudit(_ context.Context, f console.AuditFilter, cursor console.Cursor, size int) (console.Stretch[console.AuditEntry], error) {
	a.asked++
	next := a.n
	if !cursor.IsTop() {
		next = cursor.ID - 1
	}
	page := console.Stretch[console.AuditEntry]{}
	if a.asked%3 == 0 {
		page.Reached = &console.Cursor{CreatedAt: time.Unix(next+1, 0), ID: next + 1}
		return page, nil
	}
	for ; next > 0 && len(page.Rows) < size; next-- {
		page.Rows = append(page.Rows, console.AuditEntry{
			ID: next, Actor: "=a", Action: "job.delete", At: time.Unix(next, 0), Detail: json.RawMessage(`{"whole": ` + map[bool]string{true: "1", false: "0"}[f.Whole] + `}`),
		})
	}
	page.More = next > 0
	return page, nil
}

func TestTheWholeAuditIsExportedAcrossPagesAndStoppedSearches(t *testing.T) {
	t.Parallel()
	s := showing(t)
	s.live.Console = console.New(console.Ports{Audit: &trail{n: 1001}}, time.Now, slog.New(slog.DiscardHandler))
	path := filepath.Join(t.TempDir(), "audit.ndjson")
	state, err := NewAudit(s).Export(ExportAuditRequest{Format: "ndjson", Path: path})
	for err == nil && !state.Done {
		state, err = NewExports(s).Step(TokenRequest{state.Token})
	}
	if err != nil || state.Rows != 1001 {
		t.Fatalf("%+v, %v", state, err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	for i, line := range lines {
		var entry struct {
			ID     string
			Detail struct{ Whole int }
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.ID != wireID(int64(1001-i)) || entry.Detail.Whole != 1 {
			t.Fatalf("line %d: %s, %v", i, line, err)
		}
	}
	if len(lines) != 1001 {
		t.Errorf("%d lines", len(lines))
	}
	if _, err := NewAudit(s).Export(ExportAuditRequest{Format: "csv", Path: path}); err == nil {
		t.Error("an .ndjson file is written as CSV")
	}
}
