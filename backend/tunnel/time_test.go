package tunnel

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestSleepIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		tick := make(chan time.Time)
		var asleep time.Duration // what the wall clock is ahead by
		var noticed []time.Duration
		done := make(chan struct{})
		go func() {
			defer close(done)
			watchSleep(ctx, tick, func() time.Time { return time.Now().Add(asleep) }, func(d time.Duration) { noticed = append(noticed, d) })
		}()
		synctest.Wait()
		pass := func(d time.Duration) {
			asleep += d
			time.Sleep(sleepTick)
			tick <- time.Time{}
			synctest.Wait()
		}
		pass(0)
		pass(20 * time.Second)  // a busy machine
		pass(-10 * time.Minute) // the clock was set back
		if len(noticed) != 0 {
			t.Errorf("noticed %s", noticed)
		}
		pass(8 * time.Hour)
		pass(0)
		if len(noticed) != 1 || noticed[0] != 8*time.Hour+sleepTick {
			t.Errorf("noticed %s", noticed)
		}
		cancel()
		<-done
	})
}
