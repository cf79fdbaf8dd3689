package leader

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
)

// flagsEvery is how often the key space is walked for flags: of workers that left before this term, or never were.
const flagsEvery = time.Hour

// suspects are the ids without a worker that may have a detach flag, since when.
type suspects struct {
	since  map[string]time.Time
	alive  map[string]bool // when they were last looked at
	walked time.Time
}

// forgetFlags removes the detach flags of ids that have left: those that have had no heartbeat for a while on top of
// its own lifetime. Schedulers in the field use three-digit ids again, and the next owner of one is not meant.
func (l *Leader) forgetFlags(ctx context.Context, members []cluster.Member) error {
	s, now := &l.suspects, time.Now()
	if s.walked.IsZero() || now.Sub(s.walked) >= flagsEvery {
		flagged, err := l.config.Cluster.Flagged(ctx)
		if err != nil {
			return err
		}
		s.walked = now
		s.suspect(now, flagged...)
	}
	s.meet(now, members)
	if len(s.since) == 0 {
		return nil
	}
	absent, err := l.config.Cluster.FlaggedAbsent(ctx, slices.Collect(maps.Keys(s.since)))
	if err != nil {
		return err
	}
	for id, since := range s.since {
		if now.Sub(since) < l.config.Settings.Values().HeartbeatTTL {
			continue
		}
		if slices.Contains(absent, id) {
			l.config.Log.Info("removing the detach flag of a worker that has left", "of", id)
			if err := l.config.Cluster.Unflag(ctx, id); err != nil {
				return err
			}
		}
		delete(s.since, id)
	}
	return nil
}

// meet suspects who was there and is not any more, and clears who is.
func (s *suspects) meet(now time.Time, members []cluster.Member) {
	alive := make(map[string]bool, len(members))
	for _, m := range members {
		alive[m.ID] = true
		delete(s.since, m.ID)
	}
	for id := range s.alive {
		if !alive[id] {
			s.suspect(now, id)
		}
	}
	s.alive = alive
}

func (s *suspects) suspect(now time.Time, ids ...string) {
	for _, id := range ids {
		if _, known := s.since[id]; !known {
			s.since[id] = now
		}
	}
}
