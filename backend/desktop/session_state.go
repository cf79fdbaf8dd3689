package desktop

import "context"

// SessionState is what is open, for the header and the first screen.
type SessionState struct {
	Version string `json:"version"`
	// Revision counts the changes of what is open: of two answers that crossed, the higher one is the newer.
	Revision int64 `json:"revision"`
	// Generation counts what was shown. A page that sees it change drops everything that it holds.
	Generation  int64             `json:"generation"`
	Environment *EnvironmentState `json:"environment,omitempty"` // the one that is shown
	Open        []OpenState       `json:"open"`
	Opening     *OpeningState     `json:"opening,omitempty"`
	Sandbox     SandboxState      `json:"sandbox"`
	Theme       []ThemeProblem    `json:"theme"`
}

// OpenState is one of what is open.
type OpenState struct {
	Key     string `json:"key"`
	ID      string `json:"id"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Color   string `json:"color"`
	Archive bool   `json:"archive"`
	Content string `json:"content"` // what an archive is known by, wherever it lies; "" = live, or not known
	Shown   bool   `json:"shown"`
}

// OpeningState is how far a live environment is with opening, or why it could not be opened.
type OpeningState struct {
	ID    string     `json:"id"` // of the profile
	Step  string     `json:"step"`
	Done  int64      `json:"done"`
	Total int64      `json:"total"`
	Error *WireError `json:"error,omitempty"`
}

// ThemeProblem is a part of the organisation's theme that was left out.
type ThemeProblem struct {
	File  string `json:"file"` // below the theme's folder; "" is the folder itself
	What  string `json:"what"` // a key that the screens translate
	Cause string `json:"cause"`
}

// EnvironmentState is the environment that is shown and whom its database takes the operator for.
type EnvironmentState struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind"`
	Color    string        `json:"color"`
	Login    string        `json:"login"`
	Database string        `json:"database"`
	ReadOnly bool          `json:"readOnly"`
	Gate     bool          `json:"gate"`     // operations are possible here, for whoever has the right
	Operator string        `json:"operator"` // the Django user that the login stands for; "" = none
	Role     string        `json:"role"`     // admin, operator, viewer, or "" for no right that the gate knows
	Inactive bool          `json:"inactive"` // that user is deactivated
	Archive  *ArchiveState `json:"archive,omitempty"`
	Policy   PolicyState   `json:"policy"`
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

// State tells what is open. It never fails: the first screen needs it.
func (s *Session) State() SessionState {
	o, state := s.outline()
	if o == nil {
		return state
	}
	defer o.uses.Done()
	state.Environment = s.environment(o)
	return state
}

// outline is what the session itself knows, and what is shown, borrowed.
func (s *Session) outline() (*opened, SessionState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.borrowed()
	state := SessionState{
		Version: s.config.Version, Revision: s.revision, Generation: s.generation, Open: []OpenState{}, Theme: s.config.Theme,
		Opening: s.opening.state(), Sandbox: s.sandbox(),
	}
	for _, one := range s.all() {
		open := OpenState{Key: one.key, ID: one.ID, Name: one.Name, Kind: one.Kind, Color: one.Color, Archive: one.Archive != nil, Shown: one == o}
		if open.Archive {
			open.Content = one.Archive.ID
		}
		state.Open = append(state.Open, open)
	}
	return o, state
}

func (s *Session) environment(o *opened) *EnvironmentState {
	state := &EnvironmentState{ID: o.ID, Name: o.Name, Kind: o.Kind, Color: o.Color, ReadOnly: true, Archive: s.archiveState(o), Policy: o.policy()}
	if o.Archive != nil {
		return state // nobody is asked who looks into a file
	}
	ctx, cancel := context.WithTimeout(o.life, callTimeout)
	defer cancel()
	operator, err := o.Console.Operator(ctx)
	if err != nil {
		s.config.Log.WarnContext(ctx, "asking the database who the operator is", "error", err)
		return state
	}
	state.Login, state.Database, state.ReadOnly = operator.Login, operator.Database, operator.ReadOnly || o.Commands == nil
	state.Gate, state.Operator, state.Role = operator.Gate, operator.Username, roleOf(operator.Rights)
	state.Inactive = operator.Inactive
	return state
}

// sandbox tells of the sandbox alone. The mutex is held.
func (s *Session) sandbox() SandboxState {
	way := s.opening
	switch {
	case s.live != nil && s.live.profile == sandboxID:
		return SandboxState{Phase: sandboxRunning}
	case way == nil || way.id != sandboxID:
		return SandboxState{Phase: sandboxStopped}
	case way.failed != nil:
		return SandboxState{Phase: sandboxFailed, Error: wireOptional(way.failed)}
	}
	return SandboxState{Phase: sandboxStarting, Step: way.progress.Step, Done: way.progress.Done, Total: way.progress.Total}
}

func (o *opening) state() *OpeningState {
	if o == nil {
		return nil
	}
	return &OpeningState{ID: o.id, Step: o.progress.Step, Done: o.progress.Done, Total: o.progress.Total, Error: wireOptional(o.failed)}
}
