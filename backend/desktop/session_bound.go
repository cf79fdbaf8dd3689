package desktop

import (
	"context"
	"errors"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// SessionState is what is open, for the header and the first screen.
type SessionState struct {
	Version     string            `json:"version"`
	Environment *EnvironmentState `json:"environment,omitempty"`
	Sandbox     SandboxState      `json:"sandbox"`
	Theme       []ThemeProblem    `json:"theme"`
}

// ThemeProblem is a part of the organisation's theme that was left out.
type ThemeProblem struct {
	File  string `json:"file"` // below the theme's folder; "" is the folder itself
	What  string `json:"what"` // a key that the screens translate
	Cause string `json:"cause"`
}

// EnvironmentState is the open environment and whom its database takes the operator for.
type EnvironmentState struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Login    string `json:"login"`
	Database string `json:"database"`
	ReadOnly bool   `json:"readOnly"`
	Gate     bool   `json:"gate"`     // operations are possible here, for whoever has the right
	Operator string `json:"operator"` // the Django user that the login stands for; "" = none
	Role     string `json:"role"`     // admin, operator, viewer, or "" for no right that the gate knows
}

// The phases of the sandbox as the first screen shows them.
const (
	sandboxStopped  = "stopped"
	sandboxStarting = "starting"
	sandboxRunning  = "running"
	sandboxFailed   = "failed"
)

// SandboxState is how far the sandbox is.
type SandboxState struct {
	Phase string     `json:"phase"` // stopped, starting, running or failed
	Step  string     `json:"step"`
	Done  int64      `json:"done"`
	Total int64      `json:"total"`
	Error *WireError `json:"error,omitempty"`
}

// VisibleRequest says whether anybody can see the window.
type VisibleRequest struct {
	Visible bool `json:"visible"`
}

// ReachedRequest says what the page has shown: "painted" or "live".
type ReachedRequest struct {
	Stage string `json:"stage"`
}

// State tells what is open. It never fails: the first screen needs it.
func (s *Session) State() SessionState {
	s.mu.Lock()
	env, life := s.env, s.life
	state := SessionState{Version: s.config.Version, Sandbox: s.sandbox, Theme: s.config.Theme}
	s.mu.Unlock()
	if env == nil {
		return state
	}
	shown := &EnvironmentState{ID: env.ID, Name: env.Name, Kind: env.Kind, ReadOnly: true}
	state.Environment = shown
	ctx, cancel := context.WithTimeout(life, callTimeout)
	defer cancel()
	operator, err := env.Console.Operator(ctx)
	if err != nil {
		s.config.Log.WarnContext(ctx, "asking the database who the operator is", "error", err)
		return state
	}
	shown.Login, shown.Database, shown.ReadOnly = operator.Login, operator.Database, operator.ReadOnly || env.Commands == nil
	shown.Gate, shown.Operator, shown.Role = operator.Gate, operator.Username, roleOf(operator.Rights)
	return state
}

// StartSandbox begins to start the sandbox and returns at once; the topic "session" tells of its progress.
func (s *Session) StartSandbox() SessionState {
	s.mu.Lock()
	if s.life == nil {
		s.life, s.end = context.WithCancel(context.Background())
		s.sandbox = SandboxState{Phase: sandboxStarting}
		s.opening.Add(1)
		go s.openSandbox(s.life)
	}
	s.mu.Unlock()
	return s.State()
}

func (s *Session) openSandbox(ctx context.Context) {
	defer s.opening.Done()
	defer s.clock.changed("session")
	env, err := s.config.Opener.OpenSandbox(ctx, func(p Progress) {
		s.mu.Lock()
		s.sandbox = SandboxState{Phase: sandboxStarting, Step: p.Step, Done: p.Done, Total: p.Total}
		s.mu.Unlock()
		s.clock.changed("session")
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.end()
		s.life, s.end = nil, nil
		s.sandbox = SandboxState{Phase: sandboxStopped}
		if !errors.Is(err, context.Canceled) {
			s.config.Log.ErrorContext(ctx, "starting the sandbox", "error", err)
			wire := Wire(err)
			s.sandbox = SandboxState{Phase: sandboxFailed, Error: &wire}
		}
		return
	}
	s.env = env
	s.sandbox = SandboxState{Phase: sandboxRunning}
	if env.Commands != nil {
		s.opening.Add(1)
		go s.tidy(ctx, env.Commands)
	}
	s.clock.start()
}

// CloseEnvironment closes what is open, stops a sandbox that this window started, and goes back to the first screen.
func (s *Session) CloseEnvironment() SessionState {
	s.closeEnvironment()
	s.clock.changed("session")
	return s.State()
}

func (s *Session) closeEnvironment() {
	s.mu.Lock()
	if s.end != nil {
		s.end()
	}
	s.mu.Unlock()
	s.opening.Wait()
	s.clock.pause()
	s.mu.Lock()
	env := s.env
	s.env, s.life, s.end = nil, nil, nil
	s.plans.forget()
	s.sandbox = SandboxState{Phase: sandboxStopped}
	s.mu.Unlock()
	if env == nil {
		return
	}
	if err := s.exports.dropAll(); err != nil {
		s.config.Log.Error("giving up exports", "environment", env.ID, "error", err)
	}
	if err := env.Close(); err != nil {
		s.config.Log.Error("closing the environment", "environment", env.ID, "error", err)
	}
}

// SetVisible stops the clock of live screens while nobody can see them.
func (s *Session) SetVisible(req VisibleRequest) { s.clock.setVisible(req.Visible) }

// Reached takes note of what the page has shown, for whoever started the program and waits for it.
func (s *Session) Reached(req ReachedRequest) error {
	if req.Stage != "painted" && req.Stage != "live" {
		return scheduler.Errorf(scheduler.Invalid, "session.unknown_stage", "There is no stage %q.", req.Stage)
	}
	if s.config.Mark != nil {
		s.config.Mark(req.Stage)
	}
	return nil
}
