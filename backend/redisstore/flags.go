package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/operations"
)

// Flags writes the keys by which operators ask workers and leaders for something. It takes one key at a time, so that it
// works on a Redis Cluster too.
type Flags struct{ store *Store }

var _ operations.Flags = (*Flags)(nil)

// Flags gives the writing side. It shares the Store's connections and ends with it.
func (s *Store) Flags() *Flags { return &Flags{s} }

// flagJSON is a flag's value as the contract has it.
type flagJSON struct {
	By       string `json:"by"`
	Reason   string `json:"reason"`
	ActionID string `json:"action_id"`
	Epoch    *int64 `json:"epoch,omitempty"`
}

// SetDetach asks a worker to leave. The flag stays until somebody takes it away.
func (f *Flags) SetDetach(ctx context.Context, worker string, flag operations.Flag) error {
	return f.write(ctx, func(ctx context.Context) error {
		return f.store.orders.Set(ctx, detachKey(worker), value(flag), 0).Err()
	})
}

// ClearDetach takes the flag away; none being there is fine.
func (f *Flags) ClearDetach(ctx context.Context, worker string) error {
	return f.write(ctx, func(ctx context.Context) error { return f.store.orders.Del(ctx, detachKey(worker)).Err() })
}

// DetachFlag gives a worker's flag; nil if there is none. One that is not as the contract has it is a flag all the same.
func (f *Flags) DetachFlag(ctx context.Context, worker string) (*operations.Flag, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	text, err := f.store.client.Get(ctx, detachKey(worker)).Result()
	if absent(err) {
		return nil, nil
	}
	if err != nil && !redis.HasErrorPrefix(err, "WRONGTYPE") {
		return nil, f.store.explain(err)
	}
	var said flagJSON
	_ = json.Unmarshal([]byte(text), &said) // "1" is a flag too
	return &operations.Flag{By: clean(said.By), Reason: clean(said.Reason), ActionID: clean(said.ActionID), Epoch: said.Epoch}, nil
}

// AskDegrade asks the leader of the flag's epoch to step down.
func (f *Flags) AskDegrade(ctx context.Context, flag operations.Flag, lasts time.Duration) error {
	return f.write(ctx, func(ctx context.Context) error {
		return f.store.orders.Set(ctx, leaderDegrade, value(flag), lasts).Err()
	})
}

// TakeLock deletes the leader's lock if holder still has it. No script: viewers and operators may run none.
func (f *Flags) TakeLock(ctx context.Context, holder string) (taken bool, err error) {
	err = f.write(ctx, func(ctx context.Context) error {
		return f.store.orders.Watch(ctx, func(tx *redis.Tx) error {
			now, err := tx.Get(ctx, leaderLock).Result()
			if absent(err) || err == nil && now != holder {
				return nil
			}
			if err != nil {
				return err
			}
			_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error { return pipe.Del(ctx, leaderLock).Err() })
			if errors.Is(err, redis.TxFailedErr) {
				return nil // somebody else wrote it in between
			}
			taken = err == nil
			return err
		}, leaderLock)
	})
	return taken, err
}

func value(flag operations.Flag) string {
	text, _ := json.Marshal(flagJSON(flag)) // texts and a number
	return string(text)
}

// write makes one write with a deadline of its own, and marks an error after which it may have been carried out.
func (f *Flags) write(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	err := do(ctx)
	if err == nil {
		return nil
	}
	if !f.refused(err) {
		err = errors.Join(operations.ErrLost, err)
	}
	return f.store.explainWrite(err)
}

// refused tells whether it is sure that the command was not carried out: Redis said so, or was never reached.
func (f *Flags) refused(err error) bool {
	if _, said := errors.AsType[redis.Error](err); said {
		return true
	}
	_, unreached := errors.AsType[dialError](err)
	return unreached && !f.store.redirected
}
