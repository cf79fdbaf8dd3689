package desktop

import "github.com/opsdeck/opsdeck/backend/scheduler"

// VisibleRequest says whether anybody can see the window.
type VisibleRequest struct {
	Visible bool `json:"visible"`
}

// ReachedRequest says what the page has shown: "painted" or "live".
type ReachedRequest struct {
	Stage string `json:"stage"`
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
