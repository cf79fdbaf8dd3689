// Package watch looks out for what an operator chose to be told of: a job's runs, one run, the leader, a worker. It compares
// each look at the cluster with what it saw before, and tells of every change once. How it is shown is not its part.
package watch

import (
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Kind is what can be watched.
type Kind string

// The kinds of watches. A Run is watched until it has ended.
const (
	Job    Kind = "job"
	Run    Kind = "run"
	Leader Kind = "leader"
	Worker Kind = "worker"
)

// Watch is one thing that an operator wants to be told of.
type Watch struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id,omitempty"`   // of the job, the run or the worker
	Name string `json:"name,omitempty"` // of the job, or of the run's job, as it was called when it was chosen

	// Of a job: tell when a run fails or times out; when one ends, however it does; when one isn't started so many minutes
	// after its time, 0 = never.
	Fails       bool `json:"fails,omitempty"`
	Ends        bool `json:"ends,omitempty"`
	LateMinutes int  `json:"late_minutes,omitempty"`
}

const (
	// MaxWatches is how much can be watched in one environment.
	MaxWatches = 100
	// maxLate is a week.
	maxLate = 7 * 24 * 60
	maxID   = 200
	maxName = 300
)

// check tells what is wrong with a watch.
func (w Watch) check() error {
	bad := func() error {
		return scheduler.Errorf(scheduler.Invalid, "watch.bad", "This can't be watched.")
	}
	if len(w.ID) > maxID || len(w.Name) > maxName || !utf8.ValidString(w.Name) || w.LateMinutes < 0 || w.LateMinutes > maxLate {
		return bad()
	}
	told := w.Fails || w.Ends || w.LateMinutes > 0
	switch w.Kind {
	case Job:
		if !told {
			return scheduler.Errorf(scheduler.Invalid, "watch.nothing", "Choose at least one thing that you want to be told of.")
		}
		if w.number() == 0 {
			return bad()
		}
	case Run:
		if told || w.number() == 0 {
			return bad()
		}
	case Leader:
		if told || w.ID != "" {
			return bad()
		}
	case Worker:
		if told || w.ID == "" || !utf8.ValidString(w.ID) || containsControl(w.ID) {
			return bad()
		}
	default:
		return bad()
	}
	return nil
}

// number is the id of a job or a run; 0 = it is none.
func (w Watch) number() int64 {
	n, err := strconv.ParseInt(w.ID, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != w.ID {
		return 0
	}
	return n
}

func containsControl(text string) bool {
	for _, r := range text {
		if unicode.IsControl(r) {
			return true
		}
	}
	return false
}

// What says what has happened.
type What string

// What is told of.
const (
	RunEnded      What = "run_ended"
	RunFailed     What = "run_failed" // it failed or timed out
	RunLate       What = "run_late"
	LeaderChanged What = "leader_changed"
	LeaderLost    What = "leader_lost"
	WorkerSilent  What = "worker_silent"
	MoreRuns      What = "more_runs" // than can be told of one by one
	Blind         What = "blind"     // nothing could be looked at for a while
)

// Event is something that has happened.
type Event struct {
	What    What
	At      time.Time          // when it was seen
	RunID   scheduler.RunID    // 0 = it is about no run
	JobName string             // of the run
	State   scheduler.RunState // of the run
	Worker  string             // that is silent, that leads now, or that led before the lock was free
	Was     string             // who led before Worker did; "" = nobody
	Minutes int                // that a start is late at least, or that nothing could be looked at
}
