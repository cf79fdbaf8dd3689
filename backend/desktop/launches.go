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

// LaunchState is the latest thing that was asked for. Seq 0 means nothing.
type LaunchState struct {
	Seq     int        `json:"seq"`
	Profile string     `json:"profile"` // the environment of a link
	Route   string     `json:"route"`   // the screen of a link
	Archive string     `json:"archive"` // the path of a file
	Error   *WireError `json:"error,omitempty"`
}

// LaunchTaken says that the page has dealt with what was asked for.
type LaunchTaken struct {
	Seq int `json:"seq"`
}

// launches keeps the latest request until the page has taken it.
type launches struct {
	mu      sync.Mutex
	seq     int
	pending LaunchState
}

// Launch asks the page to show something, or to say what is wrong with what was asked for. It is no method of the session,
// because the page could call that.
func Launch(s *Session, request *launch.Request, problem error) {
	if request == nil && problem == nil {
		return
	}
	l := &s.launches
	l.mu.Lock()
	l.seq++
	l.pending = LaunchState{Seq: l.seq, Error: wireOptional(problem)}
	if request != nil {
		l.pending.Archive = request.Archive
		if request.Link != nil {
			l.pending.Profile, l.pending.Route = request.Link.Profile, request.Link.Route
		}
	}
	l.mu.Unlock()
	s.clock.changed("launch")
}

// Pending gives what the page has not dealt with yet.
func (l *Launches) Pending() LaunchState {
	kept := &l.session.launches
	kept.mu.Lock()
	defer kept.mu.Unlock()
	return kept.pending
}

// Taken forgets what was asked for, unless something else was asked for meanwhile.
func (l *Launches) Taken(req LaunchTaken) {
	kept := &l.session.launches
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.pending.Seq == req.Seq {
		kept.pending = LaunchState{}
	}
}
