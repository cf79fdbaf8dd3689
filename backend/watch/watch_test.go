package watch_test

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/watch"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// shelf keeps files in memory.
type shelf map[string][]byte

func (s shelf) ReadBeside(id, suffix string) ([]byte, error) {
	if text, found := s[id+suffix]; found {
		return text, nil
	}
	return nil, fs.ErrNotExist
}

func (s shelf) WriteBeside(id, suffix string, b []byte) error {
	s[id+suffix] = b
	return nil
}

// stage is a cluster that the test arranges, and a watcher that looks at it. Times are those of the test's own bubble.
type stage struct {
	*testing.T
	*watch.Watcher
	shelf shelf

	mu      sync.Mutex // held by whoever looks, and by whoever changes what there is to see while somebody may look
	runs    map[scheduler.RunID]scheduler.Run
	leader  string
	workers []string
	down    bool
	queries int
	widest  time.Duration   // that was looked back
	told    [][]watch.Event // by look
}

// on lets a test run in a bubble with a watcher that looks until the test is over.
func on(t *testing.T, test func(s *stage), watches ...watch.Watch) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, shelf: shelf{}, runs: map[scheduler.RunID]scheduler.Run{}, leader: "w-1", workers: []string{"w-1", "w-2"}}
		s.open()
		for _, w := range watches {
			s.set(w)
		}
		s.begin(func() { test(s) })
	})
}

func (s *stage) open() {
	s.Watcher = watch.New(watch.Options{
		Environment: "staging", Source: watch.Source{Fleet: s, Runs: s}, Shelf: s.shelf, Log: slog.New(slog.DiscardHandler),
		Tell:    func(events []watch.Event) { s.mu.Lock(); defer s.mu.Unlock(); s.told = append(s.told, events) },
		Changed: func() {},
	})
}

// begin watches while the test does something.
func (s *stage) begin(do func()) {
	ctx, end := context.WithCancel(s.Context())
	over := make(chan struct{})
	go func() { defer close(over); s.Watcher.Run(ctx) }()
	synctest.Wait()
	do()
	end()
	<-over
}

func (s *stage) set(w watch.Watch) {
	s.Helper()
	if err := s.Set(w); err != nil {
		s.Fatal(err)
	}
}

// Fleet makes the stage a FleetStore.
func (s *stage) Fleet(context.Context) (scheduler.Fleet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return scheduler.Fleet{}, errors.New("nobody answers")
	}
	fleet := scheduler.Fleet{Leadership: scheduler.Leadership{LeaderID: s.leader}}
	for _, id := range s.workers {
		fleet.Workers = append(fleet.Workers, scheduler.Worker{ID: id, HeartbeatTTL: time.Minute})
	}
	return fleet, nil
}

// WatchedRuns answers as the database does.
func (s *stage) WatchedRuns(_ context.Context, q console.WatchedQuery) (console.WatchedRuns, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries++
	if s.down {
		return console.WatchedRuns{}, errors.New("nobody answers")
	}
	s.widest = max(s.widest, q.Back)
	found := console.WatchedRuns{AsOf: time.Now()}
	for _, r := range s.runs {
		ofJob := slices.Contains(q.Jobs, r.JobID) && (!r.State.Final() || !r.CreatedAt.Before(time.Now().Add(-q.Back)))
		if ofJob || slices.Contains(q.Runs, r.ID) {
			found.Runs = append(found.Runs, r)
		}
	}
	slices.SortFunc(found.Runs, func(a, b scheduler.Run) int { return cmp.Compare(b.ID, a.ID) })
	if found.More = len(found.Runs) > q.Limit; found.More {
		found.Runs = found.Runs[:q.Limit]
	}
	return found, nil
}

// put makes or changes a run of job 1.
func (s *stage) put(id scheduler.RunID, state scheduler.RunState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.runs[id]
	if r.ID == 0 {
		due := time.Now()
		r = scheduler.Run{ID: id, JobID: 1, JobName: "nightly", CreatedAt: due, ScheduledFor: &due}
	}
	if r.State = state; r.StartedAt == nil && state == scheduler.Running {
		started := time.Now()
		r.StartedAt = &started
	}
	s.runs[id] = r
}

// pass lets time pass, after which nobody looks until it passes again. Whoever looks then sees what was changed before.
func (s *stage) pass(span time.Duration) {
	s.mu.Lock()
	s.mu.Unlock() //nolint:staticcheck // what happened before it is seen by whoever takes the lock next
	time.Sleep(span)
	synctest.Wait()
}

