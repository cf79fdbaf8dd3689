package console

import (
	"context"
	"sync"
	"time"
)

// openRunsAge is how old the counts of open runs may be. Screens look at the workers every two seconds; the
// database is asked far less often, because an open screen may cost it ten cheap queries a minute.
const openRunsAge = 6 * time.Second

type openRunsMemo struct {
	mu   sync.Mutex
	at   time.Time
	runs map[string]OpenRuns
}

// openRuns gives the open runs of each worker, at most openRunsAge old. The map is shared: callers only read it.
func (c *Console) openRuns(ctx context.Context) (map[string]OpenRuns, error) {
	c.open.mu.Lock()
	defer c.open.mu.Unlock()
	now := c.now()
	if c.open.runs != nil && now.Sub(c.open.at) < openRunsAge {
		return c.open.runs, nil
	}
	runs, err := c.ports.Stats.OpenRunsByWorker(ctx)
	if err != nil {
		return nil, err
	}
	c.open.runs, c.open.at = runs, now
	return runs, nil
}
