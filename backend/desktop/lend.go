package desktop

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// callTimeout bounds what one bound call may take, so that a screen always gets an answer.
const callTimeout = 15 * time.Second

// opened is an environment with its life. Each bound call is lent a context that ends with it or after a timeout, because
// Wails gives bound methods none. It never changes: an archive at another moment is another value with the same life.
type opened struct {
	*Environment
	profile string // that it was opened from; "" = an archive
	key     string // names it on the page; another opening of the same profile has another
	life    context.Context
	end     context.CancelFunc
	uses    *sync.WaitGroup // calls and tasks that are under way; it is closed after them
	trust   *trust          // of an archive
	file    os.FileInfo     // of an archive, as it was when it was opened; nil = not known
	watcher *watch.Watcher  // nil = nothing can be watched
}

// borrow takes what is shown, which then isn't closed before uses.Done; nil = nothing is shown.
func (s *Session) borrow() *opened {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.borrowed()
}

// borrowed is borrow with the mutex held.
func (s *Session) borrowed() *opened {
	if s.shown != nil {
		s.shown.uses.Add(1)
	}
	return s.shown
}

// borrowLive takes the live environment, as borrow takes what is shown.
func (s *Session) borrowLive() *opened {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live != nil {
		s.live.uses.Add(1)
	}
	return s.live
}

func (s *Session) shows(o *opened) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown == o
}

// call runs one bound method: it lends the context, turns a panic into an error, because a panic would leave the
// page waiting forever, and logs what the operator can't be told.
func call[T any](s *Session, name string, do func(context.Context, *console.Console) (T, error)) (T, error) {
	return lend(s, name, callTimeout, func(ctx context.Context, o *opened) (T, error) { return do(ctx, o.Console) })
}

// act is call for what changes something.
func act[T any](s *Session, name string, timeout time.Duration, do func(context.Context, *operations.Commands) (T, error)) (T, error) {
	return lend(s, name, timeout, func(ctx context.Context, o *opened) (T, error) {
		commands, err := o.commands()
		if err != nil {
			var none T
			return none, err
		}
		return do(ctx, commands)
	})
}

func (o *opened) commands() (*operations.Commands, error) {
	switch {
	case o.Commands != nil:
		return o.Commands, nil
	case o.Archive != nil:
		return nil, scheduler.Errorf(scheduler.Forbidden, "operation.archive", "This is an archive: history in a file, of which nothing can be changed.")
	}
	return nil, scheduler.Errorf(scheduler.Forbidden, "operation.no_gate",
		"Nothing can be changed from here: the database has no gate for operators. Its administrator can run “opsctl install”.")
}

func lend[T any](s *Session, name string, timeout time.Duration, do func(context.Context, *opened) (T, error)) (result T, err error) {
	o := s.borrow()
	if o == nil {
		return result, errClosed()
	}
	defer o.uses.Done()
	ctx, cancel := context.WithTimeout(o.life, timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", name, p, debug.Stack())
		}
		if !s.shows(o) {
			var none T // whatever the answer was, nobody waits for it any more
			result, err = none, scheduler.Errorf(scheduler.Stale, "session.switched", "Another environment is shown by now.").Because(err)
			return
		}
		if err != nil {
			s.config.Log.ErrorContext(ctx, "bound call failed", "call", name, "error", err)
		}
	}()
	return do(ctx, o)
}

func errClosed() error {
	return scheduler.Errorf(scheduler.Unavailable, "session.closed", "No environment is open. Choose one on the first screen.")
}
