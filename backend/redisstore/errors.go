package redisstore

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// run executes a pipeline. Absent keys, and keys of a type that the contract doesn't give them, read as empty: one worker
// with a broken key must not hide the others.
func run(ctx context.Context, pipe redis.Pipeliner) error {
	commands, _ := pipe.Exec(ctx) // its error is the first command's
	for _, c := range commands {
		if err := c.Err(); err != nil && !errors.Is(err, redis.Nil) && !redis.HasErrorPrefix(err, "WRONGTYPE") {
			return err
		}
	}
	return nil
}

// explain turns what the client says into what an operator can act on. The client's words go to the log only.
func (s *Store) explain(err error) error {
	return explanation(err, s.address).With("address", s.address).Because(err)
}

// explainWrite is explain for what only operators may do.
func (s *Store) explainWrite(err error) error {
	if redis.IsPermissionError(err) {
		return scheduler.Errorf(scheduler.Forbidden, "redis.no_write",
			"This login may not set the scheduler's flags in Redis at %s. Its ACL is a viewer's.", s.address).
			With("address", s.address).Because(err)
	}
	return s.explain(err)
}

func explanation(err error, address string) *scheduler.Error {
	_, said := errors.AsType[redis.Error](err)
	switch {
	case redis.IsPermissionError(err):
		return scheduler.Errorf(scheduler.Forbidden, "redis.no_rights",
			"This login may not read the scheduler's keys in Redis at %s. Its ACL needs the read commands on scheduler:*.", address)
	case redis.IsAuthError(err):
		return scheduler.Errorf(scheduler.Forbidden, "redis.auth", "Redis at %s refused the login. Check the user and the password.", address)
	case said:
		return scheduler.Errorf(scheduler.Unavailable, "redis.refused",
			"Redis at %s answers, but not to this question: it may be loading, failing over, or not a Redis for this scheduler.", address)
	}
	return scheduler.Errorf(scheduler.Unavailable, "redis.unreachable",
		"Redis at %s can't be reached. Check that it runs, the address, and the way there.", address)
}
