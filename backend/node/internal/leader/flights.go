package leader

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const (
	callsAtATime = 16
	// callPatience is how long a tick waits for its calls. One worker that does not answer holds nobody up: its call
	// goes on beside the next ticks.
	callPatience = 300 * time.Millisecond
)

// flights are the calls to workers that are on their way.
type flights struct {
	seats chan struct{}
	all   sync.WaitGroup

	mu       sync.Mutex
	starts   map[scheduler.RunID]string // to which worker
	stops    map[scheduler.RunID]bool
	outcomes []outcome
	refused  []store.RefusedRun // by outcomes that a failed transaction did not deal with
}

// outcome is what a start came to.
type outcome struct {
	run    store.StartableRun
	answer *workerpb.StartJobResponse
	err    error
}

func newFlights() *flights {
	return &flights{
		seats: make(chan struct{}, callsAtATime), starts: map[scheduler.RunID]string{}, stops: map[scheduler.RunID]bool{},
	}
}

// start calls in the background. The run counts as starting until landed has given its outcome.
func (f *flights) start(ctx context.Context, run store.StartableRun, call func(context.Context) (*workerpb.StartJobResponse, error)) <-chan struct{} {
	f.mu.Lock()
	f.starts[run.ID] = run.WorkerID
	f.mu.Unlock()
	return f.board(ctx, func() {
		o := outcome{run: run}
		if o.err = ctx.Err(); o.err == nil {
			o.answer, o.err = call(ctx)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.outcomes = append(f.outcomes, o)
	})
}

// stop calls in the background, unless that is being done already.
func (f *flights) stop(ctx context.Context, run scheduler.RunID, call func(context.Context)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stops[run] {
		return
	}
	f.stops[run] = true
	f.board(ctx, func() {
		call(ctx)
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.stops, run)
	})
}

// board runs work when there is a seat; the channel closes when it is done.
func (f *flights) board(ctx context.Context, work func()) <-chan struct{} {
	done := make(chan struct{})
	f.all.Go(func() {
		defer close(done)
		select {
		case f.seats <- struct{}{}:
			defer func() { <-f.seats }()
		case <-ctx.Done():
		}
		work()
	})
	return done
}

// landed gives the runs that were not started, by what judge says about each outcome, and forgets them all.
func (f *flights) landed(judge func(outcome) (refused bool, why string)) []store.RefusedRun {
	f.mu.Lock()
	outcomes, refused := f.outcomes, f.refused
	f.outcomes, f.refused = nil, nil
	for _, o := range outcomes {
		delete(f.starts, o.run.ID)
	}
	f.mu.Unlock()
	for _, o := range outcomes {
		if is, why := judge(o); is {
			refused = append(refused, store.RefusedRun{StartableRun: o.run, Why: why})
		}
	}
	return refused
}

// again keeps refused runs for the next transaction.
func (f *flights) again(refused []store.RefusedRun) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused = append(f.refused, refused...)
}

// starting lists the runs whose start is on its way.
func (f *flights) starting() []scheduler.RunID {
	f.mu.Lock()
	defer f.mu.Unlock()
	runs := make([]scheduler.RunID, 0, len(f.starts))
	for run := range f.starts {
		runs = append(runs, run)
	}
	return runs
}

// loads counts the starts on their way to each worker.
func (f *flights) loads() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	loads := map[string]int{}
	for _, worker := range f.starts {
		loads[worker]++
	}
	return loads
}

// wait returns when the calls are done or patience is over.
func (f *flights) wait(ctx context.Context, calls []<-chan struct{}) {
	patience := time.NewTimer(callPatience)
	defer patience.Stop()
	for _, done := range calls {
		select {
		case <-done:
		case <-patience.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// anyRefused tells whether a run is to be put back in line.
func (f *flights) anyRefused() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.ContainsFunc(f.outcomes, func(o outcome) bool {
		return o.err != nil || o.answer.Result != workerpb.StartJobResponse_ACCEPTED
	})
}

// end waits for every call, whose context the caller has ended, and forgets what came of them.
func (f *flights) end() {
	f.all.Wait()
	f.landed(func(outcome) (bool, string) { return false, "" })
}
