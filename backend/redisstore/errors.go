package redisstore

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// run executes a pipeline. Absent keys, and keys of a type that the contract doesn't give them, read as empty: one worker
// with a broken key must not hide the others.
func run(ctx context.Context, pipe redis.Pipeliner) error {
	commands, _ := pipe.Exec(ctx) // its error is the first command's
	for _, c := range commands {
		if err := c.Err(); err != nil && !absent(err) && !redis.HasErrorPrefix(err, "WRONGTYPE") {
			return err
		}
	}
	return nil
}

// absent tells that a key isn't there. The same error inside of another says something else: that a Sentinel knows no master.
func absent(err error) bool { return err == redis.Nil } //nolint:errorlint // see above

// explain turns what the client says into what an operator can act on. The client's words go to the log only.
func (s *Store) explain(err error) error {
	e := s.explanation(err)
	if e.Cause != nil { // it was explained on the way to the server
		return e
	}
	return e.With("address", s.address).Because(err)
}

// failed explains why a look failed, and spaces out the next ones.
func (s *Store) failed(ctx context.Context, err error) error {
	explained := s.explain(err)
	if ctx.Err() == nil {
		s.backoff.Failed(explained, redis.IsAuthError(err))
	}
	return explained
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

func (s *Store) explanation(err error) *scheduler.Error {
	address := s.address
	if e := trust.Explain(part, address, s.own, err); e != nil {
		return e
	}
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e
	}
	_, said := errors.AsType[redis.Error](err)
	switch {
	case redis.IsPermissionError(err):
		return scheduler.Errorf(scheduler.Forbidden, "redis.no_rights",
			"This login may not read the scheduler's keys in Redis at %s. Its ACL needs the read commands on scheduler:*.", address)
	case redis.IsAuthError(err):
		return scheduler.Errorf(scheduler.Forbidden, "redis.auth_failed",
			"Redis at %s refused the login. Check the user and the password, which may have been changed.", address)
	case redis.IsReadOnlyError(err), redis.IsMasterDownError(err), redis.IsClusterDownError(err), redis.IsTryAgainError(err):
		return scheduler.Errorf(scheduler.Unavailable, "redis.failing_over",
			"Redis at %s has no master just now: a failover is under way. It is tried again.", address)
	case redis.IsLoadingError(err):
		return scheduler.Errorf(scheduler.Unavailable, "redis.loading", "Redis at %s is starting and still reads its data. It is tried again.", address)
	case strings.Contains(err.Error(), "all sentinels"):
		return scheduler.Errorf(scheduler.Unavailable, "redis.no_sentinel",
			"None of the Sentinels at %s names a master. Check the addresses, the master's name and the Sentinels' login.", address)
	case said:
		return scheduler.Errorf(scheduler.Unavailable, "redis.refused",
			"Redis at %s answers, but not to this question: it may not be a Redis for this scheduler.", address)
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return scheduler.Errorf(scheduler.Unavailable, "redis.timeout", "Redis at %s did not answer in time.", address)
	}
	return scheduler.Errorf(scheduler.Unavailable, "redis.unreachable",
		"Redis at %s can't be reached. Check that it runs, the address, and the way there.", address)
}

func isTimeout(err error) bool {
	network, ok := errors.AsType[net.Error](err)
	return ok && network.Timeout()
}
