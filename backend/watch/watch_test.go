package watch_test

import (
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/watch"
)

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
