package node

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// retuneEvery is how often the settings are read again. A worker that a leader tells to reload reads them at once, and
// a leader does with every tick.
const retuneEvery = 5 * time.Second

// tuning are the settings that every member obeys, not only the leader.
type tuning struct {
	leaderStale   time.Duration // after which a leader that shows no activity is asked whether it lives
	detachGrace   time.Duration // in which a detached worker can be had back before it leaves
	confirm       time.Duration // how long a doubted run stays its worker's
	retryCount    int           // how often a detached worker asks whether its run may go on
	retryInterval time.Duration
}

// tuner keeps the settings fresh. While PostgreSQL is away the last ones hold.
type tuner struct {
	store    *store.Store
	settings *settings.Keeper
	again    chan struct{}
}

func newTuner(s *store.Store, k *settings.Keeper) *tuner {
	return &tuner{store: s, settings: k, again: make(chan struct{}, 1)}
}

func (t *tuner) tuning() tuning {
	v := t.settings.Values()
	return tuning{
		leaderStale: v.LeaderStale, detachGrace: v.DetachGrace, confirm: v.Confirm,
		retryCount: v.ContinuationRetries, retryInterval: v.ContinuationInterval,
	}
}

// reload reads the settings soon.
func (t *tuner) reload() {
	select {
	case t.again <- struct{}{}:
	default:
	}
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
		case <-t.again:
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
