package desktop

import (
	"context"
	"sync"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// compared is the environment that was opened to be laid beside another one. It belongs to the opening of that one, and is
// closed at the latest with it.
type compared struct {
	mu    sync.Mutex
	here  *opened
	there *opened
}

// begin keeps what was opened, if the environment that it was opened for is still shown.
func (c *compared) begin(s *Session, here, there *opened) bool {
	c.end(s)
	c.mu.Lock()
	c.here, c.there = here, there
	c.mu.Unlock()
	if s.shows(here) {
		return true
	}
	c.end(s) // it was left meanwhile, and whoever closed it may have looked here too early
	return false
}

// end closes the other environment, after what is under way with it.
func (c *compared) end(s *Session) {
	c.mu.Lock()
	there := c.there
	c.here, c.there = nil, nil
	c.mu.Unlock()
	if there != nil {
		s.closing(there)
	}
}

// borrow takes the other environment, which then isn't closed before uses.Done.
func (c *compared) borrow(here *opened) (*opened, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.there == nil || c.here != here {
		return nil, scheduler.Errorf(scheduler.Unavailable, "compare.closed", "The environment to compare with is not open. Choose it again.")
	}
	c.there.uses.Add(1)
	return c.there, nil
}

// between lends a bound call both environments.
func between[T any](s *Session, name string, do func(ctx context.Context, here, there *opened) (T, error)) (T, error) {
	return lend(s, name, compareTimeout, func(ctx context.Context, here *opened) (result T, err error) {
		there, err := s.compared.borrow(here)
		if err != nil {
			return result, err
		}
		defer there.uses.Done()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(there.life, cancel)()
		return do(ctx, here, there)
	})
}
