package desktop

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// pages makes an export of n rows in pages of ten, which fails at row failAt unless that is negative.
func pages(n, failAt int) func(*export.Rows) func(context.Context, *console.Console) (int, bool, error) {
	return func(rows *export.Rows) func(context.Context, *console.Console) (int, bool, error) {
		written := 0
		return func(context.Context, *console.Console) (int, bool, error) {
			page := min(10, n-written)
			for range page {
				if written == failAt {
					return 0, false, errors.New("the server is gone")
				}
				if err := rows.Write([]export.Cell{{Text: "=x"}}); err != nil {
					return 0, false, err
				}
				written++
			}
			return page, written == n, nil
		}
	}
}

func showing(t *testing.T) *Session {
	t.Helper()
	s, _ := session(t, nil)
	o := enliven("e", &Environment{ID: "e", Console: deaf(), Close: func() error { return nil }})
	s.changed(func() { s.live = o; s.show(o) })
	return s
}

func files(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAnExportIsWrittenInSteps(t *testing.T) {
	t.Parallel()
	s, folder := showing(t), t.TempDir()
	path := filepath.Join(folder, "a.csv")
	state, err := s.exports.begin(path, export.CSV, []string{"x"}, pages(25, -1))
	if err != nil || state.Done || state.Path != path {
		t.Fatalf("%+v, %v", state, err)
	}
	bound := NewExports(s)
	for !state.Done {
		if state, err = bound.Step(TokenRequest{state.Token}); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path)
	if err != nil || state.Rows != 25 || state.Capped || strings.Count(string(content), "'=x\r\n") != 25 {
		t.Errorf("%+v, %v, %q", state, err, content)
	}
	if _, err := bound.Step(TokenRequest{state.Token}); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a step after the last: %v", err)
	}
	if _, err := s.exports.begin(path, export.CSV, []string{"x"}, pages(1, -1)); scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("the same file again: %v", err)
	}
}

func TestAnExportThatEndsEarlyLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*Session, string) error{
		"stopped": func(s *Session, token string) error { return NewExports(s).Stop(TokenRequest{token}) },
		"failed": func(s *Session, token string) error {
			if _, err := NewExports(s).Step(TokenRequest{token}); err == nil {
				return errors.New("it did not fail")
			}
			return nil
		},
		"its environment was closed": func(s *Session, _ string) error { s.CloseEnvironment(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			s, folder := showing(t), t.TempDir()
			state, err := s.exports.begin(filepath.Join(folder, "a.csv"), export.CSV, []string{"x"}, pages(100, 15))
			if err != nil {
				t.Fatal(err)
			}
			if err := end(s, state.Token); err != nil {
				t.Error(err)
			}
			if left := files(t, folder); left != nil {
				t.Errorf("%v is left", left)
			}
			if w := s.exports.get(state.Token); w != nil {
				t.Error("it is still under way")
			}
		})
	}
}

func TestAFileThatTheDialogGaveIsReplaced(t *testing.T) {
	t.Parallel()
	s, folder := showing(t), t.TempDir()
	path := filepath.Join(folder, "a.ndjson")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.config.ChooseFile = func(_, _, name string) (string, error) {
		if !strings.HasSuffix(name, ".ndjson") || strings.Contains(name, "/") {
			t.Errorf("the dialog suggests %q", name)
		}
		return path, nil
	}
	bound := NewExports(s)
	if file, err := bound.Choose(SuggestFileRequest{Name: "../../audit", Format: "ndjson"}); err != nil || file.Path != path || !file.Chosen {
		t.Fatalf("%+v, %v", file, err)
	}
	state, err := s.exports.begin(path, export.NDJSON, []string{"x"}, pages(1, -1))
	if err != nil {
		t.Fatal(err)
	}
	if state, err = bound.Step(TokenRequest{state.Token}); err != nil || !state.Done {
		t.Errorf("%+v, %v", state, err)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "{\"x\":\"=x\"}\n" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := bound.Suggest(SuggestFileRequest{Format: "xlsx"}); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("another format: %v", err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
