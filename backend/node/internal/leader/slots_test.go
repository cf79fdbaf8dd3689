package leader

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func clock(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestSlots(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, schedule, first, now, last, changed string
		want                                      string
	}{
		{"every two minutes", `{"kind":"every_n_minutes","n":2}`, "2026-03-01 12:00:00", "2026-03-01 12:00:30", "2026-03-01 12:03:00", "", "12:00 12:02"},
		{"a zone", `{"kind":"daily","time":"09:00","timezone":"Asia/Tokyo"}`, "2026-03-01 00:00:00", "2026-03-01 00:00:00", "2026-03-01 00:01:00", "", "00:00"},
		{"without one it is UTC", `{"kind":"daily","time":"09:00"}`, "2026-03-01 00:00:00", "2026-03-01 00:00:00", "2026-03-01 00:01:00", "", ""},
		// Berlin has no 02:30 on 29 March 2026: it fires once, when the clock shows 03:30.
		{"a gap fires once", `{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, "2026-03-28 23:00:00", "2026-03-28 23:00:00", "2026-03-29 22:00:00", "", "01:30"},
		// And 02:30 twice on 25 October: the first counts.
		{"a repetition fires once", `{"kind":"daily","time":"02:30","timezone":"Europe/Berlin"}`, "2026-10-24 22:00:00", "2026-10-24 22:00:00", "2026-10-25 22:00:00", "", "00:30"},
		{"what was missed comes later", `{"kind":"every_n_minutes","n":1}`, "2026-03-01 11:58:00", "2026-03-01 12:00:30", "2026-03-01 12:01:00", "2026-03-01 11:00:00", "11:58 11:59 12:00 12:01"},
		{"but not from before a change", `{"kind":"every_n_minutes","n":1}`, "2026-03-01 11:58:00", "2026-03-01 12:00:30", "2026-03-01 12:01:00", "2026-03-01 11:58:30", "11:59 12:00 12:01"},
		{"a change just now", `{"kind":"every_n_minutes","n":1}`, "2026-03-01 12:00:00", "2026-03-01 12:00:30", "2026-03-01 12:00:00", "2026-03-01 12:00:20", "12:00"},
		{"impossible", `{"kind":"daily","time":"25:00"}`, "2026-03-01 00:00:00", "2026-03-01 00:00:00", "2026-03-02 00:00:00", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := New(Config{Board: metrics.NewBoard(slog.New(slog.DiscardHandler))})
			job := store.Job{ID: 1, Type: scheduler.TimeJob, Schedule: []byte(tt.schedule)}
			if tt.changed != "" {
				job.UpdatedAt = clock(t, tt.changed)
			}
			l.read([]store.Job{job})
			var got []string
			for _, slot := range l.slots([]store.Job{job}, clock(t, tt.first), clock(t, tt.now), clock(t, tt.last)) {
				got = append(got, slot.At.UTC().Format("15:04"))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	now := clock(t, "2026-03-01 12:00:30")
	tests := []struct {
		name, planned string
		late          time.Duration
		want          string
	}{
		{"the first leader ever", "", 5 * time.Minute, "2026-03-01 12:00:00"},
		{"steady", "2026-03-01 12:01:00", 5 * time.Minute, "2026-03-01 12:00:00"},
		{"one minute was missed", "2026-03-01 11:58:00", 5 * time.Minute, "2026-03-01 11:59:00"},
		{"only what would not be skipped", "2026-03-01 09:00:00", 5 * time.Minute, "2026-03-01 11:56:00"},
		{"a late run is skipped at once", "2026-03-01 09:00:00", 10 * time.Second, "2026-03-01 12:00:00"},
		{"never skipped, but bounded", "2026-02-01 00:00:00", 0, "2026-02-28 12:01:00"},
		{"planned by a clock that was ahead", "2026-03-01 12:30:00", 5 * time.Minute, "2026-03-01 12:00:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var planned *time.Time
			if tt.planned != "" {
				at := clock(t, tt.planned)
				planned = &at
			}
			if got := since(now, planned, tt.late); !got.Equal(clock(t, tt.want)) {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
}

func TestRebalance(t *testing.T) {
	t.Parallel()
	member := func(id string) cluster.Member { return cluster.Member{ID: id, Role: scheduler.Plain} }
	movable := func(worker string, n int) (runs []store.MovableRun) {
		for i := range n {
			runs = append(runs, store.MovableRun{ID: scheduler.RunID(i + 1), Worker: worker})
		}
		return runs
	}
	s := settings.Standard()
	tests := []struct {
		name    string
		usable  []cluster.Member
		loads   []store.Load
		movable []store.MovableRun
		most    int
		want    string
	}{
		{"a newcomer gets half", []cluster.Member{member("a"), member("b")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 6), 50, "bbb"},
		{"bounded", []cluster.Member{member("a"), member("b")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 6), 2, "bb"},
		{"0 is any number", []cluster.Member{member("a"), member("b")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 6), 0, "bbb"},
		{"even is even", []cluster.Member{member("a"), member("b")}, []store.Load{{WorkerID: "a", Assigned: 2}, {WorkerID: "b", Assigned: 1}}, movable("a", 2), 50, ""},
		{"only what may move", []cluster.Member{member("a"), member("b")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 1), 50, "b"},
		{"of somebody who is gone", []cluster.Member{member("b")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 6), 50, ""},
		{"alone", []cluster.Member{member("a")}, []store.Load{{WorkerID: "a", Assigned: 6}}, movable("a", 6), 50, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := s
			s.RebalanceMaxMoves = tt.most
			got := ""
			for _, move := range rebalance(tt.movable, tt.usable, tt.loads, s) {
				got += move.Worker
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
