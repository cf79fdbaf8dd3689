package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestDefuse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1",
		"  =cmd|' /C calc'!A0": "'  =cmd|' /C calc'!A0", "＝1": "'＝1", "\u3000=1": "'\u3000=1", "|calc": "'|calc", "%0A": "'%0A",
		"plain": "plain", "": "", "a=1": "a=1", `{"a": "=1"}`: `{"a": "=1"}`, "2026-11-23T12:00:00Z": "2026-11-23T12:00:00Z", "漢字": "漢字",
	} {
		if got := export.Defuse(text); got != want {
			t.Errorf("%q gives %q, not %q", text, got, want)
		}
	}
}

var columns = []string{"id", "text", "detail"}

func rowsOf(t *testing.T, format export.Format, texts ...string) string {
	t.Helper()
	var out bytes.Buffer
	rows, err := export.NewRows(&out, format, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if err := rows.Write([]export.Cell{{Text: "7"}, {Text: text}, {Raw: json.RawMessage("{\"a\":\n 12345678901234567890, \"b\": \"x \\\" y\"}")}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSVIsReadBackWithFormulasDefused(t *testing.T) {
	t.Parallel()
	text := rowsOf(t, export.CSV, "a,\"b\"\nc", "=HYPERLINK(1)")
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	got, err := reader.ReadAll()
	detail := "{\"a\":\n 12345678901234567890, \"b\": \"x \\\" y\"}"
	want := [][]string{columns, {"7", "a,\"b\"\nc", detail}, {"7", "'=HYPERLINK(1)", detail}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" || !strings.HasPrefix(text, "\ufeff") {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestNDJSONHasADocumentALine(t *testing.T) {
	t.Parallel()
	want := `{"id":"7","text":"a\nb \u003cc\u003e","detail":{"a":12345678901234567890,"b":"x \" y"}}` + "\n"
	if diff := cmp.Diff(want, rowsOf(t, export.NDJSON, "a\nb <c>")); diff != "" {
		t.Error(diff)
	}
	if _, err := export.NewRows(&bytes.Buffer{}, "xlsx", columns); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("another format: %v", err)
	}
}

func FuzzRows(f *testing.F) {
	f.Add("=1", `{"a": 1}`)
	f.Add("a\r\nb\x00\xff", `[`)
	f.Fuzz(func(t *testing.T, text, document string) {
		for _, format := range []export.Format{export.CSV, export.NDJSON} {
			var out bytes.Buffer
			rows, err := export.NewRows(&out, format, columns)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(rows.Write([]export.Cell{{Text: text}, {Text: text}, {Raw: json.RawMessage(document)}}), rows.Flush()); err != nil {
				t.Fatal(err)
			}
			if format == export.CSV {
				if got, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll(); err != nil || len(got) != 2 {
					t.Fatalf("%d lines, %v", len(got), err)
				}
			} else if n := strings.Count(out.String(), "\n"); n != 1 || !json.Valid(out.Bytes()) {
				t.Fatalf("%d lines: %s", n, out.String())
			}
		}
	})
}

func TestAFileAppearsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "audit.csv")
	there := func() (names []string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !strings.HasSuffix(e.Name(), ".part") {
				names = append(names, e.Name())
			}
		}
		return names
	}
	file := create(t, path, false)
	if _, err := file.Write([]byte("one")); err != nil || there() != nil {
		t.Errorf("%v; before it is finished %v are there", err, there())
	}
	if err := file.Finish(); err != nil {
		t.Fatal(err)
	}
	dropped := create(t, filepath.Join(folder, "dropped.csv"), false)
	if err := dropped.Drop(); err != nil {
		t.Error(err)
	}
	entries, _ := os.ReadDir(folder)
	if content, err := os.ReadFile(path); err != nil || string(content) != "one" || len(entries) != 1 {
		t.Errorf("%q, %v, %d files", content, err, len(entries))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestAFileIsReplacedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.csv")
	racing, replacing := create(t, path, false), create(t, path, true)
	if err := os.WriteFile(path, []byte("somebody's"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := export.Create(path, "csv", false); reasonOf(err) != "export.exists" {
		t.Errorf("a file that is there: %v", err)
	}
	if err := racing.Finish(); reasonOf(err) != "export.exists" {
		t.Errorf("a file that came meanwhile: %v", err)
	}
	if content, _ := os.ReadFile(path); string(content) != "somebody's" {
		t.Errorf("it was replaced by %q", content)
	}
	if err := replacing.Finish(); err != nil {
		t.Error(err)
	}
	if content, _ := os.ReadFile(path); len(content) != 0 {
		t.Errorf("it was not replaced: %q", content)
	}
}

func TestPathsThatNobodyMeantAreRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for path, reason := range map[string]string{
		"": "export.bad_path", "audit.csv": "export.bad_path", filepath.Join(folder, "audit.txt"): "export.bad_path",
		filepath.Join(folder, ".bashrc"): "export.bad_path", filepath.Join(folder, "none", "audit.csv"): "export.unwritable",
	} {
		if _, err := export.Create(path, "csv", true); reasonOf(err) != reason {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func create(t *testing.T, path string, replace bool) *export.File {
	t.Helper()
	file, err := export.Create(path, "csv", replace)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func reasonOf(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}
