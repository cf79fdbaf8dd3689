package cluster

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// leaseKey guards the start of one run.
func leaseKey(run scheduler.RunID) string {
	return "scheduler:jobrun:lease:" + strconv.FormatInt(int64(run), 10)
}

// Lease takes the leases of runs for holder, in one round trip, and tells which it got. Somebody else's lease is left
// alone, and so is a key that is none.
func (c *Client) Lease(ctx context.Context, runs []scheduler.RunID, holder string, ttl time.Duration) (map[scheduler.RunID]bool, error) {
	got := make(map[scheduler.RunID]bool, len(runs))
	if len(runs) == 0 {
		return got, nil
	}
	pipe := c.redis.Pipeline()
	taken := make([]*redis.StatusCmd, len(runs))
	for i, run := range runs {
		taken[i] = pipe.SetArgs(ctx, leaseKey(run), holder, redis.SetArgs{Mode: "NX", TTL: ttl})
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	for i, run := range runs {
		got[run] = taken[i].Err() == nil
	}
	return got, nil
}

// EndLease gives a lease back that is still its holder's.
func (c *Client) EndLease(ctx context.Context, run scheduler.RunID, holder string) error {
	return c.Release(ctx, leaseKey(run), holder)
}
