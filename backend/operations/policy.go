package operations

import (
	"strconv"
	"time"
)

// Policy is how careful the console is with an environment, by its kind. It guards against mistakes of whoever holds the right
// to operate; who holds it is the database's to say.
type Policy struct {
	Kind string
	// ReadOnlyUntilUnlocked opens the environment locked: nothing is changed before the operator unlocks it for a time.
	ReadOnlyUntilUnlocked bool
	MaxUnlock             time.Duration // the longest time that it may be unlocked for
	// TypedNames wants the target's name typed for everything that can't be taken back, not only for what is dangerous.
	TypedNames bool
	// MaxIdle closes an environment that nobody has used for so long; 0 = never.
	MaxIdle   time.Duration
	BulkLimit int // how many runs one bulk operation may act on
}

// PolicyOf gives the policy of a kind. A kind that nobody knows is treated as production.
func PolicyOf(kind string) Policy {
	switch kind {
	case "sandbox", "development":
		return Policy{Kind: kind, BulkLimit: MaxBulk}
	case "staging":
		return Policy{Kind: kind, ReadOnlyUntilUnlocked: true, MaxUnlock: 8 * time.Hour, MaxIdle: 2 * time.Hour, BulkLimit: 500}
	}
	return Policy{Kind: kind, ReadOnlyUntilUnlocked: true, MaxUnlock: 4 * time.Hour, TypedNames: true, MaxIdle: 30 * time.Minute, BulkLimit: 100}
}

// Idle is how long an environment may stand open unused: as long as is wanted, and never longer than its kind lets; 0 = for ever.
func (p Policy) Idle(wanted time.Duration) time.Duration {
	if wanted <= 0 || p.MaxIdle > 0 && wanted > p.MaxIdle {
		return p.MaxIdle
	}
	return wanted
}

// typed gives the name that has to be typed for what is previewed; "" = none. name is what names its target best.
func (p Policy) typed(seen Preview, name string) string {
	if seen.Tier == Dangerous || p.TypedNames && seen.Tier == Confirm && !seen.Reversible {
		return name
	}
	return ""
}

// allows refuses a bulk operation over more runs than the policy's limit.
func (p Policy) allows(n int) error {
	if n <= p.BulkLimit {
		return nil
	}
	return conflict("bulk.limit", "%d runs are more than one operation may act on here, which is %d. Choose fewer.", n, p.BulkLimit).
		With("n", strconv.Itoa(n)).With("max", strconv.Itoa(p.BulkLimit))
}
