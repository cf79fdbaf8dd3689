package tunnel

import (
	"context"
	"time"
)

const (
	sleepTick = 5 * time.Second
	// sleepGap is how much more time than a tick's has to pass for a sleep: a busy machine may be late by seconds.
	sleepGap = 30 * time.Second
)

// watchSleep tells when the machine has slept. A laptop that wakes holds connections whose other ends have long given up, and
// would wait for each of them in turn. Only the wall clock goes on during sleep; one that was set forward looks the same, and
// costs no more than new connections.
func watchSleep(ctx context.Context, tick <-chan time.Time, now func() time.Time, slept func(time.Duration)) {
	last := now().Round(0) // without the monotonic clock, which stands still meanwhile
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick:
		}
		at := now().Round(0)
		if gap := at.Sub(last); gap > sleepTick+sleepGap {
			slept(gap)
		}
		last = at
	}
}
