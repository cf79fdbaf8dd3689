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
		return SessionState{}, errLive()
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

// Moment is a time at which something happened that is worth a look.
type Moment struct {
	At   string `json:"at"`
	Kind string `json:"kind"` // term, failure or job
	N    int    `json:"n"`    // how many failures or changes lie close together
	Name string `json:"name"` // of the worker that leads from then on, or of the job of the first; "" = not known
}

// Moments is what happened in the window of the archive that is shown, oldest first.
type Moments struct {
	Moments []Moment `json:"moments"`
	Capped  bool     `json:"capped"`
}

// Moments gives what there is to step through, whatever moment the archive is looked at.
func (s *Session) Moments() (Moments, error) {
	return lend(s, "Session.Moments", callTimeout, func(ctx context.Context, o *opened) (Moments, error) {
		if o.Archive == nil {
			return Moments{}, errLive()
		}
		found, err := o.Archive.Whole.Moments(ctx, o.Archive.From, o.Archive.To)
		if err != nil {
			return Moments{}, err
		}
		wire := Moments{Moments: make([]Moment, len(found.List)), Capped: found.Capped}
		for i, m := range found.List {
			wire.Moments[i] = Moment{At: wireTime(m.At), Kind: string(m.Kind), N: m.N, Name: m.Name}
		}
		return wire, nil
	})
}

func errLive() error {
	return scheduler.Errorf(scheduler.Invalid, "archive.live", "Only an archive can be looked at as of another moment.")
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
func (o *opened) at(moment time.Time, c *console.Console, known console.Knowledge) *opened {
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
