package logtext_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/logtext"
)

func TestSearchFindsWhatIsRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("y", logtext.RowBytes-3)
	for name, test := range map[string]struct {
		content, wanted string
		rows            []int
	}{
		"any case":                {"Alpha\nbeta\nALPHA ALPHA\n", "alPha", []int{0, 2}},
		"other scripts":           {"処理エラー\nÄpfel\n", "äPFEL", []int{1}},
		"through colours":         {"\x1b[31mer\x1b[1mror\x1b[0m\nfine\n", "error", []int{0}},
		"not what a link hides":   {"\x1b]8;;http://error\x07x\x1b]8;;\x1b\\\nplain\n", "error", nil},
		"across two rows of one":  {long + "needle\n", "needle", []int{0}},
		"not across two lines":    {"nee\ndle\n", "needle", nil},
		"in a line without end":   {"a\nb needle", "needle", []int{1}},
		"regular signs are signs": {"a.c\nabc\n", "a.c", []int{0}},
		"nothing":                 {"a\n", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			search := whole(t, test.content).Search(test.wanted)
			if err := search.Run(t.Context(), true); err != nil {
				t.Fatal(err)
			}
			if got := hits(search); fmt.Sprint(got) != fmt.Sprint(test.rows) {
				t.Errorf("found in rows %v, want %v", got, test.rows)
			}
		})
	}
}

// hits walks through the finds in both directions.
func hits(s *logtext.Search) []int {
	var rows []int
	for row := 0; ; {
		hit, place, ok := s.Next(row, false)
		if !ok {
			break
		}
		rows = append(rows, hit)
		if place != len(rows) {
			return []int{-1}
		}
		if back, _, _ := s.Next(hit, true); back != hit {
			return []int{-2}
		}
		row = hit + 1
	}
	return rows
}

func TestSearchOfAGrowingLogFindsTheSame(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 9))
	content := randomLog(random, 4000)
	once := whole(t, content).Search("row 99")
	if err := once.Run(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	text := newText(t, 0)
	growing := text.Search("row 99")
	for rest := []byte(content); len(rest) > 0; {
		n := min(len(rest), 1+random.IntN(200_000))
		if err := text.Append(logtext.Piece{Data: rest[:n]}); err != nil {
			t.Fatal(err)
		}
		if err := growing.Run(t.Context(), len(rest) == n); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	want, got := hits(once), hits(growing)
	if len(want) < 10 || fmt.Sprint(want) != fmt.Sprint(got) {
		t.Errorf("found %v at once and %v while it grew", want, got)
	}
}

func TestSearchStopsWhenNobodyWantsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	search := whole(t, strings.Repeat("row\n", 100_000)).Search("row")
	if err := search.Run(ctx, true); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

func TestFirstError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		content string
		row     int
		found   bool
	}{
		"a word":             {"fine\nERROR: no\n", 1, true},
		"coloured":           {"ok\nok\n\x1b[31mTraceback\x1b[0m (most recent call last)\n", 2, true},
		"Japanese":           {"開始\n処理に失敗しました\n", 1, true},
		"beside Japanese":    {"これはerrorです\n", 0, true},
		"part of a word":     {"terrors\nerror_count=0\nmyerror\n", 0, false},
		"none":               {"all is well\n", 0, false},
		"twice, once a word": {"errors and an error\n", 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row, found, err := whole(t, test.content).FirstError(t.Context())
			if err != nil || row != test.row || found != test.found {
				t.Errorf("row %d, %t, %v", row, found, err)
			}
		})
	}
}

// A log of 100 MB costs its place on disk; memory holds the index alone.
func TestAHundredMegabytesStayOutOfMemory(t *testing.T) {
	const size, bound = 100 << 20, 16 << 20
	before := heap()
	text := newText(t, 0)
	line := []byte(strings.Repeat("2026-07-01 12:00:00 INFO a quite usual line of a log, number 12345\n", 1000))
	for written := 0; written < size; written += len(line) {
		if err := text.Append(logtext.Piece{Stream: "stdout", Data: line}); err != nil {
			t.Fatal(err)
		}
	}
	if err := text.Append(logtext.Piece{Data: []byte("the needle\n")}); err != nil {
		t.Fatal(err)
	}
	search := text.Search("needle")
	if err := search.Run(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	rows, _, _ := text.Size()
	if hit, _, ok := search.Next(0, false); !ok || hit != rows-1 {
		t.Errorf("found in row %d of %d: %t", hit, rows, ok)
	}
	if _, err := text.Rows(rows-500, 500); err != nil {
		t.Fatal(err)
	}
	if grown := heap() - before; grown > bound {
		t.Errorf("%d MB of heap for a log of 100 MB", grown>>20)
	}
	runtime.KeepAlive(text)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
