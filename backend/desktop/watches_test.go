package desktop

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/notify"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/watch"
)

// led is a cluster of which only the leader is known.
type led struct{ leader atomic.Value }

func (l *led) Fleet(context.Context) (scheduler.Fleet, error) {
	return scheduler.Fleet{Leadership: scheduler.Leadership{LeaderID: l.leader.Load().(string)}}, nil
}

func (l *led) WatchedRuns(context.Context, console.WatchedQuery) (console.WatchedRuns, error) {
	return console.WatchedRuns{}, nil
}

// wall keeps what was shown outside of the window.
type wall struct {
	shown []notify.Notice
	gone  bool
}

func (w *wall) Check() error {
	if w.gone {
		return notify.ErrNone
	}
	return nil
}

func (w *wall) Show(n notify.Notice) error {
	w.shown = append(w.shown, n)
	return w.Check()
}

// watching opens an environment whose leader is watched.
func watching(t *testing.T, test func(s *Session, w *Watches, cluster *led, outside *wall)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cluster, outside := &led{}, &wall{}
		cluster.leader.Store("w-1")
		var ends []string
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			env := place("tokyo", &ends)
			env.Watch, env.Idle = &watch.Source{Fleet: cluster, Runs: cluster}, 30*time.Minute
			return env, nil
		})
		s.config.Notifier = outside
		s.openProfile("tokyo", SecretInput{})
		synctest.Wait()
		w := NewWatches(s)
		if err := w.Set(WatchState{Kind: "leader"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		test(s, w, cluster, outside)
		s.Close()
	})
}

func TestNewsSayWhichEnvironmentTheyAreOf(t *testing.T) {
	t.Parallel()
	watching(t, func(_ *Session, w *Watches, cluster *led, outside *wall) {
		if list, err := w.List(); err != nil || !list.Possible || !list.Outside || len(list.Watches) != 1 || list.IdleMinutes != 30 {
			t.Errorf("%+v, %v", list, err)
		}
		cluster.leader.Store("w-2")
		time.Sleep(2 * watch.Every)
		synctest.Wait()
		state := w.News()
		if len(state.Items) != 1 || state.Seen != 0 || state.Told != 0 {
			t.Fatalf("%+v", state)
		}
		item := state.Items[0]
		if item.What != "leader_changed" || item.Was != "w-1" || item.Worker != "w-2" || item.Environment != "tokyo" || item.Kind != "production" || item.RunID != "" {
			t.Errorf("%+v", item)
		}
		for range 2 { // another page asks too
			w.Announce(AnnounceRequest{Seq: item.Seq, Title: "[Production] tokyo", Route: "/ops/"})
		}
		if len(outside.shown) != 1 || outside.shown[0].Target != "opsdeck://tokyo/ops/" {
			t.Errorf("%+v", outside.shown)
		}
		w.Seen(SeenRequest{Seq: 1 << 40})
		if state := w.News(); state.Seen != item.Seq || state.Told != item.Seq {
			t.Errorf("%+v", state)
		}
	})
}

func TestANotificationLeadsToAScreenAndNowhereElse(t *testing.T) {
	t.Parallel()
	watching(t, func(s *Session, w *Watches, _ *led, outside *wall) {
		routes := []string{"", "/", "/profiles/new/", "@evil/ops/", "/ops/jobs/new/", "/ops/workers/%E2%80%AEw/"}
		for i, route := range routes {
			s.report(s.live.Environment, []watch.Event{{What: watch.LeaderLost}})
			w.Announce(AnnounceRequest{Seq: int64(i) + 1, Route: route})
		}
		w.Announce(AnnounceRequest{Seq: 99, Route: "/ops/"}) // news that nobody has
		if len(outside.shown) != len(routes) {
			t.Fatalf("%+v", outside.shown)
		}
		for i, n := range outside.shown {
			if n.Target != "opsdeck://tokyo/ops/watching/" {
				t.Errorf("%q leads to %s", routes[i], n.Target)
			}
		}
	})
}

func TestWithoutASystemThatShowsThemNewsStayInTheWindow(t *testing.T) {
	t.Parallel()
	watching(t, func(s *Session, w *Watches, _ *led, outside *wall) {
		outside.gone = true
		s.report(s.live.Environment, []watch.Event{{What: watch.LeaderLost}})
		w.Announce(AnnounceRequest{Seq: 1, Route: "/ops/"})
		if state := w.News(); len(state.Items) != 1 {
			t.Errorf("%+v", state)
		}
		if list, err := w.List(); err != nil || list.Outside {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestNewsGoWithTheirEnvironment(t *testing.T) {
	t.Parallel()
	watching(t, func(s *Session, w *Watches, cluster *led, _ *wall) {
		for i := range maxNews + 5 {
			s.report(s.live.Environment, []watch.Event{{What: watch.WorkerSilent, Worker: strings.Repeat("w", i)}})
		}
		if state := w.News(); len(state.Items) != maxNews || state.Items[0].Worker != strings.Repeat("w", maxNews+4) {
			t.Errorf("%d are kept", len(state.Items))
		}
		s.CloseEnvironment()
		if state := w.News(); len(state.Items) != 0 {
			t.Errorf("%+v", state)
		}
		cluster.leader.Store("w-9")
		time.Sleep(time.Hour)
		if state := w.News(); len(state.Items) != 0 {
			t.Errorf("a closed environment has news: %+v", state)
		}
	})
}

func TestWhoeverWatchesIsToldWhenTheEnvironmentIsClosed(t *testing.T) {
	t.Parallel()
	watching(t, func(_ *Session, w *Watches, _ *led, _ *wall) {
		time.Sleep(31 * time.Minute)
		synctest.Wait()
		if state := w.News(); len(state.Items) != 1 || state.Items[0].What != "watching_ended" || state.Items[0].Minutes != 30 {
			t.Errorf("%+v", state)
		}
	})
}

func TestNothingIsWatchedInAnArchive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) { return place("archive", &ends), nil })
		if _, err := s.OpenArchive(OpenArchiveRequest{Path: "/tmp/x.opsdeck"}); err != nil {
			t.Fatal(err)
		}
		w := NewWatches(s)
		if list, err := w.List(); err != nil || list.Possible {
			t.Errorf("%+v, %v", list, err)
		}
		if e, ok := errors.AsType[*scheduler.Error](w.Set(WatchState{Kind: "leader"})); !ok || e.Reason != "watch.archive" {
			t.Errorf("%v", e)
		}
		s.Close()
	})
}
