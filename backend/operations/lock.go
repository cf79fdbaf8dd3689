package operations

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// lock is how long an environment that opens read-only may be changed.
type lock struct {
	mu    sync.Mutex
	until time.Time
}

// open tells whether it is unlocked at a time, and until when. Both clocks have to say so: the wall's goes on while a
// machine sleeps, the other one can't be set back.
func (l *lock) open(now time.Time) (until time.Time, is bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until, now.Before(l.until) && now.Round(0).Before(l.until.Round(0))
}

func (l *lock) set(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = until
}

// UnlockRequest is an operator's word to be let change an environment for a while.
type UnlockRequest struct {
	Reason string
	For    time.Duration // whole minutes, at most the policy's
}

// Unlock lets operations be performed for a while, once that is written down. The error says what is wrong with the
// request.
func (c *Commands) Unlock(ctx context.Context, r UnlockRequest) (Outcome, error) {
	order, err := Order{Reason: r.Reason}.check(Preview{})
	if err != nil {
		return Outcome{}, err
	}
	if !c.Policy.ReadOnlyUntilUnlocked {
		return Outcome{}, conflict("unlock.needless", "This environment isn't locked.")
	}
	if r.For < time.Minute || r.For > c.Policy.MaxUnlock {
		limit := strconv.Itoa(int(c.Policy.MaxUnlock.Minutes()))
		return Outcome{}, scheduler.Errorf(scheduler.Invalid, "unlock.bad_time", "Choose a time of 1 to %s minutes.", limit).With("max", limit)
	}
	minutes := int(r.For.Minutes())
	// The time counts from before it is asked for, so that it ends no later than the audit says.
	until := c.Now().Add(time.Duration(minutes) * time.Minute)
	p := performance{Commands: c, plan: Plan{ID: NewID(), Preview: Preview{Action: "session.unlock"}}, reason: order.Reason}
	outcome := p.direct(ctx, "session_unlock", map[string]any{"minutes": minutes})
	if outcome.Result == Done {
		c.lock.set(until)
	}
	c.Log.InfoContext(ctx, "unlocking", "operation", p.plan.ID, "minutes", minutes, "result", outcome.Result, "reason", outcome.Reason)
	return outcome, nil
}

// Lock ends what Unlock began.
func (c *Commands) Lock() { c.lock.set(time.Time{}) }

// Unlocked gives until when operations may be performed; zero = the environment is locked, or is never locked.
func (c *Commands) Unlocked() time.Time {
	if until, open := c.lock.open(c.Now()); open && c.Policy.ReadOnlyUntilUnlocked {
		return until
	}
	return time.Time{}
}

// Locked tells whether operations are refused until somebody unlocks them.
func (c *Commands) Locked() bool { return c.allowed() != nil }

// allowed refuses every operation while the environment is locked.
func (c *Commands) allowed() error {
	if !c.Policy.ReadOnlyUntilUnlocked {
		return nil
	}
	if _, open := c.lock.open(c.Now()); open {
		return nil
	}
	return scheduler.Errorf(scheduler.Forbidden, ReasonLocked, "This environment is read-only until you unlock it for a while, at the top of the window.")
}

// ReasonLocked is why nothing is done in an environment that is locked.
const ReasonLocked = "operation.locked"
