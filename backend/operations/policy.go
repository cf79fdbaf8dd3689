package operations

import "time"

// Policy is how careful the console is with an environment, by its kind.
type Policy struct {
	Kind string
	// ReadOnlyUntilUnlocked opens the environment locked: nothing is changed before the operator unlocks it for a time.
	ReadOnlyUntilUnlocked bool
	MaxUnlock             time.Duration // the longest time that it may be unlocked for
	TypedNames            bool          // dangerous operations want their target's name typed
	BulkLimit             int           // how many runs one bulk operation may act on
}

// PolicyOf gives the policy of a kind. A kind that nobody knows is treated as production.
func PolicyOf(kind string) Policy {
	switch kind {
	case "sandbox", "development":
		return Policy{Kind: kind, BulkLimit: MaxBulk}
	case "staging":
		return Policy{Kind: kind, ReadOnlyUntilUnlocked: true, MaxUnlock: 8 * time.Hour, BulkLimit: 500}
	}
	return Policy{Kind: kind, ReadOnlyUntilUnlocked: true, MaxUnlock: 4 * time.Hour, TypedNames: true, BulkLimit: 100}
}
