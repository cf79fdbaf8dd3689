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
	var others []string
	for i, run := range runs {
		if got[run] = taken[i].Err() == nil; !got[run] {
			others = append(others, leaseKey(run))
		}
	}
	return got, c.dropEndless(ctx, others)
}

// dropEndless removes what stands in the place of leases and would never end: no leader wrote it.
func (c *Client) dropEndless(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	pipe := c.redis.Pipeline()
	for _, key := range keys {
		endless.Eval(ctx, pipe, []string{key})
	}
	_, err := pipe.Exec(ctx)
	return err
}

// endless deletes a key without an expiry.
var endless = redis.NewScript(`if redis.call('pttl', KEYS[1]) == -1 then
	return redis.call('del', KEYS[1])
end
return 0`)

// EndLease gives a lease back that is still its holder's.
func (c *Client) EndLease(ctx context.Context, run scheduler.RunID, holder string) error {
	return c.Release(ctx, leaseKey(run), holder)
}
