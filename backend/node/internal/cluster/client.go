package cluster

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// callTimeout bounds every command: a leader that waits longer for Redis can't renew its lock in time.
	callTimeout = time.Second
	poolSize    = 4
)

// Client speaks the contract's keys, with one server, with the master that Sentinels name, or with a Redis Cluster.
type Client struct {
	redis redis.UniversalClient
	wrong wrong
}

// Open checks the address and that the server answers.
func Open(ctx context.Context, url string) (*Client, error) {
	t, err := parseTarget(url)
	if err != nil {
		return nil, err
	}
	client := &Client{redis: t.client()}
	if err := client.redis.Ping(ctx).Err(); err != nil {
		_ = client.redis.Close()
		return nil, scheduler.Errorf(scheduler.Unavailable, "redis.unreachable",
			"Redis at %s does not answer: check that it runs and that this machine may connect", t.name).
			With("host", t.name).Because(err)
	}
	return client, nil
}

// Close ends the connections.
func (c *Client) Close() error { return c.redis.Close() }

// scan walks the key space, of every master where there are several.
func (c *Client) scan(ctx context.Context, pattern string) ([]string, error) {
	var mu sync.Mutex
	var found []string
	walk := func(ctx context.Context, server redis.Cmdable) error {
		keys := server.Scan(ctx, 0, pattern, scanCount).Iterator()
		for keys.Next(ctx) {
			mu.Lock()
			found = append(found, keys.Val())
			mu.Unlock()
		}
		return keys.Err()
	}
	if many, ok := c.redis.(*redis.ClusterClient); ok {
		err := many.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error { return walk(ctx, master) })
		return found, err
	}
	return found, walk(ctx, c.redis)
}

// unixSeconds is how the contract writes times.
func unixSeconds(t time.Time) string {
	return strconv.FormatFloat(float64(t.UnixMicro())/1e6, 'f', 6, 64)
}
