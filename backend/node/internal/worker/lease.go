package worker

import (
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	// longestMargin is how long before another worker may have a run its command is dead here, at most.
	longestMargin = time.Second
	// namedWithin is less than the time that a leader allows for the first heartbeat that names a run.
	namedWithin = 4 * time.Second
	// staleTick bounds how long after a look at the heartbeats a leader may still write what it concluded.
	staleTick = 30 * time.Second
)

// chain is an unbroken row of heartbeats: from its first until ttl after its last no leader could miss this worker.
type chain struct {
	first, last time.Time // when they were sent
	ttl         time.Duration
	broken      bool // it is not the worker's first
}

// add counts a heartbeat that was sent and answered.
func (c chain) add(sent, answered time.Time, ttl time.Duration) chain {
	if c.first.IsZero() || answered.Sub(c.last) >= c.ttl {
		c.broken, c.first = !c.first.IsZero(), sent
	}
	c.last, c.ttl = sent, ttl
	return c
}

// covers tells whether no leader can have doubted this worker's runs since the moment at which a run was found
// undoubted. While the worker's first chain lasts it was never missed. After a later one began, a leader may still be
// writing what it saw before.
func (c chain) covers(proof time.Time) bool {
	if c.broken {
		return !proof.Before(c.first.Add(staleTick))
	}
	return !c.first.IsZero() && !proof.Before(c.first)
}

// lease is the time until which a run may go on here without word from the cluster. Two things prolong it: PostgreSQL
// saying that the run is not doubted, and heartbeats since it said so. Either is enough: a cluster whose Redis or whose
// PostgreSQL is away keeps its runs. All times are this process's, with monotonic clock readings.
type lease struct {
	grace time.Duration

	mu      sync.Mutex
	proof   time.Time // when PostgreSQL was asked that last found the run undoubted
	begun   time.Time // the first proof
	named   time.Time // when the first heartbeat that named this run had been answered
	doubted bool
	until   time.Time // the doubt's deadline
	extend  func(time.Time)
}

func newLease(grace time.Duration, proof time.Time) *lease {
	return &lease{grace: grace, proof: proof, begun: proof}
}

// proven takes over what PostgreSQL said about the run when it was asked.
func (l *lease) proven(asked time.Time, hold store.Hold, c chain) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doubted = hold.Doubted
	if l.doubted {
		l.until = asked.Add(hold.Left)
	} else {
		l.proof = asked
	}
	l.prolong(c)
}

// beaten takes over that the worker has beaten, with a heartbeat that named this run.
func (l *lease) beaten(c chain, answered time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.named.IsZero() {
		l.named = answered
	}
	l.prolong(c)
}

// hand lets extend know each end of the lease from now on.
func (l *lease) hand(extend func(time.Time), c chain) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.extend = extend
	l.prolong(c)
}

func (l *lease) prolong(c chain) {
	if l.extend != nil {
		l.extend(l.end(c))
	}
}

// end is when the command must be dead, unless somebody says otherwise before.
func (l *lease) end(c chain) time.Time {
	margin := min(longestMargin, l.grace/10)
	if l.doubted {
		return l.until.Add(-margin)
	}
	end := l.proof.Add(l.grace)
	// A leader also doubts a run that its worker's last heartbeat did not name, some seconds after its start: before one
	// has, heartbeats prove nothing, and one that did so late proves something only when PostgreSQL has been asked since.
	named := !l.named.IsZero() && (l.named.Sub(l.begun) <= namedWithin || !l.proof.Before(l.named))
	if missed := c.last.Add(c.ttl + l.grace); named && c.covers(l.proof) && missed.After(end) {
		end = missed
	}
	return end.Add(-margin)
}
