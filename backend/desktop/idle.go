package desktop

import (
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// idleGlance is how often the window looks whether anybody still uses it.
const idleGlance = 15 * time.Second

// Active takes note that somebody uses the window.
func (s *Session) Active() { s.active.Store(time.Now().Round(0).UnixNano()) }

// unused is how long nobody has used the window, by the wall's clock: a machine that sleeps is not used.
func (s *Session) unused() time.Duration {
	if s.tasks.underWay() {
		s.Active() // somebody waits for them to end
	}
	return time.Duration(time.Now().Round(0).UnixNano() - s.active.Load())
}

// watchIdle closes an environment that nobody has used for as long as its policy lets it stand open: its connections and the
// keys that were read for it go, and to open it again takes what opening it takes.
func (s *Session) watchIdle(o *opened) {
	s.Active()
	if o.Idle <= 0 {
		return
	}
	s.watchers.Go(func() {
		ticker := time.NewTicker(idleGlance)
		defer ticker.Stop()
		for s.unused() < o.Idle {
			select {
			case <-o.life.Done():
				return
			case <-ticker.C:
			}
		}
		s.closeIdle(o)
	})
}

func (s *Session) closeIdle(o *opened) {
	s.switching.Lock()
	defer s.switching.Unlock()
	s.mu.Lock()
	current := s.live == o
	s.mu.Unlock()
	if !current {
		return
	}
	s.config.Log.Info("closing an environment that nobody uses", "environment", o.ID)
	s.closeLive()
	s.sayWatchingEnded(o)
	minutes := strconv.Itoa(int(o.Idle.Minutes()))
	why := scheduler.Errorf(scheduler.Unavailable, "session.idle", "%s was closed, because nobody had used the window for %s minutes.", o.Name, minutes).
		With("name", o.Name).With("minutes", minutes)
	s.changed(func() { s.opening = &opening{id: o.profile, failed: why, give: func() {}} })
}
