package cluster

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"
)

// FlaggedAbsent gives the ids that somebody asked to stay away and that have no heartbeat. It walks the key space.
func (c *Client) FlaggedAbsent(ctx context.Context) ([]string, error) {
	flagged, err := c.scan(ctx, detachPrefix+"*")
	if err != nil || len(flagged) == 0 {
		return nil, err
	}
	for i, key := range flagged {
		flagged[i] = strings.TrimPrefix(key, detachPrefix)
	}
	pipe := c.redis.Pipeline()
	beats := make([]*redis.IntCmd, len(flagged))
	for i, id := range flagged {
		beats[i] = pipe.Exists(ctx, heartbeatKey(id))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	var absent []string
	for i, id := range flagged {
		if beats[i].Val() == 0 {
			absent = append(absent, id)
		}
	}
	return absent, nil
}

// Unflag takes the request back that an id stay away.
func (c *Client) Unflag(ctx context.Context, id string) error {
	return c.redis.Del(ctx, detachKey(id)).Err()
}
