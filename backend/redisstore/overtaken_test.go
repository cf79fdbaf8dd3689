package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// overtaken lets somebody else act once, right before the first transaction of a client is sent.
type overtaken struct {
	by   func()
	done bool
}

func (o *overtaken) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (o *overtaken) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }
func (o *overtaken) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, commands []redis.Cmder) error {
		if !o.done && commands[0].Name() == "multi" {
			o.done = true
			o.by()
		}
		return next(ctx, commands)
	}
}
