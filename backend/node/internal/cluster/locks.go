package cluster

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// renew extends a lock that is still its holder's.
var renew = redis.NewScript(`if redis.call('get', KEYS[1]) == ARGV[1] then
	return redis.call('pexpire', KEYS[1], ARGV[2])
end
return 0`)

// release deletes a lock that is still its holder's.
var release = redis.NewScript(`if redis.call('get', KEYS[1]) == ARGV[1] then
	return redis.call('del', KEYS[1])
end
return 0`)

// Acquire takes a free lock for ttl.
func (c *Client) Acquire(ctx context.Context, lock, holder string, ttl time.Duration) (bool, error) {
	err := c.redis.SetArgs(ctx, lock, holder, redis.SetArgs{Mode: "NX", TTL: ttl}).Err()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	return err == nil, err
}

// Renew extends the holder's lock to ttl from now. False means that it is somebody else's, or nobody's.
func (c *Client) Renew(ctx context.Context, lock, holder string, ttl time.Duration) (bool, error) {
	renewed, err := renew.Run(ctx, c.redis, []string{lock}, holder, ttl.Milliseconds()).Int()
	return renewed == 1, err
}

// Release gives the holder's lock up; a lock that is not the holder's stays.
func (c *Client) Release(ctx context.Context, lock, holder string) error {
	return release.Run(ctx, c.redis, []string{lock}, holder).Err()
}

// RaiseEpoch adds to the epoch and gives the new one. Only the holder of the leader's lock may.
//
// A key that holds no number is replaced: who enters office raises the epoch above all that were ever used, whatever
// this one begins with.
func (c *Client) RaiseEpoch(ctx context.Context, by int64) (int64, error) {
	epoch, err := c.redis.IncrBy(ctx, epochKey, by).Result()
	if isWrongType(err) {
		c.note(epochKey, err)
		if err = c.redis.Set(ctx, epochKey, by, 0).Err(); err == nil { // only the holder of the lock is here
			epoch = by
		}
	}
	return epoch, err
}

// LeaderSeen notes that the leader has done its work.
func (c *Client) LeaderSeen(ctx context.Context, at time.Time) error {
	return c.redis.Set(ctx, lastSeenKey, unixSeconds(at), 0).Err()
}
