package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// retuneEvery is how often the settings are read again. A worker that a leader tells to reload reads them at once, and
// a leader does with every tick.
const retuneEvery = 5 * time.Second

// tuner keeps the settings fresh. While PostgreSQL is away the last ones hold.
type tuner struct {
	store    *store.Store
	settings *settings.Keeper
	board    *metrics.Board
	metrics  *metrics.Metrics
	now      func() time.Time
	silent   atomic.Bool               // PostgreSQL did not answer the last time
	heard    atomic.Pointer[time.Time] // when it was asked that last answered, by the monotonic clock
}

// wrongClock is how far a clock may be off before somebody is told. A leader goes by the database's clock, so that
// nothing starts early or late for it.
const wrongClock = 2 * time.Second

// reload reads the settings at somebody's request. The error says what kept it from taking all of them over.
func (t *tuner) reload(ctx context.Context) (generation int64, err error) {
	if err := t.read(ctx); err != nil {
		return t.settings.Generation(), fmt.Errorf("the settings can't be read: %w", err)
	}
	generation = t.settings.Reloaded()
	var bad []string
	for _, problem := range t.settings.Problems() {
		bad = append(bad, problem.String())
	}
	if len(bad) > 0 {
		return generation, errors.New("the former values stay in force: " + strings.Join(bad, "; "))
	}
	return generation, nil
}

// run reads the settings until ctx ends, and so often that a node without PostgreSQL knows it in time.
func (t *tuner) run(ctx context.Context) {
	for {
		_ = t.read(ctx) // whoever needs PostgreSQL for more than this says so
		select {
		case <-ctx.Done():
			return
		case <-time.After(min(retuneEvery, t.settings.Values().LeaderStale/3)):
		}
	}
}

func (t *tuner) read(ctx context.Context) error {
	asked, sent := t.now(), time.Now()
	bounded, cancel := context.WithTimeout(ctx, t.settings.Values().LeaderStale/3)
	defer cancel()
	rows, theirs, err := t.store.SettingsAndTime(bounded, settings.Keys())
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		t.heard.Store(&sent)
	}
	t.silent.Store(err != nil)
	if err != nil {
		t.board.Report(metrics.NoServer, "PostgreSQL", err.Error())
		return err
	}
	t.board.Clear(metrics.NoServer, "PostgreSQL")
	t.settings.Apply(rows)
	t.checkClock(asked, t.now(), theirs)
	return nil
}

// checkClock compares this machine's clock with the database's, which answered between the two times.
func (t *tuner) checkClock(asked, answered, theirs time.Time) {
	ahead := asked.Add(answered.Sub(asked) / 2).Sub(theirs)
	t.metrics.ClockOffset(ahead)
	if ahead.Abs() <= wrongClock+answered.Sub(asked) {
		t.board.Clear(metrics.BadClock, "this machine")
		return
	}
	t.board.Report(metrics.BadClock, "this machine", fmt.Sprintf(
		"its clock is %s ahead of PostgreSQL's: set one of them right. Runs start by PostgreSQL's", ahead.Round(time.Second)))
}

// hears tells whether PostgreSQL has answered within the time after which a leader is stale.
func (t *tuner) hears() bool {
	return time.Since(*t.heard.Load()) < t.settings.Values().LeaderStale
}

// answers tells whether PostgreSQL answered the last time.
func (t *tuner) answers() bool { return !t.silent.Load() }
