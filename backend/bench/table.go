package main

import (
	"fmt"
	"strings"
	"time"
)

// table is one file of results.
type table struct {
	title string
	notes []string
	rows  []row
}

type row struct {
	work  string
	floor string
	times times
	goal  goal
}

// goal is what docs/performance.md sets, as a ratio to the floor or as a time; both 0 is none.
type goal struct {
	ratio  float64
	within time.Duration
}

func (g goal) judge(t times) string {
	verdict := func(limit string, met bool) string {
		if met {
			return limit + " ✓"
		}
		return limit + " ✗"
	}
	switch {
	case g.ratio > 0:
		return verdict(fmt.Sprintf("≤ %gx", g.ratio), t.ratio() <= g.ratio)
	case g.within > 0:
		return verdict(fmt.Sprintf("≤ %s", g.within), t.ours <= g.within)
	}
	return ""
}

func (t *table) add(work, floor string, measured times, g goal) {
	t.rows = append(t.rows, row{work, floor, measured, g})
}

func (t table) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", t.title)
	for _, note := range t.notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\n| work | floor | floor, median | ours, median | ours, p95 | ratio | goal | rounds |\n|---|---|--:|--:|--:|--:|---|--:|\n")
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.1fx | %s | %d |\n", r.work, r.floor,
			milliseconds(r.times.floor), milliseconds(r.times.ours), milliseconds(r.times.p95), r.times.ratio(), r.goal.judge(r.times), r.times.rounds)
	}
	b.WriteByte('\n')
	return b.String()
}

func milliseconds(d time.Duration) string {
	switch ms := float64(d) / float64(time.Millisecond); {
	case ms < 10:
		return fmt.Sprintf("%.2f ms", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	default:
		return fmt.Sprintf("%.0f ms", ms)
	}
}
