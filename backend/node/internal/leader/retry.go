package leader

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	retryPrefix = "retry:"
	// longestBackoff bounds the doubling; a job that asks for more from the start gets it.
	longestBackoff = time.Hour
)

// retries puts another run in line for every watched one that failed, and ends the watch over what has ended.
func (l *Leader) retries(ctx context.Context, tx transaction) error {
	ended, err := tx.WatchedEnds(ctx)
	if err != nil || len(ended) == 0 {
		return err
	}
	var wanted []store.Retry
	var done []scheduler.RunID
	for _, run := range ended {
		if retry, ok := retryOf(run, tx.Now()); ok {
			wanted = append(wanted, retry)
		} else {
			done = append(done, run.ID)
		}
	}
	if len(wanted) > 0 {
		made, err := tx.AddRetries(ctx, wanted)
		if err != nil {
			return err
		}
		done = append(done, made...)
		l.decided("put in line again", int64(len(made)))
	}
	return tx.ForgetWatched(ctx, done)
}

// retryOf decides whether a run is tried again and when: retry_backoff_seconds after its end, doubled with each
// further retry. A canceled run is never retried, nor one whose job has been disabled.
func retryOf(run store.WatchedEnd, now time.Time) (store.Retry, bool) {
	first, n := retryLink(run.ID, run.Key)
	if run.State != scheduler.Failed && run.State != scheduler.TimedOut || !run.Enabled || n >= run.MaxRetries {
		return store.Retry{}, false
	}
	at := run.FinishedAt.Add(backoff(time.Duration(run.Backoff)*time.Second, n))
	if at.Before(now) { // its end was seen late: lateness is counted from here
		at = now
	}
	return store.Retry{Of: run.ID, Job: run.Job, At: at, Key: fmt.Sprintf("%s%d:%d", retryPrefix, first, n+1)}, true
}

// backoff is the wait after n retries.
func backoff(base time.Duration, n int) time.Duration {
	wait := max(0, base)
	for range n {
		if 2*wait > longestBackoff {
			return max(wait, longestBackoff)
		}
		wait *= 2
	}
	return wait
}

// retryLink reads the key of a retry: the first run, and how often it was retried up to this one.
func retryLink(id scheduler.RunID, key string) (first scheduler.RunID, n int) {
	rest, isRetry := strings.CutPrefix(key, retryPrefix)
	of, count, both := strings.Cut(rest, ":")
	run, err := strconv.ParseInt(of, 10, 64)
	n, err2 := strconv.Atoi(count)
	if !isRetry || !both || err != nil || err2 != nil || run <= 0 || n <= 0 {
		return id, 0
	}
	return scheduler.RunID(run), n
}
