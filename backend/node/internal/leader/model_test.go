package leader

import (
	"cmp"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// model is the scheduler's tables as the statements of package store change them, without a database. That it does what
// PostgreSQL does is tested by doing the same to both (TestModelDoesWhatPostgresDoes).
type model struct {
	jobs     map[scheduler.JobID]*modelJob
	runs     map[scheduler.RunID]*modelRun
	open     map[scheduler.RunID]*modelRun // those not in a final state
	slots    map[slotKey]bool              // the unique constraint
	nextRun  scheduler.RunID
	attempts map[attemptKey]*modelAttempt
	watched  map[scheduler.RunID]bool
	events   []*modelEvent
	keys     map[[2]string]int64
	planned  *time.Time
	epoch    int64
	leader   string

	bug     string                  // which statement is wrong on purpose
	changed func(from, to modelRun) // sees every change
}

type modelJob struct {
	store.Job
	enabled          bool
	policy           scheduler.ConcurrencyPolicy
	retries, backoff int
}

type modelRun struct {
	id                scheduler.RunID
	job               scheduler.JobID
	scheduledFor      time.Time
	state             scheduler.RunState
	worker            string
	assignedAt        time.Time
	started, finished time.Time
	attempt, version  int
	epoch             int64
	confirming        bool
	deadline, created time.Time
	key, summary      string
}

type slotKey struct {
	job scheduler.JobID
	at  int64
}

type attemptKey struct {
	run     scheduler.RunID
	attempt int
}

type modelAttempt struct {
	worker  string
	grace   time.Duration
	outcome string
}

type modelEvent struct {
	store.Event
	processed bool
}

func newModel() *model {
	return &model{
		jobs: map[scheduler.JobID]*modelJob{}, runs: map[scheduler.RunID]*modelRun{},
		open: map[scheduler.RunID]*modelRun{}, slots: map[slotKey]bool{}, attempts: map[attemptKey]*modelAttempt{},
		watched: map[scheduler.RunID]bool{}, keys: map[[2]string]int64{}, changed: func(_, _ modelRun) {},
	}
}

// insert puts a run in line.
func (m *model) insert(job scheduler.JobID, at, now time.Time, key string) *modelRun {
	m.nextRun++
	r := &modelRun{id: m.nextRun, job: job, scheduledFor: at, state: scheduler.Pending, key: key, created: now}
	m.runs[r.id], m.open[r.id], m.slots[slotKey{job, at.UnixMicro()}] = r, r, true
	m.changed(modelRun{}, *r)
	return r
}

// in lists the runs that are in one of the open states, in the order of scheduled_for and id.
func (m *model) in(states ...scheduler.RunState) []*modelRun {
	var found []*modelRun
	for _, r := range m.open {
		if slices.Contains(states, r.state) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *modelRun) int {
		return cmp.Or(a.scheduledFor.Compare(b.scheduledFor), cmp.Compare(a.id, b.id))
	})
	return found
}

// change is an UPDATE of one run.
func (m *model) change(r *modelRun, set func(*modelRun)) {
	before := *r
	set(r)
	r.version++
	if r.state.Final() {
		delete(m.open, r.id)
	}
	m.changed(before, *r)
}

func (r *modelRun) unassign(state scheduler.RunState, epoch int64) {
	r.state, r.worker, r.assignedAt, r.epoch = state, "", time.Time{}, epoch
}

func (r *modelRun) note(text string) {
	if r.summary != "" {
		r.summary += "\n"
	}
	r.summary += text
}

// enterTerm is store.EnterTerm.
func (m *model) enterTerm(epoch int64, worker string, fresh bool) (bool, int64) {
	if m.epoch == epoch && m.leader == worker && !fresh {
		return true, epoch
	}
	floor := m.epoch
	for _, r := range m.runs {
		floor = max(floor, r.epoch)
	}
	if !fresh || epoch <= floor {
		return false, max(floor, epoch)
	}
	m.epoch, m.leader = epoch, worker
	return true, max(floor, epoch)
}

// startRun is store.StartRun.
func (m *model) startRun(id scheduler.RunID, attempt int, worker string, grace time.Duration, requestEpoch int64, now time.Time) (assignedIn int64, ok bool) {
	r := m.runs[id]
	startable := r != nil && r.state == scheduler.Assigned && r.worker == worker && r.epoch <= requestEpoch && r.attempt <= attempt
	if m.bug == "start without a guard" {
		startable = r != nil && !r.state.Final()
	}
	if !startable {
		return 0, false
	}
	m.change(r, func(r *modelRun) { r.state, r.started, r.attempt = scheduler.Running, now, attempt })
	m.attempts[attemptKey{id, attempt}] = &modelAttempt{worker: worker, grace: grace}
	return r.epoch, true
}

// held is store.Held.
func (m *model) held(id scheduler.RunID, attempt int, worker string, assignedIn int64) (doubted bool, deadline time.Time, mine bool) {
	r := m.runs[id]
	if r == nil || r.state != scheduler.Running || r.worker != worker || r.attempt != attempt || r.epoch != assignedIn {
		return false, time.Time{}, false
	}
	return r.confirming, r.deadline, true
}

// finishRun is store.FinishRun.
func (m *model) finishRun(id scheduler.RunID, attempt int, worker string, assignedIn int64, state scheduler.RunState, now time.Time) {
	if a := m.attempts[attemptKey{id, attempt}]; a != nil && a.worker == worker && a.outcome == "" {
		a.outcome = string(state)
	}
	if _, _, mine := m.held(id, attempt, worker, assignedIn); !mine {
		return
	}
	m.change(m.runs[id], func(r *modelRun) { r.state, r.finished, r.confirming = state, now, false })
}

func (m *model) count(state scheduler.RunState) map[string]int {
	counts := map[string]int{}
	for _, r := range m.in(state) {
		counts[r.worker]++
	}
	return counts
}
