// Package worker is the part of a node that runs commands: the gRPC service that a leader and operators call, and the
// one run it has in hand.
package worker

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// Config is what a worker needs. Everything but Env is required.
type Config struct {
	ID, NodeID string
	Store      *store.Store
	// Standing tells what the node last saw of the cluster. It must not wait.
	Standing func() Standing
	// Grace tells how long a doubted run stays this worker's. It must not wait.
	Grace func() time.Duration
	// Slots tells how many runs may be in hand at once. It must not wait.
	Slots func() int
	// Changed is called when InHand or Draining changed, so that the node can tell the cluster at once. It must not wait.
	Changed func()
	// Reload reads the settings anew. Its error says which are not in force.
	Reload func(context.Context) (generation int64, err error)
	// Template is the argv of every run; {command} stands for the command's name.
	Template []string
	Env      []string
	Shim     []string
	// KillAfter is how long a command has between TERM and KILL.
	KillAfter time.Duration
	// MaxLogBytes is how much of a run's output is kept beside its end.
	MaxLogBytes int64
	Metrics     *metrics.Metrics
	Log         *slog.Logger
	Now         func() time.Time
	// Draining lets the worker take nothing from the start.
	Draining bool
}

// Standing is a node's place in the cluster, as it last saw it.
type Standing struct {
	Role     scheduler.Role
	Epoch    int64
	Detached bool
	LastBeat time.Time
}

// Worker serves the contract's gRPC service. It has at most Slots runs in hand.
type Worker struct {
	workerpb.UnimplementedWorkerServiceServer

	config Config
	runs   sync.WaitGroup
	// kill ends the run in hand when the node can't wait any longer; abandon ends also the waiting for PostgreSQL.
	kill    context.Context
	killRun context.CancelFunc
	abandon context.Context
	giveUp  context.CancelFunc

	mu       sync.Mutex
	chain    chain
	hand     []*run          // the runs in hand, the oldest first
	idle     chan struct{}   // closed while nothing is in hand
	last     scheduler.RunID // the latest run that ended here
	draining bool
	stopping bool
}

// New makes a worker that waits for its first run.
func New(config Config) *Worker {
	w := &Worker{config: config, draining: config.Draining, idle: make(chan struct{})}
	close(w.idle)
	w.kill, w.killRun = context.WithCancel(context.Background())
	w.abandon, w.giveUp = context.WithCancel(context.Background())
	return w
}

// InHand lists the ids of the runs in hand, the oldest first.
func (w *Worker) InHand() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]string, len(w.hand))
	for i, r := range w.hand {
		ids[i] = r.id()
	}
	return ids
}

// Current is the id of the oldest run in hand, "" if there is none.
func (w *Worker) Current() string {
	if ids := w.InHand(); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// Draining tells whether the worker takes nothing new.
func (w *Worker) Draining() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.draining || w.stopping
}

// Idle is closed while nothing is in hand.
func (w *Worker) Idle() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.idle
}

// Stop takes nothing new, and gives the run in hand until grace ends to finish; then it is killed and handed over to
// another worker. When ctx ends first that is given up too: the cluster will find the run lost.
func (w *Worker) Stop(ctx context.Context, grace time.Duration) {
	w.mu.Lock()
	w.stopping = true
	w.mu.Unlock()
	w.config.Changed()

	timer := time.AfterFunc(grace, w.killRun)
	defer timer.Stop()
	stop := context.AfterFunc(ctx, func() { w.killRun(); w.giveUp() })
	defer stop()
	w.runs.Wait()
	w.killRun()
	w.giveUp()
}

// reserve takes a run in hand unless something speaks against it; the answer then says what.
func (w *Worker) reserve(r *run) *workerpb.StartJobResponse {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.draining || w.stopping:
		return startAnswer(workerpb.StartJobResponse_REJECTED_DRAINING, "the worker takes nothing new")
	case slices.ContainsFunc(w.hand, r.same):
		return startAnswer(workerpb.StartJobResponse_ACCEPTED, "already in hand")
	case len(w.hand) >= w.config.Slots():
		return startAnswer(workerpb.StartJobResponse_REJECTED_ALREADY_RUNNING, "run "+w.hand[0].id()+" is in hand")
	}
	if len(w.hand) == 0 {
		w.idle = make(chan struct{})
	}
	w.hand = append(w.hand, r)
	w.runs.Add(1)
	return nil
}

// release lays a run down.
func (w *Worker) release(r *run) {
	w.mu.Lock()
	w.hand = slices.DeleteFunc(w.hand, func(other *run) bool { return other == r })
	if len(w.hand) == 0 {
		close(w.idle)
	}
	w.mu.Unlock()
	w.runs.Done()
	w.config.Changed()
}
