package leader

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	// eventSettle is how long an event is left alone: whoever took it in may be about to make its runs.
	eventSettle = 2 * time.Second
	// othersWithin is how far from an event's own time the runs lie that somebody else has made of it.
	othersWithin = time.Minute
	// keysOverlap is how far back the keys of processed events are read again: their transactions may have been slow.
	keysOverlap = time.Minute
)

// events makes the runs that new events ask for, once per deduplication key.
func (l *Leader) events(ctx context.Context, tx transaction, jobs []store.Job) error {
	now := tx.Now()
	events, err := tx.NewEvents(ctx, l.keysKnown, now.Add(-eventSettle))
	if err != nil {
		return err
	}
	known := now.Add(-keysOverlap)
	l.keysKnown = &known
	if len(events) == 0 {
		return nil
	}
	var keyed []store.Event
	for _, e := range events {
		if e.DedupeKey != "" {
			keyed = append(keyed, e)
		}
	}
	var claimed []int64
	if len(keyed) > 0 {
		if claimed, err = tx.ClaimEventKeys(ctx, firstOfKey(keyed)); err != nil {
			return err
		}
	}
	fresh := slices.DeleteFunc(slices.Clone(events), func(e store.Event) bool {
		return e.DedupeKey != "" && !slices.Contains(claimed, e.ID)
	})
	runs := l.eventRuns(fresh, jobs, now)
	since, until := events[0].CreatedAt.Add(-othersWithin), events[len(events)-1].CreatedAt.Add(othersWithin)
	made, err := tx.FinishEvents(ctx, events, runs, since, until)
	if err == nil {
		l.config.Metrics.Decided("made from events", made)
		l.config.Log.Info("events processed", "events", len(events), "repeated", len(events)-len(fresh), "runs", made)
	}
	return err
}

// firstOfKey keeps one event of each key: a statement can't insert the same key twice.
func firstOfKey(events []store.Event) []store.Event {
	type key struct{ eventType, dedupe string }
	seen := map[key]bool{}
	return slices.DeleteFunc(slices.Clone(events), func(e store.Event) bool {
		k := key{e.Type, e.DedupeKey}
		again := seen[k]
		seen[k] = true
		return again
	})
}

// eventRuns lists a run for every event and job that waits for it. Their times differ by a microsecond each, because
// a job has one run a moment.
func (l *Leader) eventRuns(events []store.Event, jobs []store.Job, now time.Time) []store.EventRun {
	var runs []store.EventRun
	for _, e := range events {
		for _, job := range jobs {
			if p := l.schedules[job.ID]; p.err == nil && slices.Contains(p.eventTypes, e.Type) {
				at := now.Add(time.Duration(len(runs)) * time.Microsecond)
				runs = append(runs, store.EventRun{Job: job.ID, At: at, Key: eventKey(e, job)})
			}
		}
	}
	return runs
}

// eventKey is the idempotency_key of an event's run.
func eventKey(e store.Event, job store.Job) string {
	if e.DedupeKey == "" {
		return fmt.Sprintf("event:%d:job:%d", e.ID, job.ID)
	}
	return fmt.Sprintf("event:%s:%s:job:%d", e.Type, e.DedupeKey, job.ID)
}
