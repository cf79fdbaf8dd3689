package cluster

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// callTimeout bounds every command: a leader that waits longer for Redis can't renew its lock in time.
const callTimeout = time.Second

// Client speaks the contract's keys.
type Client struct {
	redis *redis.Client
}

// Open checks the address and that the server answers.
func Open(ctx context.Context, url string) (*Client, error) {
	options, err := redis.ParseURL(url)
	if err != nil { // the cause may quote the address with its password
		return nil, scheduler.Errorf(scheduler.Invalid, "redis.bad_url",
			"the Redis address can't be read: write redis://user:password@host:port/0, or rediss:// for TLS")
	}
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = callTimeout, callTimeout, callTimeout
	options.ContextTimeoutEnabled = true
	options.MaxRetries, options.DialerRetries = -1, 1 // the next beat is the retry
	options.PoolSize = 4
	options.DisableIdentity = true
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	client := &Client{redis: redis.NewClient(options)}
	if err := client.redis.Ping(ctx).Err(); err != nil {
		_ = client.redis.Close()
		return nil, scheduler.Errorf(scheduler.Unavailable, "redis.unreachable",
			"Redis at %s does not answer: check that it runs and that this machine may connect", options.Addr).
			With("host", options.Addr).Because(err)
	}
	return client, nil
}

// Close ends the connections.
func (c *Client) Close() error { return c.redis.Close() }

// unixSeconds is how the contract writes times.
func unixSeconds(t time.Time) string {
	return strconv.FormatFloat(float64(t.UnixMicro())/1e6, 'f', 6, 64)
}
