package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

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
}

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

// run reads the settings until ctx ends.
func (t *tuner) run(ctx context.Context) {
	tick := time.NewTicker(retuneEvery)
	defer tick.Stop()
	for {
		_ = t.read(ctx) // whoever needs PostgreSQL for more than this says so
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (t *tuner) read(ctx context.Context) error {
	rows, err := t.store.Settings(ctx, settings.Keys())
	if err == nil {
		t.settings.Apply(rows)
	}
	return err
}
