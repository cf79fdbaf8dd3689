package cluster

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// leaseKey guards the start of one run.
func leaseKey(run scheduler.RunID) string {
	return "scheduler:jobrun:lease:" + strconv.FormatInt(int64(run), 10)
}

// takeLease gives a lease to its holder, or prolongs it.
const takeLease = `local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then
	return 0
end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1`

// Lease takes the leases of runs for holder, in one round trip, and tells which it got or had already. Somebody else's
// lease is left alone, and so is a key that is none.
func (c *Client) Lease(ctx context.Context, runs []scheduler.RunID, holder string, ttl time.Duration) (map[scheduler.RunID]bool, error) {
	got := make(map[scheduler.RunID]bool, len(runs))
	if len(runs) == 0 {
		return got, nil
	}
	pipe := c.redis.Pipeline()
	taken := make([]*redis.Cmd, len(runs))
	for i, run := range runs {
		taken[i] = pipe.Eval(ctx, takeLease, []string{leaseKey(run)}, holder, ttl.Milliseconds())
	}
	if _, err := pipe.Exec(ctx); err != nil && !isAnswer(err) {
		return nil, err
	}
	var others []string
	for i, run := range runs {
		mine, err := taken[i].Int()
		if got[run] = err == nil && mine == 1; !got[run] {
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
