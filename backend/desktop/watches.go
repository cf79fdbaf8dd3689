package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/notify"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// Notifier shows notices outside of the window.
type Notifier interface {
	// Check tells whether somebody would show one.
	Check() error
	Show(notice notify.Notice) error
}

// newsRoute is the screen of what has happened.
const newsRoute = "/ops/watching/"

// Watches is what the operator wants to be told of, and what there was to tell.
type Watches struct{ session *Session }

// NewWatches binds what is watched.
func NewWatches(s *Session) *Watches { return &Watches{s} }

// WatchState is one thing that is watched.
type WatchState struct {
	Kind        string `json:"kind"` // job, run, leader or worker
	ID          string `json:"id"`
	Name        string `json:"name"` // of the job, or of the run's job
	Fails       bool   `json:"fails"`
	Ends        bool   `json:"ends"`
	LateMinutes int    `json:"lateMinutes"` // 0 = late starts aren't told of
}

// WatchList is everything that is watched in the environment that is shown.
type WatchList struct {
	Possible    bool         `json:"possible"` // it is live
	Watches     []WatchState `json:"watches"`
	Error       *WireError   `json:"error,omitempty"` // why the list can't be read
	Outside     bool         `json:"outside"`         // the system shows notifications
	EverySec    int          `json:"everySec"`        // how often it is looked
	IdleMinutes int          `json:"idleMinutes"`     // after which an unused window closes the environment; 0 = never
}

// UnwatchRequest names something that is watched.
type UnwatchRequest struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// SeenRequest says up to which number the operator has seen what happened.
type SeenRequest struct {
	Seq int64 `json:"seq"`
}

// AnnounceRequest is a notification in the operator's language, about the news of a number and those before it. Route is the
// screen that it leads to.
type AnnounceRequest struct {
	Seq    int64  `json:"seq"`
	Title  string `json:"title"`
	Body   string `json:"body"`
	Open   string `json:"open"`
	Urgent bool   `json:"urgent"`
	Route  string `json:"route"`
}

// List gives what is watched.
func (w *Watches) List() (WatchList, error) {
	return lend(w.session, "Watches.List", callTimeout, func(_ context.Context, o *opened) (WatchList, error) {
		list := WatchList{Possible: o.watcher != nil, Watches: []WatchState{}, EverySec: int(watch.Every.Seconds()), IdleMinutes: int(o.Idle.Minutes())}
		if o.watcher == nil {
			return list, nil
		}
		list.Outside = w.session.config.Notifier != nil && w.session.config.Notifier.Check() == nil
		watches, err := o.watcher.Watches()
		list.Error = wireOptional(err)
		for _, one := range watches {
			list.Watches = append(list.Watches, WatchState{
				Kind: string(one.Kind), ID: one.ID, Name: one.Name, Fails: one.Fails, Ends: one.Ends, LateMinutes: one.LateMinutes,
			})
		}
		return list, nil
	})
}

// Set watches something, or the same thing in another way.
func (w *Watches) Set(req WatchState) error {
	return w.change("Watches.Set", func(ctx context.Context, o *opened) error {
		one := watch.Watch{
			Kind: watch.Kind(req.Kind), ID: req.ID, Name: req.Name, Fails: req.Fails, Ends: req.Ends, LateMinutes: req.LateMinutes,
		}
		if one.Kind == watch.Run {
			id, err := parseID(one.ID)
			if err != nil {
				return err
			}
			run, err := o.Console.Run(ctx, scheduler.RunID(id))
			if err != nil {
				return err
			}
			if run.Run.State.Final() {
				return scheduler.Errorf(scheduler.Conflict, "watch.run_over", "Run %d is over already.", id).With("id", one.ID)
			}
		}
		return o.watcher.Set(one)
	})
}

// Remove stops watching something.
func (w *Watches) Remove(req UnwatchRequest) error {
	return w.change("Watches.Remove", func(_ context.Context, o *opened) error { return o.watcher.Remove(watch.Kind(req.Kind), req.ID) })
}

func (w *Watches) change(name string, do func(context.Context, *opened) error) error {
	_, err := lend(w.session, name, callTimeout, func(ctx context.Context, o *opened) (struct{}, error) {
		if o.watcher == nil {
			return struct{}{}, scheduler.Errorf(scheduler.Invalid, "watch.archive", "Nothing happens in an archive any more: there is nothing to watch.")
		}
		return struct{}{}, do(ctx, o)
	})
	return err
}

// News gives what has happened, whatever is shown.
func (w *Watches) News() NewsState { return w.session.news.state() }

// Seen takes note of what the operator has seen.
func (w *Watches) Seen(req SeenRequest) {
	w.session.news.see(req.Seq)
	w.session.clock.changed("news")
}

// Announce shows a notification outside of the window. A click on it leads to the screen, as a link does.
func (w *Watches) Announce(req AnnounceRequest) {
	item, ours := w.session.news.tell(req.Seq)
	if !ours || w.session.config.Notifier == nil {
		return
	}
	target, err := launch.ParseLink(launch.Scheme + "://" + item.Environment + req.Route)
	if err != nil { // such as that of a worker whose name no link can hold
		target = launch.Link{Profile: item.Environment, Route: newsRoute}
	}
	err = w.session.config.Notifier.Show(notify.Notice{Title: req.Title, Body: req.Body, Open: req.Open, Urgent: req.Urgent, Target: target.String()})
	if err != nil {
		w.session.config.Log.Warn("what happened is told in the window alone", "error", err)
	}
}
