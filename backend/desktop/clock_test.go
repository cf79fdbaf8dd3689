package desktop

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// recorder keeps what the clock told the page.
type recorder struct {
	mu     sync.Mutex
	events []Changed
}

func (r *recorder) emit(_ string, data any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, data.(Changed))
}

// count tells how often a topic was due, and forgets what was recorded.
func (r *recorder) count() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := map[string]int{}
	for _, e := range r.events {
		for _, topic := range e.Topics {
			counts[topic]++
		}
	}
	r.events = nil
	return counts
}

func TestClockTellsWhatTheLastMinuteCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		var sent atomic.Int64
		c := newClock(0, r.emit)
		defer c.stop()
		queries := func() int64 {
			r.mu.Lock()
			defer r.mu.Unlock()
			return r.events[len(r.events)-1].Queries
		}
		c.start(sent.Load, nil)
		sent.Add(7) // a page is opened
		time.Sleep(3 * time.Second)
		if got := queries(); got != 7 {
			t.Errorf("after the first statements: %d", got)
		}
		for range 60 {
			sent.Add(1)
			time.Sleep(2 * time.Second)
		}
		if got := queries(); got != 30 {
			t.Errorf("a statement every two seconds: %d a minute", got)
		}
		c.start(nil, nil)
		time.Sleep(3 * time.Second)
		if got := queries(); got != -1 {
			t.Errorf("where nothing is counted: %d", got)
		}
	})
}

func TestClockTellsEachTopicAtItsPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		c := newClock(0, r.emit)
		defer c.stop()
		c.start(nil, nil)
		time.Sleep(time.Minute - time.Second)
		synctest.Wait()
		want := map[string]int{
			"fleet": 30, "settings": 6, "runs": 8, "session": 2, "audit": 8, "events": 8, "beliefs": 6, "jobs": 2, "activity": 2, "day": 1,
		}
		got := r.count()
		for topic, n := range want {
			if got[topic] != n {
				t.Errorf("%s was due %d times in a minute, not %d", topic, got[topic], n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("topics %v, want %v", got, want)
		}
	})
}

func TestClockIsSilentWhileNobodyLooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		c := newClock(time.Second, r.emit)
		defer c.stop()
		for name, quiet := range map[string]func(){
			"before an environment is open": func() {},
			"while the window is hidden":    func() { c.start(nil, nil); c.setVisible(false) },
			"after it was closed":           func() { c.setVisible(true); c.pause() },
		} {
			quiet()
			synctest.Wait()
			r.count()
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := r.count(); len(got) != 0 {
				t.Errorf("%s the page was told %v", name, got)
			}
			c.pause()
			c.setVisible(true)
		}
	})
}

func TestWindowThatComesBackIsToldEverything(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var r recorder
		c := newClock(time.Hour, r.emit)
		defer c.stop()
		c.start(nil, nil)
		c.setVisible(false)
		synctest.Wait()
		r.count()
		c.setVisible(true)
		synctest.Wait()
		if got := r.count(); len(got) != len(due) {
			t.Errorf("told %v, want every topic at once", got)
		}
	})
}

func TestClockNumbersItsEvents(t *testing.T) {
	t.Parallel()
	var r recorder
	c := newClock(time.Hour, r.emit)
	for range 3 {
		c.changed("session")
	}
	c.stop()
	c.stop() // a second time is harmless
	c.start(nil, nil)
	var seqs []int64
	for _, e := range r.events {
		seqs = append(seqs, e.Seq)
	}
	if !slices.Equal(seqs, []int64{1, 2, 3}) {
		t.Errorf("numbers %v, want 1, 2, 3 and nothing after the end", seqs)
	}
}

func TestTheReplicaIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told []Changed
		c := newClock(time.Second, func(_ string, event any) { told = append(told, event.(Changed)) })
		facts := &ReplicaFacts{Address: "standby:5432/jobs", Used: true, Lag: 1200 * time.Millisecond}
		c.start(nil, func() *ReplicaFacts { return facts })
		synctest.Wait()
		if r := told[0].Replica; r == nil || *r != (ReplicaState{Address: "standby:5432/jobs", Used: true, LagMs: 1200}) {
			t.Errorf("%+v", r)
		}
		c.pause()
		facts = &ReplicaFacts{Address: "standby:5432/jobs", Problem: scheduler.Errorf(scheduler.Unavailable, "postgres.replica_behind", "It is behind.")}
		c.start(nil, func() *ReplicaFacts { return facts })
		synctest.Wait()
		if r := told[len(told)-1].Replica; r == nil || r.Used || r.Error == nil || r.Error.Reason != "postgres.replica_behind" {
			t.Errorf("%+v", r)
		}
		c.stop()
		c.start(nil, nil)
		c.changed("session")
		if r := told[len(told)-1].Replica; r != nil {
			t.Errorf("another environment's: %+v", r)
		}
	})
}
