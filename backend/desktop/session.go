package desktop

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/diagnostics"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// Config is what the window gives a Session.
type Config struct {
	Version string
	Opener  Opener
	// Profiles, Secrets and Doctor know the environments that can be opened. Without a store there are no profiles.
	Profiles ProfileStore
	Secrets  SecretKeeper
	Doctor   Doctor
	Signers  SignerBook                   // nil = nobody's key can be remembered
	Recent   RecentBook                   // nil = nobody remembers which archives were opened
	Exports  ExportBook                   // nil = exports end with the program
	Emit     func(event string, data any) // sends an event to the page
	Tick     time.Duration                // of the clock of live screens; 0 = DefaultTick
	Mark     func(stage string)           // told what the page has shown so far; may be nil
	// ChooseFile asks for a file to write in the system's own dialog, which asks before it replaces one; "" = none was
	// chosen. May be nil.
	ChooseFile func(title, folder, name string) (path string, err error)
	// ChooseToOpen asks for a file to read in the system's own dialog; "" = none was chosen. May be nil.
	ChooseToOpen func(title string, kind FileKind) (path string, err error)
	// Shelf keeps what is watched; nil = it is forgotten with the window.
	Shelf watch.Shelf
	// SetMenu shows the application's menu; nil = the system has none.
	SetMenu func(texts MenuTexts)
	// Notifier shows notifications outside of the window; nil = nobody does.
	Notifier Notifier
	Log      *slog.Logger
	Theme    []ThemeProblem // what of the organisation's theme was left out
	LogFile  string         // "" = there is none
	Rules    *compare.Store // of what is expected to differ between two environments
	// Diagnose gathers what a bundle for whoever helps holds, beside what the session and the page know.
	Diagnose func(ctx context.Context, maskHosts bool) diagnostics.Bundle
}

// Session is what is open in the window: at most one live environment and any number of archives. One of them is shown, and
// bound calls go to that one. What is shown changes only when the page says so, or while the page shows nothing: a call that
// is under way can't come to belong to another environment.
type Session struct {
	config    Config
	clock     *clock
	plans     *plans
	tasks     *tasks
	tests     tests
	exports   exports
	logs      openLogs
	launches  launches
	archiving exportTasks
	compared  compared
	news      news

	// switching is held while the live environment is changed, so that one is closed before the next is opened.
	switching sync.Mutex
	opener    sync.WaitGroup // of what is being opened
	watchers  sync.WaitGroup // of what is open
	active    atomic.Int64   // when somebody used the window, in nanoseconds of the wall's clock

	mu         sync.Mutex
	opening    *opening // the live environment that is being opened, or that failed to
	live       *opened
	archives   []*opened
	shown      *opened // live, or one of archives; nil = the first screen
	generation int64   // counts what was shown
	revision   int64   // counts the changes of what is open
}

// NewSession makes a Session with nothing open. Close ends it.
func NewSession(config Config) *Session {
	s := &Session{config: config, plans: newPlans(), tasks: newTasks()}
	s.clock = newClock(config.Tick, config.Emit)
	s.archiving.restore(config.Exports)
	return s
}

// Close closes what is open and stops the clock. It may be called more than once.
func (s *Session) Close() {
	s.switching.Lock()
	s.closeLive()
	for _, a := range s.openArchives() {
		s.closeArchive(a.key)
	}
	s.switching.Unlock()
	s.tests.endAll()
	s.watchers.Wait()
	s.clock.stop()
}

// changed notes a change of what is open and tells the page. The mutex is not held.
func (s *Session) changed(change func()) {
	s.mu.Lock()
	change()
	s.revision++
	s.mu.Unlock()
	if err := s.exports.dropGivenUp(); err != nil {
		s.config.Log.Error("giving up exports", "error", err)
	}
	s.clock.changed("session")
}

// show makes bound calls go to o; nil = none. The mutex is held.
func (s *Session) show(o *opened) {
	if s.shown == o {
		return
	}
	if s.shown == nil || o == nil || s.shown.key != o.key {
		s.generation++
	}
	s.shown = o
	s.plans.forget()
	s.exports.giveUp()
	if o != nil && o.Archive == nil {
		s.clock.start(o.Statements, o.Replica)
	} else {
		s.clock.pause()
	}
}

// closing cancels what uses o, waits for it, and closes o. Nobody can begin to use it any more: it is in no field.
func (s *Session) closing(o *opened) {
	o.end()
	o.uses.Wait()
	if err := errors.Join(s.logs.closeOf(o), o.Close()); err != nil {
		s.config.Log.Error("closing the environment", "environment", o.ID, "error", err)
	}
}

// enliven gives an environment a life of its own.
func enliven(profile string, env *Environment) *opened {
	o := &opened{Environment: env, profile: profile, key: rand.Text(), uses: &sync.WaitGroup{}}
	o.life, o.end = context.WithCancel(context.Background())
	return o
}
