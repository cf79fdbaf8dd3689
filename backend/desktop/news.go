package desktop

import (
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/watch"
)

// NewsItem is something that has happened to what is watched, in the environment that it names: the page shows it beside
// others' screens too.
type NewsItem struct {
	Seq         int64  `json:"seq"`
	At          string `json:"at"`
	What        string `json:"what"`
	RunID       string `json:"runId"` // "" = it is about no run
	JobName     string `json:"jobName"`
	State       string `json:"state"`
	Worker      string `json:"worker"`
	Was         string `json:"was"`
	Minutes     int    `json:"minutes"`
	Environment string `json:"environment"` // the id of its profile
	Name        string `json:"name"`        // of the environment
	Kind        string `json:"kind"`
	Color       string `json:"color"`
}

// NewsState is what has happened since the environment was opened, newest first.
type NewsState struct {
	Items []NewsItem `json:"items"`
	Seen  int64      `json:"seen"` // up to which number the operator has seen them
	Told  int64      `json:"told"` // up to which number they have been told of outside of the window
}

// watchingEnded says that the environment was closed while something in it was watched.
const watchingEnded watch.What = "watching_ended"

// maxNews is how much is kept; what is older goes.
const maxNews = 200

// news keeps what has happened in the live environment. It goes when another is opened.
type news struct {
	mu         sync.Mutex
	seq        int64
	items      []NewsItem
	seen, told int64
}

// add takes what one look has found, the oldest first.
func (n *news) add(of *Environment, events []watch.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range events {
		n.seq++
		item := NewsItem{
			Seq: n.seq, At: wireTime(e.At), What: string(e.What), JobName: e.JobName, State: string(e.State), Worker: e.Worker, Was: e.Was,
			Minutes: e.Minutes, Environment: of.ID, Name: of.Name, Kind: of.Kind, Color: of.Color,
		}
		if e.RunID != 0 {
			item.RunID = wireID(e.RunID)
		}
		n.items = append(n.items, item)
	}
	n.items = slices.Clone(n.items[max(0, len(n.items)-maxNews):])
}

func (n *news) clear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.items = nil
}

func (n *news) state() NewsState {
	n.mu.Lock()
	defer n.mu.Unlock()
	items := slices.Clone(n.items)
	slices.Reverse(items)
	if items == nil {
		items = []NewsItem{}
	}
	return NewsState{Items: items, Seen: n.seen, Told: n.told}
}

// see takes note of what the operator has seen.
func (n *news) see(seq int64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = max(n.seen, min(seq, n.seq))
}

// tell gives the item that is told of outside of the window, if it is there and neither it nor a newer one has been: two
// pages may ask, or one that was loaded anew.
func (n *news) tell(seq int64) (NewsItem, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := slices.IndexFunc(n.items, func(i NewsItem) bool { return i.Seq == seq })
	if at < 0 || seq <= n.told {
		return NewsItem{}, false
	}
	n.told = seq
	return n.items[at], true
}

// look begins to look out for what is watched in an environment.
func (s *Session) look(o *opened) {
	if o.Watch == nil {
		return
	}
	o.watcher = watch.New(watch.Options{
		Environment: o.ID, Source: *o.Watch, Shelf: s.config.Shelf, Log: s.config.Log,
		Tell:    func(events []watch.Event) { s.report(o.Environment, events) },
		Changed: func() { s.clock.changed("watches") },
	})
	o.uses.Go(func() { o.watcher.Run(o.life) })
}

func (s *Session) report(of *Environment, events []watch.Event) {
	s.news.add(of, events)
	s.clock.changed("news")
}

// sayWatchingEnded tells that nobody looks out any more, if somebody relied on it.
func (s *Session) sayWatchingEnded(o *opened) {
	if o.watcher == nil {
		return
	}
	if watches, _ := o.watcher.Watches(); len(watches) > 0 {
		s.report(o.Environment, []watch.Event{{What: watchingEnded, At: time.Now(), Minutes: int(o.Idle.Minutes())}})
	}
}
