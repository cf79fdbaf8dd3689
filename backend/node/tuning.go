package node

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// retuneEvery is how often the settings are read again. A worker that a leader tells to reload reads them at once.
const retuneEvery = 5 * time.Second

// tuning are the rows of scheduler_settings that every member obeys, not only the leader.
type tuning struct {
	leaderStale   time.Duration // after which a leader that shows no activity is asked whether it lives
	detachGrace   time.Duration // in which a detached worker can be had back before it leaves
	confirm       time.Duration // how long a doubted run stays its worker's
	retryCount    int           // how often a detached worker asks whether its run may go on
	retryInterval time.Duration
}

// amount is a setting, in seconds where it is a time, with its default and the bounds outside of which it is ignored.
type amount struct {
	key                   string
	standard, least, most float64
}

var (
	leaderStale   = amount{"SCHEDULER_LEADER_STALE_SECONDS", 5, 0.1, 3600}
	detachGrace   = amount{"SCHEDULER_WORKER_DETACH_GRACE_SECONDS", 5, 0, 86400}
	confirm       = amount{"SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 30, 1, 86400}
	retryCount    = amount{"SCHEDULER_CONTINUATION_RETRY_COUNT", 3, 1, 1000}
	retryInterval = amount{"SCHEDULER_CONTINUATION_RETRY_INTERVAL_SECONDS", 0.3, 0, 60}
	amounts       = []amount{leaderStale, detachGrace, confirm, retryCount, retryInterval}
)

// tuner keeps the tuning fresh. While PostgreSQL is away the last one holds.
type tuner struct {
	store   *store.Store
	log     *slog.Logger
	current atomic.Pointer[tuning]
	again   chan struct{}
	bad     string // the keys it last complained about
}

func newTuner(s *store.Store, log *slog.Logger) *tuner {
	t := &tuner{store: s, log: log, again: make(chan struct{}, 1)}
	standard, _ := readTuning(nil)
	t.current.Store(&standard)
	return t
}

func (t *tuner) tuning() tuning { return *t.current.Load() }

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
		t.read(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-t.again:
		}
	}
}

func (t *tuner) read(ctx context.Context) {
	keys := make([]string, len(amounts))
	for i, a := range amounts {
		keys[i] = a.key
	}
	rows, err := t.store.Settings(ctx, keys)
	if err != nil {
		return // whoever needs PostgreSQL for more than this says so
	}
	read, bad := readTuning(rows)
	t.current.Store(&read)
	if complaint := strings.Join(bad, " "); complaint != t.bad {
		t.bad = complaint
		if complaint != "" {
			t.log.Warn("settings that can't be used are ignored", "keys", complaint)
		}
	}
}

func readTuning(rows []store.Setting) (t tuning, bad []string) {
	value := func(a amount) float64 {
		i := slices.IndexFunc(rows, func(s store.Setting) bool { return s.Key == a.key })
		if i < 0 {
			return a.standard
		}
		v, ok := number(rows[i].Value)
		if !ok || v < a.least || v > a.most {
			bad = append(bad, a.key)
			return a.standard
		}
		return v
	}
	seconds := func(a amount) time.Duration { return time.Duration(value(a) * float64(time.Second)) }
	return tuning{
		leaderStale: seconds(leaderStale), detachGrace: seconds(detachGrace), confirm: seconds(confirm),
		retryCount: int(value(retryCount)), retryInterval: seconds(retryInterval),
	}, bad
}

// number reads a value that is bare or wrapped as {"value": v}, a number or its text.
func number(raw json.RawMessage) (float64, bool) {
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(raw, &wrapped) == nil && len(wrapped) == 1 && wrapped["value"] != nil {
		raw = wrapped["value"]
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return v, err == nil
}