// hears lets time pass and wants to have been told this, a look an item.
func (s *stage) hears(after time.Duration, want ...string) {
	s.Helper()
	s.pass(after)
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, look := range s.told {
		text := ""
		for _, e := range look {
			text += string(e.What) + " "
			for _, about := range []string{number(int64(e.RunID)), e.Worker, number(int64(e.Minutes))} {
				if about != "" {
					text += about + " "
				}
			}
		}
		got = append(got, text[:len(text)-1])
	}
	s.told = nil
	if !slices.Equal(got, want) {
		s.Errorf("heard %q, want %q", got, want)
	}
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

const turn = 2 * watch.Every // in which everything is looked at once

func TestFailuresOfAJobAreToldOnce(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(1, scheduler.Failed) // nobody watched yet
		s.set(watch.Watch{Kind: watch.Job, ID: "1", Name: "nightly", Fails: true})
		s.hears(turn)
		s.put(2, scheduler.Running)
		s.put(3, scheduler.Running)
		s.hears(turn)
		s.put(2, scheduler.Failed)
		s.put(3, scheduler.Succeeded)
		s.put(4, scheduler.TimedOut) // made and over between two looks
		s.hears(turn, "run_failed 2 run_failed 4")
		s.hears(time.Hour)
		if s.widest > 3*time.Minute {
			t.Errorf("it looked back %s", s.widest)
		}
	})
}

func TestEveryEndOfAJobIsTold(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(1, scheduler.Running)
		s.hears(turn)
		s.put(1, scheduler.Canceled)
		s.put(2, scheduler.Failed)
		s.hears(turn, "run_ended 1 run_failed 2")
	}, watch.Watch{Kind: watch.Job, ID: "1", Ends: true})
}

func TestLateStartsAreToldOnce(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(1, scheduler.Pending)
		s.put(2, scheduler.Pending)
		s.put(3, scheduler.Pending)
		s.hears(3 * time.Minute)
		s.put(2, scheduler.Running)
		s.put(3, scheduler.Skipped)
		s.hears(3*time.Minute, "run_late 1 5")
		s.put(1, scheduler.Running)
		s.hears(time.Hour)
	}, watch.Watch{Kind: watch.Job, ID: "1", LateMinutes: 5})
}

func TestARunIsWatchedUntilItsEnd(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(7, scheduler.Running)
		s.set(watch.Watch{Kind: watch.Run, ID: "7"})
		s.put(7, scheduler.Succeeded) // before the first look, but whoever asked saw it open
		s.hears(turn, "run_ended 7")
		if left, err := s.Watches(); err != nil || len(left) != 0 {
			t.Errorf("it is watched still: %v, %v", left, err)
		}
		s.set(watch.Watch{Kind: watch.Run, ID: "8"}) // deleted meanwhile
		s.hears(turn)
		if left, err := s.Watches(); err != nil || len(left) != 0 {
			t.Errorf("a run that is gone is watched still: %v, %v", left, err)
		}
	})
}

func TestTheLeaderIsToldOfOnlyWhenItHasChanged(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.hears(turn)
		s.leader = ""
		s.hears(watch.Every) // between two leaders the lock is free
		s.leader = "w-2"
		s.hears(turn, "leader_changed w-2")
		s.leader = ""
		s.hears(10*turn, "leader_lost w-2")
		s.leader = "w-2"
		s.hears(turn, "leader_changed w-2")
	}, watch.Watch{Kind: watch.Leader})
}

func TestAWorkerIsToldOfWhenItsHeartStops(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.hears(turn)
		s.workers = []string{"w-1"}
		s.hears(10*turn, "worker_silent w-2")
		s.workers = []string{"w-1", "w-2", "w-3"}
		s.hears(turn)
		s.workers = nil
		s.hears(turn, "worker_silent w-2")
	}, watch.Watch{Kind: watch.Worker, ID: "w-2"}, watch.Watch{Kind: watch.Worker, ID: "w-3-never-seen"})
}

func TestAfterAnOutageIsToldOnceWhatHappened(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(1, scheduler.Running)
		s.hears(turn)
		s.down = true
		s.hears(30*time.Minute, "blind 2") // once, not every two minutes
		s.put(1, scheduler.Failed)
		for id := range scheduler.RunID(3) {
			s.put(10+id, scheduler.Failed)
		}
		s.pass(20 * time.Minute)
		s.leader = "w-2"
		s.down = false
		s.hears(turn, "leader_changed w-2 run_failed 1 run_failed 10 run_failed 11 run_failed 12")
		s.hears(time.Hour)
	}, watch.Watch{Kind: watch.Job, ID: "1", Fails: true}, watch.Watch{Kind: watch.Leader})
}

func TestMoreRunsThanOneLookTakesAreSaidToBeMore(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.hears(turn)
		for id := range scheduler.RunID(700) {
			s.put(id+1, scheduler.Failed)
		}
		s.pass(turn)
		seen := map[scheduler.RunID]int{}
		for _, look := range s.told {
			for _, e := range look {
				seen[e.RunID]++
			}
		}
		if len(seen) != 501 || seen[0] != 1 {
			t.Errorf("%d runs were told of, and %d times that there are more", len(seen)-1, seen[0])
		}
		s.told = nil
		s.hears(time.Hour)
	}, watch.Watch{Kind: watch.Job, ID: "1", Fails: true})
}

