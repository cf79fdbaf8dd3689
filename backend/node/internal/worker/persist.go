package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	writeTimeout = 10 * time.Second
	firstPause   = 200 * time.Millisecond
	longestPause = 2 * time.Second
	// maxRefusals bounds how often a write is repeated that PostgreSQL answers with an error.
	maxRefusals = 5
)

// persist repeats a write while PostgreSQL is away, until ctx ends. [store.ErrNotYours] is final.
func persist(ctx context.Context, write func(context.Context) error) error {
	refusals := 0
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		bounded, cancel := context.WithTimeout(ctx, writeTimeout)
		err := write(bounded)
		cancel()
		if err == nil || errors.Is(err, store.ErrNotYours) {
			return err
		}
		if store.Refused(err) {
			refusals++
		}
		if refusals == maxRefusals {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("given up: %w", err)
		case <-time.After(pause):
		}
	}
}
