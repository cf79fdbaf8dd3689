package desktop

import (
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// MomentRequest names a moment of the archive that is shown; "" = its end.
type MomentRequest struct {
	At string `json:"at"`
}

// SetMoment shows the archive as of a moment. What was asked of another moment is answered no more.
func (s *Session) SetMoment(req MomentRequest) (SessionState, error) {
	o := s.borrow()
	if o == nil {
		return SessionState{}, errClosed()
	}
	defer o.uses.Done()
	if o.Archive == nil {
		return SessionState{}, scheduler.Errorf(scheduler.Invalid, "archive.live", "Only an archive can be looked at as of another moment.")
	}
	moment, err := momentOf(req.At, o.Archive)
	if err != nil {
		return SessionState{}, err
	}
	ctx, cancel := context.WithTimeout(o.life, callTimeout)
	defer cancel()
	c, known, err := o.Archive.At(ctx, moment)
	if err != nil {
		return SessionState{}, err
	}
	s.changed(func() { s.replace(o.at(moment, c, known)) })
	return s.State(), nil
}

// momentOf reads a moment and keeps it inside of the archive's window.
func momentOf(text string, a *ArchiveFacts) (time.Time, error) {
	if text == "" {
		return a.To, nil
	}
	moment, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, scheduler.Errorf(scheduler.Invalid, "archive.bad_moment", "%q is no time.", text)
	}
	switch {
	case moment.Before(a.From):
		moment = a.From
	case moment.After(a.To):
		moment = a.To
	}
	return moment.UTC(), nil
}

// at is the archive as of another moment, with the same life.
func (o *opened) at(moment time.Time, c *console.Console, known Knowledge) *opened {
	facts, env, then := *o.Archive, *o.Environment, *o
	facts.Moment, facts.Known = moment, known
	env.Archive, env.Console = &facts, c
	then.Environment = &env
	return &then
}

// replace puts an archive as of another moment in the place of what it was, unless it was closed meanwhile. The mutex is held.
func (s *Session) replace(is *opened) {
	at := slices.IndexFunc(s.archives, func(a *opened) bool { return a.key == is.key })
	if at < 0 {
		return
	}
	was := s.archives[at]
	s.archives[at] = is
	if s.shown == was {
		s.show(is)
	}
}
