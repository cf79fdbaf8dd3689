package desktop

import (
	"path/filepath"
	"time"

	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LinkRequest names a screen of what is shown, as its address has it: "/ops/runs/123/".
type LinkRequest struct {
	Route string `json:"route"`
}

// LinkState is a link that can be handed on.
type LinkState struct {
	Link string `json:"link"`
}

// Link gives a link to a screen of what is shown as of the moment that it shows. A screen that a link may not lead to has none.
func (l *Launches) Link(req LinkRequest) (LinkState, error) {
	s := l.session
	o := s.borrow()
	if o == nil {
		return LinkState{}, errClosed()
	}
	defer o.uses.Done()
	link := launch.Link{Profile: o.profile, Route: req.Route, Moment: launch.Moment(time.Now().Truncate(time.Second))}
	if a := o.Archive; a != nil {
		if a.ID == "" {
			return LinkState{}, scheduler.Errorf(scheduler.Invalid, "launch.no_identity", "Nothing can lead into this archive: its digests can't be read.")
		}
		link = launch.Link{Archive: a.ID, Route: req.Route, Moment: launch.Moment(a.Moment)}
		if name := filepath.Base(a.Path); launch.IsFileName(name) {
			link.File = name
		}
		if launch.IsProfile(a.Profile) {
			link.Live = a.Profile
		}
	}
	text := link.String()
	if read, err := launch.ParseLink(text); err != nil || read.Archive != link.Archive || read.Profile != link.Profile {
		return LinkState{}, scheduler.Errorf(scheduler.Invalid, "launch.no_link", "No link can lead to this screen.").Because(err)
	}
	return LinkState{Link: text}, nil
}
