package redisstore

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Examination is a Redis that is being tried out. The caller closes it.
type Examination struct{ store *Store }

// Examine connects and logs in, and asks for nothing else.
func Examine(ctx context.Context, c Config) (*Examination, error) {
	s, err := newStore(c, time.Now)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	if err := s.client.Ping(ctx).Err(); err != nil {
		s.Close()
		return nil, s.explain(err)
	}
	return &Examination{s}, nil
}

// Fleet takes the look that the console takes.
func (e *Examination) Fleet(ctx context.Context) (scheduler.Fleet, error) { return e.store.Fleet(ctx) }

// Clock tells how far the server's clock is ahead of ours, give or take.
func (e *Examination) Clock(ctx context.Context) (offset, uncertain time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	sent := time.Now()
	there, err := e.store.client.Time(ctx).Result()
	if err != nil {
		return 0, 0, e.store.explain(err)
	}
	half := time.Since(sent) / 2
	return there.Sub(sent.Add(half)), half, nil
}

// Close ends the connections.
func (e *Examination) Close() { e.store.Close() }
