package redisstore

import (
	"context"
	"slices"
	"time"
)

// sweep finds workers that do not register in the set: the Django scheduler's processes don't. They are looked for by
// SCAN over the key space, which is the whole server's and may be large. So it is only done where such workers must be
// expected (the set is empty, or somebody outside of it holds a lock or was found before), at most every sweepEvery,
// and a bounded number of steps a look; the next look goes on where this one stopped. A cluster that registers is never
// scanned: a leader of ours enters the others into the set.
type sweep struct {
	found  []string // outside of the set, by the last sweeps
	cursor uint64   // where the next step goes on; 0 = from the start
	ended  time.Time
}

const (
	sweepEvery    = 10 * time.Second
	sweepSteps    = 50   // of a look
	sweepStepKeys = 1000 // that one step looks at
)

// unregistered gives the workers outside of the set, as far as they are known.
func (s *Store) unregistered(ctx context.Context, now time.Time, registered, holders []string) ([]string, error) {
	known := make(map[string]bool, len(registered))
	for _, id := range registered {
		known[id] = true
	}
	outside := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
	}
	s.mu.Lock()
	state := s.sweep
	s.mu.Unlock()
	found := append(outside(state.found), outside(holders)...)

	due := state.cursor != 0 || state.ended.IsZero() || now.Sub(state.ended) >= sweepEvery
	if due && (len(registered) == 0 || len(found) > 0) {
		ids, cursor, err := s.scan(ctx, state.cursor)
		if err != nil {
			return nil, err
		}
		found = append(found, outside(ids)...)
		state.cursor = cursor
		if cursor == 0 {
			state.ended = now
		}
	}
	slices.Sort(found)
	state.found = slices.Compact(found)
	s.mu.Lock()
	s.sweep = state
	s.mu.Unlock()
	return state.found, nil
}

// scan takes the steps of one look from cursor on.
func (s *Store) scan(ctx context.Context, cursor uint64) (ids []string, next uint64, err error) {
	for range sweepSteps {
		var keys []string
		if keys, cursor, err = s.client.Scan(ctx, cursor, infoPattern, sweepStepKeys).Result(); err != nil {
			return nil, 0, err
		}
		for _, key := range keys {
			ids = append(ids, workerOfInfoKey(key))
		}
		if cursor == 0 {
			break
		}
	}
	return ids, cursor, nil
}
