package postgres

import (
	"context"
	"sync"
	"time"
)

// sealTime is how long sealing may take. It holds one row's lock, which other consoles wait for.
const sealTime = 3 * time.Second

// sealer seals the audit after operations, beside them: an operation is over when its entry is committed, and whoever wants to
// see its seal waits a moment.
type sealer struct {
	mu      sync.Mutex
	waiting bool // one is about to start, and will see every entry committed by now
	closed  bool
	running sync.WaitGroup
}

// soon seals in a moment. A seal that fails is made up for by the next operation's, or by `opsctl seal`.
func (s *sealer) soon(store *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting || s.closed {
		return
	}
	s.waiting = true
	s.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), sealTime)
		defer cancel()
		s.mu.Lock()
		s.waiting = false
		s.mu.Unlock()
		type row struct {
			Seq *int64 `db:"seq"`
		}
		if _, err := write[row](ctx, store, gateCalls["seal"], nil); err != nil {
			store.log.WarnContext(ctx, "the audit could not be sealed", "error", err)
		}
	})
}

// close waits for a seal that is under way, and lets no other begin.
func (s *sealer) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.running.Wait()
}