func TestTheListIsKeptAndThePastIsNot(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.put(1, scheduler.Running)
		s.put(2, scheduler.Running)
		s.set(watch.Watch{Kind: watch.Job, ID: "1", Name: "夜間", Fails: true, LateMinutes: 5})
		s.set(watch.Watch{Kind: watch.Run, ID: "2"})
		s.set(watch.Watch{Kind: watch.Leader})
		s.set(watch.Watch{Kind: watch.Leader})
		s.hears(turn)
	})
	synctest.Test(t, func(t *testing.T) {
		s := &stage{T: t, shelf: shelf{}, runs: map[scheduler.RunID]scheduler.Run{}}
		s.open()
		s.set(watch.Watch{Kind: watch.Job, ID: "1", Name: "夜間", Fails: true})
		s.set(watch.Watch{Kind: watch.Leader})
		s.open()
		s.leader = "w-9"
		s.put(1, scheduler.Failed)
		s.begin(func() { s.hears(time.Hour) })
		if kept, err := s.Watches(); err != nil || len(kept) != 2 || kept[0].Name != "夜間" {
			t.Errorf("%+v, %v", kept, err)
		}
		if err := s.Remove(watch.Job, "1"); err != nil {
			t.Error(err)
		}
		s.open()
		if kept, err := s.Watches(); err != nil || len(kept) != 1 {
			t.Errorf("%+v, %v", kept, err)
		}
	})
}

func TestWhatNobodyWatchesCostsNothing(t *testing.T) {
	t.Parallel()
	on(t, func(s *stage) {
		s.down = true
		s.hears(time.Hour)
		s.set(watch.Watch{Kind: watch.Leader})
		s.hears(watch.Every)
		if s.queries != 0 {
			t.Errorf("the database was asked %d times", s.queries)
		}
	})
	on(t, func(s *stage) {
		s.queries = 0
		s.hears(time.Hour)
		if s.queries > 180 {
			t.Errorf("the database was asked %d times in an hour", s.queries)
		}
	}, watch.Watch{Kind: watch.Job, ID: "1", Fails: true})
}

func TestWhatCantBeWatchedIsRefused(t *testing.T) {
	t.Parallel()
	s := &stage{T: t, shelf: shelf{}}
	s.open()
	for reason, watches := range map[string][]watch.Watch{
		"watch.nothing": {{Kind: watch.Job, ID: "1"}},
		"watch.bad": {
			{}, {Kind: "node", ID: "1"}, {Kind: watch.Job, ID: "-1", Fails: true}, {Kind: watch.Job, ID: "01", Fails: true}, {Kind: watch.Run, ID: "x"},
			{Kind: watch.Run, ID: "1", Fails: true}, {Kind: watch.Leader, ID: "w"}, {Kind: watch.Worker}, {Kind: watch.Worker, ID: "a\nb"},
			{Kind: watch.Job, ID: "1", LateMinutes: -1}, {Kind: watch.Job, ID: "1", LateMinutes: 1 << 30},
			{Kind: watch.Job, ID: "1", Fails: true, Name: string(make([]byte, 1000))},
		},
	} {
		for _, w := range watches {
			if e, ok := errors.AsType[*scheduler.Error](s.Set(w)); !ok || e.Reason != reason {
				t.Errorf("%+v: %v", w, e)
			}
		}
	}
	for i := range watch.MaxWatches {
		s.set(watch.Watch{Kind: watch.Worker, ID: strconv.Itoa(i)})
	}
	if e, ok := errors.AsType[*scheduler.Error](s.Set(watch.Watch{Kind: watch.Leader})); !ok || e.Reason != "watch.too_many" {
		t.Errorf("one more: %v", e)
	}
}

func TestADamagedListIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `{`, `{"version":2,"watches":[]}`, `{"version":1,"watches":[{"kind":"leader"},{"kind":"leader"}]}`,
		`{"version":1,"watches":[{"kind":"job","id":"1"}]}`, `{"version":1,"more":1}`,
	} {
		s := &stage{T: t, shelf: shelf{"staging.watch.json": []byte(text)}}
		s.open()
		_, err := s.Watches()
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "watch.unreadable" || e.Args["file"] != "staging.watch.json" {
			t.Errorf("%s: %v", text, err)
		}
		if s.Set(watch.Watch{Kind: watch.Leader}) == nil || string(s.shelf["staging.watch.json"]) != text {
			t.Errorf("%s was overwritten", text)
		}
	}
}
