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
