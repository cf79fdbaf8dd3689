package watch

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Source is what the watcher looks at.
type Source struct {
	Fleet console.FleetStore
	Runs  console.WatchStore
}

// Options are what a watcher works with.
type Options struct {
	Environment string // the id of its profile
	Source      Source
	Shelf       Shelf         // nil = what is watched is forgotten with the window
	Tell        func([]Event) // what one look found, which is never nothing
	Changed     func()        // something is watched that wasn't, or no more
	Log         *slog.Logger
}

// Watcher looks out for what is watched in one environment.
type Watcher struct {
	options Options
	wake    chan struct{}

	mu      sync.Mutex
	watches []Watch
	broken  error             // why the list can't be read
	asked   []scheduler.RunID // that are watched since the last look, and were open then
}

// New makes a watcher of what is on the environment's list.
func New(o Options) *Watcher {
	w := &Watcher{options: o, wake: make(chan struct{}, 1)}
	if o.Shelf != nil {
		if w.watches, w.broken = load(o.Shelf, o.Environment); w.broken != nil {
			o.Log.Error("nothing is watched", "environment", o.Environment, "error", w.broken)
		}
	}
	return w
}

// Watches gives what is watched; an error where the list can't be read.
func (w *Watcher) Watches() ([]Watch, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.watches), w.broken
}

// Set watches something, or the same thing in another way. Whoever watches a run has seen that it is open.
func (w *Watcher) Set(watch Watch) error {
	if err := watch.check(); err != nil {
		return err
	}
	return w.change(func(watches []Watch) ([]Watch, error) {
		at := slices.IndexFunc(watches, func(other Watch) bool { return same(watch, other) })
		switch {
		case at >= 0:
			watches[at] = watch
			return watches, nil
		case len(watches) >= MaxWatches:
			return nil, scheduler.Errorf(scheduler.Invalid, "watch.too_many", "%d things are watched already. Stop watching one of them first.", MaxWatches)
		case watch.Kind == Run:
			w.asked = append(w.asked, scheduler.RunID(watch.number()))
		}
		return append(watches, watch), nil
	})
}

// Remove stops watching something.
func (w *Watcher) Remove(kind Kind, id string) error {
	return w.change(func(watches []Watch) ([]Watch, error) {
		return slices.DeleteFunc(watches, func(other Watch) bool { return same(Watch{Kind: kind, ID: id}, other) }), nil
	})
}

// change changes the list, keeps it, and has it looked at soon: what is so at the first look at something is never told.
func (w *Watcher) change(with func([]Watch) ([]Watch, error)) error {
	if err := w.rewrite(with); err != nil {
		return err
	}
	w.options.Changed()
	select {
	case w.wake <- struct{}{}:
	default: // it is about to look
	}
	return nil
}

func (w *Watcher) rewrite(with func([]Watch) ([]Watch, error)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return w.broken
	}
	next, err := with(slices.Clone(w.watches))
	if err != nil {
		return err
	}
	if w.options.Shelf != nil {
		if err := save(w.options.Shelf, w.options.Environment, next); err != nil {
			return err
		}
	}
	w.watches = next
	return nil
}

// take gives what is watched, and the runs that are watched since it was taken last.
func (w *Watcher) take() (watches []Watch, asked []scheduler.RunID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	watches, asked, w.asked = slices.Clone(w.watches), w.asked, nil
	return watches, asked
}

// Run looks until ctx ends. Where nothing is watched it asks the servers nothing. After a look that failed all is looked at, so
// that what happened meanwhile is told together.
func (w *Watcher) Run(ctx context.Context) {
	l := newLooker(w.options)
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for n := 0; ; n++ {
		watches, asked := w.take()
		if over := l.look(ctx, watches, asked, n%runsEvery == 0 || l.failed > 0); len(over) > 0 {
			w.forget(ctx, over)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-w.wake:
			n = -1 // what is new may be a run
		}
	}
}

// forget stops watching runs that are over.
func (w *Watcher) forget(ctx context.Context, over []scheduler.RunID) {
	err := w.rewrite(func(watches []Watch) ([]Watch, error) {
		return slices.DeleteFunc(watches, func(one Watch) bool {
			return one.Kind == Run && slices.Contains(over, scheduler.RunID(one.number()))
		}), nil
	})
	if err != nil {
		w.options.Log.ErrorContext(ctx, "a run that is over stays on the list of what is watched", "error", err)
		return
	}
	w.options.Changed()
}
