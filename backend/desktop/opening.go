package desktop

import (
	"context"
	"errors"
	"slices"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// sandboxID is what the sandbox is called where profiles have their ids.
const sandboxID = "sandbox"

// opening is a live environment on its way, or one that could not be opened.
type opening struct {
	id       string // of the profile; the sandbox has its own
	progress Progress
	failed   error
	give     context.CancelFunc // gives up
}

// under tells whether it is still on its way.
func (o *opening) under() bool { return o != nil && o.failed == nil }

// StartSandbox begins to start the sandbox and returns at once; the topic "session" tells of its progress. Any other live
// environment is closed first.
func (s *Session) StartSandbox() SessionState {
	s.begin(sandboxID, s.config.Opener.OpenSandbox)
	return s.State()
}

// openProfile begins to open a profile's environment, as StartSandbox does.
func (s *Session) openProfile(id string, typed SecretInput) SessionState {
	s.begin(id, func(ctx context.Context, progress func(Progress)) (*Environment, error) {
		return s.config.Opener.OpenProfile(ctx, OpenRequest{ID: id, Typed: typed}, progress)
	})
	return s.State()
}

// CloseEnvironment closes the live environment, stops a sandbox that this window started, and goes back to the first screen.
func (s *Session) CloseEnvironment() SessionState {
	s.switching.Lock()
	s.closeLive()
	s.switching.Unlock()
	return s.State()
}

// begin closes the live environment and begins to open another. One that is open or on its way already is left alone.
func (s *Session) begin(id string, open func(context.Context, func(Progress)) (*Environment, error)) {
	s.switching.Lock()
	defer s.switching.Unlock()
	if s.isLive(id) {
		return
	}
	s.closeLive()
	ctx, give := context.WithCancel(context.Background())
	way := &opening{id: id, give: give}
	s.changed(func() { s.opening = way })
	s.opener.Go(func() {
		defer give()
		env, err := open(ctx, func(p Progress) { s.changed(func() { way.progress = p }) })
		s.arrived(ctx, way, env, err)
	})
}

func (s *Session) isLive(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opening.under() && s.opening.id == id || s.live != nil && s.live.profile == id
}

// arrived takes what was opened, or why it wasn't.
func (s *Session) arrived(ctx context.Context, way *opening, env *Environment, err error) {
	if err != nil {
		if errors.Is(err, context.Canceled) {
			s.changed(func() { s.opening = nil })
			return
		}
		s.config.Log.ErrorContext(ctx, "opening an environment", "environment", way.id, "error", err)
		s.changed(func() { way.failed = err })
		return
	}
	o := enliven(way.id, env)
	s.look(o)
	s.changed(func() {
		s.opening, s.live = nil, o
		if o.Commands != nil {
			o.uses.Go(func() { s.tidy(o.life, o.Commands) })
		}
		if o.Record != nil {
			o.uses.Go(func() { o.Record(o.life, s.clock.seen) })
		}
		if s.shown == nil {
			s.show(o)
		}
	})
	s.watchIdle(o)
}

// closeLive gives up what is being opened and closes the live environment with everything that is under way in it. The
// caller holds switching.
func (s *Session) closeLive() {
	s.compared.end(s)
	s.mu.Lock()
	if s.opening != nil {
		s.opening.give()
	}
	s.mu.Unlock()
	s.opener.Wait()
	s.news.clear()
	s.clock.changed("news")
	var o *opened
	s.changed(func() {
		o = s.live
		s.opening, s.live = nil, nil
		if o != nil && s.shown == o {
			s.show(nil)
		}
	})
	if o != nil {
		s.closing(o)
		s.tasks.forget()
	}
}

// ShowRequest names what to show by its key; "" is the first screen.
type ShowRequest struct {
	Key string `json:"key"`
}

// Show makes the screens show one of what is open. What is being written of another is given up.
func (s *Session) Show(req ShowRequest) (SessionState, error) {
	var err error
	s.changed(func() {
		o := s.find(req.Key)
		if o == nil && req.Key != "" {
			err = scheduler.Errorf(scheduler.NotFound, "session.not_open", "What should be shown is not open any more.")
			return
		}
		s.show(o)
	})
	if err != nil {
		return SessionState{}, err
	}
	return s.State(), nil
}

// find gives what is open under a key; nil if nothing is. The mutex is held.
func (s *Session) find(key string) *opened {
	for _, o := range s.all() {
		if o.key == key {
			return o
		}
	}
	return nil
}

// all is everything that is open, the live environment first. The mutex is held.
func (s *Session) all() []*opened {
	if s.live == nil {
		return slices.Clone(s.archives)
	}
	return append([]*opened{s.live}, s.archives...)
}
