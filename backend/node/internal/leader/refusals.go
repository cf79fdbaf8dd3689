package leader

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// avoidFor is how long a worker gets nothing that refused to start anything, or did not answer.
	avoidFor = 5 * time.Second
	// avoidBusy is as long as a worker may take to lay down a run that it has just recorded.
	avoidBusy = time.Second
	// holdFor is how long a run rests that a worker called invalid.
	holdFor = 10 * time.Second
)

// refusals keeps refused starts from being tried again at once, and from standing in the way of others.
type refusals struct {
	workers map[string]time.Time // until when
	runs    map[scheduler.RunID]time.Time
}

func newRefusals() refusals {
	return refusals{workers: map[string]time.Time{}, runs: map[scheduler.RunID]time.Time{}}
}

func (r refusals) avoid(worker string, until time.Time) { r.workers[worker] = until }

func (r refusals) hold(run scheduler.RunID, until time.Time) { r.runs[run] = until }

func (r refusals) avoided(now time.Time) map[string]bool {
	avoided := map[string]bool{}
	for worker, until := range r.workers {
		if now.Before(until) {
			avoided[worker] = true
		} else {
			delete(r.workers, worker)
		}
	}
	return avoided
}

func (r refusals) held(now time.Time) []scheduler.RunID {
	held := []scheduler.RunID{}
	for run, until := range r.runs {
		if now.Before(until) {
			held = append(held, run)
		} else {
			delete(r.runs, run)
		}
	}
	return held
}
