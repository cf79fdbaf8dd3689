package logtext_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/logtext"
)

func newText(t testing.TB, limit int64) *logtext.Text {
	t.Helper()
	text, err := logtext.New(limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := text.Close(); err != nil {
			t.Error(err)
		}
	})
	return text
}

// whole is a text of one stream in one piece.
func whole(t testing.TB, content string) *logtext.Text {
	t.Helper()
	text := newText(t, 0)
	if err := text.Append(logtext.Piece{Data: []byte(content)}); err != nil {
		t.Fatal(err)
	}
	if err := text.End(); err != nil {
		t.Fatal(err)
	}
	return text
}

func allRows(t testing.TB, text *logtext.Text) []logtext.Row {
	t.Helper()
	rows, err := text.Rows(0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// randomLog has lines of every length, colours, characters of several bytes and both line ends.
func randomLog(random *rand.Rand, lines int) string {
	var b strings.Builder
	for range lines {
		switch random.IntN(12) {
		case 0:
			b.WriteString(strings.Repeat("処理", random.IntN(4000)))
		case 1:
			b.WriteString(strings.Repeat("x", logtext.RowBytes-2+random.IntN(5)))
		case 2:
			b.WriteString("\x1b[1;3" + fmt.Sprint(random.IntN(8)) + "mcolour")
		case 3:
			b.WriteString("\x1b[0m plain again")
		default:
			fmt.Fprintf(&b, "row %d", random.IntN(1000))
		}
		b.WriteString([]string{"\n", "\n", "\r\n", "\r", "\r\r"}[random.IntN(5)])
	}
	return b.String()
}

func TestRowsDoNotDependOnHowALogCame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			content := randomLog(random, 700)
			want := allRows(t, whole(t, content))
			text := newText(t, 0)
			for rest := []byte(content); len(rest) > 0; {
				n := min(len(rest), 1+random.IntN(9000))
				if err := text.Append(logtext.Piece{Data: rest[:n]}); err != nil {
					t.Fatal(err)
				}
				rest = rest[n:]
			}
			if err := text.End(); err != nil {
				t.Fatal(err)
			}
			got := allRows(t, text)
			if !slices.EqualFunc(got, want, sameRow) {
				t.Fatal("the rows depend on the pieces in which the log came")
			}
			for range 30 {
				from, n := random.IntN(len(want)), 1+random.IntN(300)
				some, err := text.Rows(from, n)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.EqualFunc(some, want[from:min(len(want), from+n)], sameRow) {
					t.Fatalf("rows %d to %d differ when they are read alone", from, from+n)
				}
			}
			checkAgainstLines(t, content, got)
		})
	}
}

func sameRow(a, b logtext.Row) bool {
	return a.Number == b.Number && a.Line == b.Line && a.Continues == b.Continues && a.Style == b.Style && bytes.Equal(a.Text, b.Text)
}

// checkAgainstLines puts the rows together again and compares them with the lines of the log.
func checkAgainstLines(t *testing.T, content string, rows []logtext.Row) {
	t.Helper()
	var lines []string
	for i, r := range rows {
		if r.Number != i || len(r.Text) > logtext.RowBytes || !utf8.Valid(r.Text) {
			t.Fatalf("row %d: number %d, %d bytes, valid %t", i, r.Number, len(r.Text), utf8.Valid(r.Text))
		}
		if r.Continues {
			lines[len(lines)-1] += string(r.Text)
		} else {
			lines = append(lines, string(r.Text))
		}
		if r.Line != len(lines) {
			t.Fatalf("row %d says line %d, it is in line %d", i, r.Line, len(lines))
		}
	}
	want := strings.Split(strings.TrimSuffix(strings.ReplaceAll(content, "\r\n", "\n"), "\n"), "\n")
	if !slices.Equal(lines, want) {
		t.Error("the rows don't make the log's lines")
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content     string
		rows, lines int
	}{
		"nothing":                {"", 0, 0},
		"one without an end":     {"a", 1, 1},
		"one":                    {"a\n", 1, 1},
		"two":                    {"a\nb", 2, 2},
		"empty ones":             {"\n\n\n", 3, 3},
		"a long one":             {strings.Repeat("x", 2*logtext.RowBytes) + "\nend\n", 3, 2},
		"a progress bar":         {"10%\r50%\r100%\r\nend\n", 4, 2},
		"one without a line":     {"10%\r50%\r", 2, 1},
		"returns before a line":  {"a\r\r\nb\r\r\rc\n", 3, 2},
		"a long one, unfinished": {"a\n" + strings.Repeat("x", 3*logtext.RowBytes), 4, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, lines, size := whole(t, test.content).Size()
			if rows != test.rows || lines != test.lines || size != int64(len(test.content)) {
				t.Errorf("%d rows, %d lines, %d bytes", rows, lines, size)
			}
		})
	}
}

func TestRowOfLine(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	text := whole(t, randomLog(random, 3000))
	rows := allRows(t, text)
	first := map[int]int{}
	for _, r := range rows {
		if !r.Continues {
			first[r.Line] = r.Number
		}
	}
	last := rows[len(rows)-1].Line
	for line := 1; line <= last; line += 13 {
		row, err := text.RowOfLine(line)
		if err != nil || row != first[line] {
			t.Fatalf("line %d begins in row %d, not %d (%v)", line, first[line], row, err)
		}
	}
	for line, want := range map[int]int{0: 0, -5: 0, 1 << 40: first[last]} {
		if row, err := text.RowOfLine(line); err != nil || row != want {
			t.Errorf("line %d: row %d, want %d (%v)", line, row, want, err)
		}
	}
}

func TestStreamsDoNotMixInsideACharacter(t *testing.T) {
	t.Parallel()
	text := newText(t, 0)
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	sign := []byte("処")
	for i, p := range []logtext.Piece{
		{at, "stdout", sign[:2]}, {at.Add(time.Hour), "stderr", []byte("!\n")}, {at.Add(2 * time.Hour), "stdout", sign[2:]}, {at, "stdout", []byte{0xe5}},
	} {
		if err := text.Append(p); err != nil {
			t.Fatal(i, err)
		}
	}
	if err := text.End(); err != nil {
		t.Fatal(err)
	}
	rows := allRows(t, text)
	if len(rows) != 2 || string(rows[0].Text) != "!" || string(rows[1].Text) != "処\xe5" {
		t.Fatalf("%+v", rows)
	}
	if rows[0].Stream != "stderr" || rows[1].Stream != "stdout" || !rows[1].At.Equal(at.Add(2*time.Hour)) {
		t.Errorf("%+v", rows)
	}
}

func TestTextStopsAtItsLimit(t *testing.T) {
	t.Parallel()
	text := newText(t, 10)
	if err := text.Append(logtext.Piece{Data: []byte("12345\n")}); err != nil {
		t.Fatal(err)
	}
	if err := text.Append(logtext.Piece{Data: []byte("78901234")}); err == nil || err.Error() != logtext.ErrFull.Error() {
		t.Fatal(err)
	}
	got, err := io.ReadAll(text.Reader())
	if err != nil || string(got) != "12345\n7890" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestNothingStaysBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	text, err := logtext.New(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := text.Append(logtext.Piece{Data: []byte("secret\n")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range files(t, dir) {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", name, info, err)
		}
	}
	if err := text.Close(); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}
