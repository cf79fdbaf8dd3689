package leader

import (
	"context"
	"time"
)

// forgetFlags removes the detach flags of ids that have left: those that have had no heartbeat for a while on top of
// its own lifetime. Schedulers in the field use three-digit ids again, and the next owner of one is not meant.
func (l *Leader) forgetFlags(ctx context.Context) error {
	absent, err := l.config.Cluster.FlaggedAbsent(ctx)
	if err != nil {
		return err
	}
	since := make(map[string]time.Time, len(absent))
	for _, id := range absent {
		first, known := l.absent[id]
		if !known {
			first = time.Now()
		}
		if time.Since(first) < l.config.Settings.Values().HeartbeatTTL {
			since[id] = first
			continue
		}
		l.config.Log.Info("removing the detach flag of a worker that has left", "of", id)
		if err := l.config.Cluster.Unflag(ctx, id); err != nil {
			return err
		}
	}
	l.absent = since
	return nil
}
