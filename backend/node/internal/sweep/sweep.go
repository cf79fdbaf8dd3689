// Package sweep removes what nodes remember of runs and events that are gone, or whose time is over. It looks through the
// tables stretch by stretch, so that it never holds anybody up, and begins anew when it has been through.
package sweep

import (
	"context"
	"log/slog"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	// stretch is how many rows one look covers.
	stretch = 1000
	// looksEvery is how many heartbeats lie between two looks, and afterAll how long a table that has been looked
	// through is left alone.
	looksEvery = 10
	afterAll   = time.Hour
	aDay       = 24 * time.Hour
)

// Sweeper is the leader's share of the work; other nodes look on.
type Sweeper struct {
	Store    *store.Store
	Settings *settings.Keeper
	Leads    func() bool
	Log      *slog.Logger
}

// Run works until ctx ends.
func (s *Sweeper) Run(ctx context.Context) {
	tables := []*table{
		{name: "attempts", sweep: s.Store.SweepAttempts},
		{name: "arguments", sweep: s.Store.SweepArgs},
		{name: "event keys", sweep: s.Store.SweepEventKeys},
	}
	for {
		values := s.Settings.Values()
		select {
		case <-ctx.Done():
			return
		case <-time.After(looksEvery * values.HeartbeatInterval):
		}
		if !s.Leads() {
			continue
		}
		for _, t := range tables {
			s.look(ctx, t, time.Duration(values.HistoryRetentionDays)*aDay)
		}
	}
}

// table is how far one table has been looked through.
type table struct {
	name    string
	sweep   func(ctx context.Context, after store.Place, most int, keep time.Duration) (store.Swept, error)
	after   store.Place
	removed int64
	rests   time.Time
}

func (s *Sweeper) look(ctx context.Context, t *table, keep time.Duration) {
	if time.Now().Before(t.rests) {
		return
	}
	swept, err := t.sweep(ctx, t.after, stretch, keep)
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Warn("what is no longer needed stays for now", "of", t.name, "error", err)
		}
		return
	}
	t.removed += swept.Removed
	if t.after = swept.Last; swept.Looked == stretch {
		return
	}
	if t.removed > 0 {
		s.Log.Info("removed what is no longer needed", "of", t.name, "rows", t.removed)
	}
	t.after, t.removed, t.rests = store.Place{}, 0, time.Now().Add(afterAll)
}
