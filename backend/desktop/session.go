package desktop

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Environment is one opened cluster.
type Environment struct {
	ID      string
	Name    string
	Kind    string // sandbox, development, staging or production
	Console *console.Console
	// Commands are what the operator may do; nil where nothing can be changed.
	Commands *operations.Commands
	Close    func() error
}

// Progress is how far a sandbox is with starting. Step is a key that the screens translate.
type Progress struct {
	Step  string
	Done  int64
	Total int64 // 0 = not countable
}

// Opener opens environments; main hands it in, so that this package knows no server.
type Opener interface {
	// OpenSandbox starts the sandbox, or joins the one that runs, and connects to it.
	OpenSandbox(ctx context.Context, progress func(Progress)) (*Environment, error)
}

// Config is what the window gives a Session.
type Config struct {
	Version string
	Opener  Opener
	Emit    func(event string, data any) // sends an event to the page
	Tick    time.Duration                // of the clock of live screens; 0 = DefaultTick
	Mark    func(stage string)           // told what the page has shown so far; may be nil
	// ChooseFile asks for a file to write in the system's own dialog, which asks before it replaces one; "" = none was
	// chosen. May be nil.
	ChooseFile func(title, folder, name string) (path string, err error)
	Log        *slog.Logger
	Theme      []ThemeProblem // what of the organisation's theme was left out
}

// callTimeout bounds what one bound call may take, so that a screen always gets an answer.
const callTimeout = 15 * time.Second

// Session is what is open in the window: at most one environment. It lends each bound call a context that ends with
// that environment or after a timeout, because Wails gives bound methods none.
type Session struct {
	config  Config
	clock   *clock
	plans   *plans
	tasks   *tasks
	exports exports

	mu      sync.Mutex
	life    context.Context // ends with the open or opening environment; nil when there is none
	end     context.CancelFunc
	env     *Environment
	opening sync.WaitGroup
	sandbox SandboxState
}

// NewSession makes a Session with nothing open. Close ends it.
func NewSession(config Config) *Session {
	s := &Session{config: config, plans: newPlans(), tasks: newTasks()}
	s.sandbox.Phase = sandboxStopped
	s.clock = newClock(config.Tick, config.Emit)
	return s
}

// Close closes what is open and stops the clock. It may be called more than once.
func (s *Session) Close() {
	s.closeEnvironment()
	s.clock.stop()
}

// call runs one bound method: it lends the context, turns a panic into an error, because a panic would leave the
// page waiting forever, and logs what the operator can't be told.
func call[T any](s *Session, name string, do func(context.Context, *console.Console) (T, error)) (T, error) {
	return lend(s, name, callTimeout, func(ctx context.Context, env *Environment) (T, error) { return do(ctx, env.Console) })
}

// act is call for what changes something.
func act[T any](s *Session, name string, timeout time.Duration, do func(context.Context, *operations.Commands) (T, error)) (T, error) {
	return lend(s, name, timeout, func(ctx context.Context, env *Environment) (T, error) {
		if env.Commands == nil {
			var none T
			return none, scheduler.Errorf(scheduler.Forbidden, "operation.no_gate",
				"Nothing can be changed from here: the database has no gate for operators. Its administrator can run “opsctl install”.")
		}
		return do(ctx, env.Commands)
	})
}

func lend[T any](s *Session, name string, timeout time.Duration, do func(context.Context, *Environment) (T, error)) (result T, err error) {
	s.mu.Lock()
	env, life := s.env, s.life
	s.mu.Unlock()
	if env == nil {
		return result, scheduler.Errorf(scheduler.Unavailable, "session.closed", "No environment is open. Choose one on the first screen.")
	}
	ctx, cancel := context.WithTimeout(life, timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in %s: %v\n%s", name, p, debug.Stack())
		}
		if err != nil {
			s.config.Log.ErrorContext(ctx, "bound call failed", "call", name, "error", err)
		}
	}()
	return do(ctx, env)
}
