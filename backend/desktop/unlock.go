package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
)

// PolicyState is how careful the environment's kind is, and whether it is unlocked now.
type PolicyState struct {
	Locks         bool   `json:"locks"`         // it opens read-only, until it is unlocked
	UnlockedUntil string `json:"unlockedUntil"` // "" = it is locked, or never is
	MaxMinutes    int    `json:"maxMinutes"`    // the longest time that it may be unlocked for
	BulkLimit     int    `json:"bulkLimit"`     // how many runs one operation may act on
}

// UnlockRequest asks to be let change the environment for a while.
type UnlockRequest struct {
	Minutes int    `json:"minutes"`
	Reason  string `json:"reason"`
}

// Unlock lets operations be performed for a while, once the audit has it.
func (o *Operations) Unlock(req UnlockRequest) (Outcome, error) {
	s := o.session
	return act(s, "Operations.Unlock", callTimeout, func(ctx context.Context, c *operations.Commands) (Outcome, error) {
		outcome, err := c.Unlock(ctx, operations.UnlockRequest{Reason: req.Reason, For: time.Duration(req.Minutes) * time.Minute})
		if err != nil {
			return Outcome{}, err
		}
		s.clock.changed("session", "audit")
		return wireOutcome(outcome), nil
	})
}

// Lock makes the environment read-only again, and forgets what was previewed.
func (o *Operations) Lock() error {
	s := o.session
	_, err := act(s, "Operations.Lock", callTimeout, func(_ context.Context, c *operations.Commands) (struct{}, error) {
		c.Lock()
		s.plans.forget()
		s.clock.changed("session")
		return struct{}{}, nil
	})
	return err
}

func (o *opened) policy() PolicyState {
	state := PolicyState{
		Locks: o.Policy.ReadOnlyUntilUnlocked, MaxMinutes: int(o.Policy.MaxUnlock.Minutes()), BulkLimit: o.Policy.BulkLimit,
	}
	if o.Commands != nil {
		state.UnlockedUntil = wireTime(o.Commands.Unlocked())
	}
	return state
}
