package cluster

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// wrong remembers which keys hold something of the wrong type, so that each is told once and taken back once.
type wrong struct {
	mu   sync.Mutex
	keys map[string]bool
	told func(key string, err error) // nil error: it is right again
}

// OnWrongKey has told called for every key whose type is wrong, and again with nil when it is right. It must not wait.
func (c *Client) OnWrongKey(told func(key string, err error)) {
	c.wrong.mu.Lock()
	defer c.wrong.mu.Unlock()
	c.wrong.told, c.wrong.keys = told, map[string]bool{}
}

// note tells of a key, by what Redis answered about it.
func (c *Client) note(key string, err error) {
	w := &c.wrong
	w.mu.Lock()
	defer w.mu.Unlock()
	bad := isWrongType(err)
	if w.told == nil || w.keys[key] == bad {
		return
	}
	if bad {
		w.keys[key] = true
		w.told(key, err)
		return
	}
	delete(w.keys, key)
	w.told(key, nil)
}

// isWrongType tells whether Redis refused a command because of what a key holds.
func isWrongType(err error) bool {
	answer, ok := errors.AsType[redis.Error](err)
	return ok && (strings.HasPrefix(answer.Error(), "WRONGTYPE") || strings.Contains(answer.Error(), "not an integer"))
}

// removeWrong deletes a key that holds another type than the given one: nobody who keeps to the contract wrote it.
var removeWrong = redis.NewScript(`local is = redis.call('type', KEYS[1]).ok
if is ~= 'none' and is ~= ARGV[1] then
	return redis.call('del', KEYS[1])
end
return 0`)

// keepEpoch puts the epoch back that the key has lost.
var keepEpoch = redis.NewScript(`local is = redis.pcall('get', KEYS[1])
if type(is) ~= 'string' or not tonumber(is) or tonumber(is) < tonumber(ARGV[1]) then
	redis.call('set', KEYS[1], ARGV[1])
	return 1
end
return 0`)

// repair removes a key that holds another type than it must, if it does. What belongs there is written with the next
// beat.
func (c *Client) repair(ctx context.Context, key, want string) {
	_ = removeWrong.Run(ctx, c.redis, []string{key}, want).Err() // the next beat tries again
}

// KeepEpoch makes sure that the epoch's key holds at least the current leader's own.
func (c *Client) KeepEpoch(ctx context.Context, epoch int64) error {
	return keepEpoch.Run(ctx, c.redis, []string{epochKey}, epoch).Err()
}

// walk lists the ids of all workers that tell about themselves, without the set of them.
func (c *Client) walk(ctx context.Context) ([]string, error) {
	ids, err := c.scan(ctx, workerPrefix+"*"+infoSuffix)
	for i, key := range ids {
		ids[i] = idOfInfoKey(key)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}
