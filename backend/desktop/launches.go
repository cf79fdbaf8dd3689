package desktop

import (
	"sync"

	"github.com/opsdeck/opsdeck/backend/launch"
)

// Launches tells the page what the desktop asked the program to show: a link that somebody followed, or an archive that
// somebody opened. The page shows it, and asks before it leaves an environment for another one; nothing happens here.
type Launches struct{ session *Session }

// NewLaunches binds what the desktop asks for.
func NewLaunches(s *Session) *Launches { return &Launches{s} }

// LaunchState is one thing that was asked for. Seq 0 means nothing.
type LaunchState struct {
	Seq     int        `json:"seq"`
	Profile string     `json:"profile"` // the environment of a link
	Content string     `json:"content"` // what the archive of a link is known by
	File    string     `json:"file"`    // the name that the archive of a link had
	Live    string     `json:"live"`    // the environment that the archive of a link was made from
	Moment  string     `json:"moment"`  // that a link is of
	Route   string     `json:"route"`   // the screen of a link
	Archive string     `json:"archive"` // the path of a file
	Error   *WireError `json:"error,omitempty"`
}

// LaunchTaken says that the page has dealt with what was asked for.
type LaunchTaken struct {
	Seq int `json:"seq"`
}

// launches keeps what was asked for until the page has taken it. Several files may be dropped at once.
type launches struct {
	mu      sync.Mutex
	seq     int
	pending []LaunchState
}

// maxLaunches is how much may be asked for before the page has taken anything.
const maxLaunches = 20

// Launch asks the page to show something, or to say what is wrong with what was asked for. It is no method of the session,
// because the page could call that.
func Launch(s *Session, request *launch.Request, problem error) {
	if request == nil && problem == nil {
		return
	}
	l := &s.launches
	l.mu.Lock()
	l.seq++
	next := LaunchState{Seq: l.seq, Error: wireOptional(problem)}
	if request != nil {
		next.Archive = request.Archive
		if link := request.Link; link != nil {
			next.Profile, next.Content, next.File, next.Live = link.Profile, link.Archive, link.File, link.Live
			next.Moment, next.Route = link.Moment, link.Route
		}
	}
	if len(l.pending) < maxLaunches {
		l.pending = append(l.pending, next)
	}
	l.mu.Unlock()
	s.clock.changed("launch")
}

// Pending gives the first thing that the page has not dealt with yet.
func (l *Launches) Pending() LaunchState {
	kept := &l.session.launches
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if len(kept.pending) == 0 {
		return LaunchState{}
	}
	return kept.pending[0]
}

// Taken forgets what the page has dealt with, and tells it of the next.
func (l *Launches) Taken(req LaunchTaken) {
	kept := &l.session.launches
	kept.mu.Lock()
	if len(kept.pending) > 0 && kept.pending[0].Seq == req.Seq {
		kept.pending = kept.pending[1:]
	}
	more := len(kept.pending) > 0
	kept.mu.Unlock()
	if more {
		l.session.clock.changed("launch")
	}
}
