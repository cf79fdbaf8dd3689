package cluster

import (
	"context"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Flagged gives the ids that somebody asked to stay away. It walks the key space, so it is for now and then.
func (c *Client) Flagged(ctx context.Context) ([]string, error) {
	flagged, err := c.scan(ctx, detachPrefix+"*")
	for i, key := range flagged {
		flagged[i] = strings.TrimPrefix(key, detachPrefix)
	}
	return flagged, err
}

// FlaggedAbsent gives those of the ids that somebody asked to stay away and that have no heartbeat.
func (c *Client) FlaggedAbsent(ctx context.Context, ids []string) ([]string, error) {
	var absent []string
	for some := range slices.Chunk(ids, maxPipeline) {
		pipe := c.redis.Pipeline()
		flags, beats := make([]*redis.IntCmd, len(some)), make([]*redis.IntCmd, len(some))
		for i, id := range some {
			flags[i], beats[i] = pipe.Exists(ctx, detachKey(id)), pipe.Exists(ctx, heartbeatKey(id))
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, err
		}
		for i, id := range some {
			if flags[i].Val() == 1 && beats[i].Val() == 0 {
				absent = append(absent, id)
			}
		}
	}
	return absent, nil
}

// Unflag takes the request back that an id stay away.
func (c *Client) Unflag(ctx context.Context, id string) error {
	return c.redis.Del(ctx, detachKey(id)).Err()
}
