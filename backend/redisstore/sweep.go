package redisstore

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// sweep finds workers that do not register in the set: the Django scheduler's processes don't. They are looked for by
// SCAN over the key space, which is the whole server's and may be large. So it is only done where such workers must be
// expected (the set is empty, or somebody outside of it holds a lock or was found before), at most every sweepEvery,
// and a bounded number of steps a look; the next look goes on where this one stopped. A cluster that registers is never
// scanned: a leader of ours enters the others into the set.
type sweep struct {
	found []string // outside of the set, by the last sweeps
	place place    // where the next step goes on
	ended time.Time
}

// place is where a sweep is. Each master of a Redis Cluster has keys of its own; they are swept one after the other.
type place struct {
	server string // "" = the first
	cursor uint64 // 0 = from its start
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

	due := state.place != place{} || state.ended.IsZero() || now.Sub(state.ended) >= sweepEvery
	if due && (len(registered) == 0 || len(found) > 0) {
		ids, next, err := s.scan(ctx, state.place)
		if err != nil {
			return nil, err
		}
		found = append(found, outside(ids)...)
		state.place = next
		if next == (place{}) {
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

// scan takes the steps of one look from a place on.
func (s *Store) scan(ctx context.Context, from place) (ids []string, next place, err error) {
	servers, err := s.masters(ctx)
	if err != nil {
		return nil, place{}, err
	}
	steps := sweepSteps
	for _, server := range servers {
		if server.name < from.server {
			continue // done, or gone since
		}
		cursor := uint64(0)
		if server.name == from.server {
			cursor = from.cursor
		}
		for {
			if steps == 0 {
				return ids, place{server.name, cursor}, nil
			}
			steps--
			var keys []string
			if keys, cursor, err = server.keys.Scan(ctx, cursor, infoPattern, sweepStepKeys).Result(); err != nil {
				return nil, place{}, err
			}
			for _, key := range keys {
				ids = append(ids, workerOfInfoKey(key))
			}
			if cursor == 0 {
				break
			}
		}
	}
	return ids, place{}, nil
}

// master is a server that has keys.
type master struct {
	name string
	keys redis.Cmdable
}

// masters are all servers that have keys, in an order that lasts.
func (s *Store) masters(ctx context.Context) ([]master, error) {
	many, ok := s.client.(*redis.ClusterClient)
	if !ok {
		return []master{{keys: s.client}}, nil
	}
	var mu sync.Mutex
	var all []master
	err := many.ForEachMaster(ctx, func(_ context.Context, one *redis.Client) error {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, master{one.Options().Addr, one})
		return nil
	})
	slices.SortFunc(all, func(a, b master) int { return strings.Compare(a.name, b.name) })
	return all, err
}
