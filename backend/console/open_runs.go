package console

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// How old the counts of open runs may be. Screens look at the workers every two seconds; the database is asked far less often,
// because an open screen may cost it ten cheap queries a minute. The dashboard has others to ask, and needs the counts only for
// workers whose heartbeat doesn't say that they run something.
const (
	openRunsListed  = 6 * time.Second
	openRunsCounted = 30 * time.Second
)

// openRunsMemo remembers the counts. Its lock is one that a caller can stop waiting for: whoever holds it may be waiting
// for the database.
type openRunsMemo struct {
	lock *semaphore.Weighted
	at   time.Time
	runs map[string]OpenRuns
}

// openRuns gives the open runs of each worker, at most so old. The map is shared: callers only read it.
func (c *Console) openRuns(ctx context.Context, age time.Duration) (map[string]OpenRuns, error) {
	if err := c.open.lock.Acquire(ctx, 1); err != nil {
		return nil, scheduler.Errorf(scheduler.Unavailable, "postgres.timeout", "PostgreSQL did not answer in time.").Because(err)
	}
	defer c.open.lock.Release(1)
	now := c.now()
	if c.open.runs != nil && now.Sub(c.open.at) < age {
		return c.open.runs, nil
	}
	runs, err := c.ports.Stats.OpenRunsByWorker(ctx)
	if err != nil {
		return nil, err
	}
	c.open.runs, c.open.at = runs, now
	return runs, nil
}
