package leader

import (
	"cmp"
	"container/heap"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The times of the contract.
const (
	beatEvery = time.Second
	beatTTL   = 15 * time.Second
	lockTTL   = 10 * time.Second
	slotsEach = 2
	margin    = time.Second // how long before its lock's end an office ends
	faults    = 4 * time.Minute
	healing   = 6 * time.Minute
)

// world is a cluster in virtual time. A seed decides everything: how long each message and each step takes, which are
// lost, which nodes crash, stop for a while, or are cut off from a server, and when PostgreSQL's clock jumps. Leaders make the true
// decisions of this package, against a model of the tables.
type world struct {
	rng    *rand.Rand
	now    time.Time
	began  time.Time
	clock  time.Duration // of PostgreSQL, beside the true time
	latest time.Time
	queue  eventQueue
	steps  int

	db       *model
	redis    modelRedis
	nodes    []*simNode
	workers  map[string]*simNode // by worker id, also of the dead
	nextID   int
	running  map[scheduler.RunID]*process
	byJob    map[scheduler.JobID]map[*process]bool
	settings *settings.Keeper
	metrics  *metrics.Metrics
	bug      string
	lastTerm int64
	lostLock time.Time // when Redis last forgot
	wrong    []string
	story    []string
}

type modelRedis struct {
	leader, sub         string
	leaderEnds, subEnds time.Time
	epoch               int64
	beats               map[string]time.Time
	says                map[string]cluster.Member
	leases              map[scheduler.RunID]time.Time
}

// simNode is one process of the cluster, which is started anew after a crash.
type simNode struct {
	id         string
	life       int // counts its starts: what was on its way to an earlier one meets nobody
	alive      bool
	pausedTill time.Time
	cutRedis   bool
	cutTables  bool
	isSub      bool
	sees       int64 // the epoch, as of the last beat
	lastBeat   time.Time
	firstBeat  time.Time
	broken     bool
	office     *simOffice
	leader     *Leader
	hand       map[attemptKey]*process
}

type simOffice struct {
	until time.Time // by the monotonic clock
	epoch int64
	fresh bool
	in    bool // the term has begun
}

// process is a command under its shim.
type process struct {
	run        scheduler.RunID
	job        scheduler.JobID
	attempt    int
	assignedIn int64
	node       *simNode
	proof      time.Time
	begun      time.Time
	named      time.Time // the first beat that told of it
	doubted    bool
	until      time.Time
	ends       time.Time
	state      scheduler.RunState
	gone       bool
}

// keys lists what a node has in hand in an order that a seed repeats.
func (n *simNode) keys() []attemptKey {
	return slices.SortedFunc(maps.Keys(n.hand), func(a, b attemptKey) int {
		return cmp.Or(cmp.Compare(a.run, b.run), cmp.Compare(a.attempt, b.attempt))
	})
}

func (p *process) key() attemptKey { return attemptKey{p.run, p.attempt} }

type simEvent struct {
	at time.Time
	n  int
	do func()
}

type eventQueue []simEvent

func (q eventQueue) Len() int { return len(q) }
func (q eventQueue) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].n < q[j].n
}
func (q eventQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *eventQueue) Push(x any)   { *q = append(*q, x.(simEvent)) }
func (q *eventQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

var sharedMetrics = metrics.New(metrics.Sources{})

func newWorld(seed uint64, bug string) *world {
	began := time.Date(2026, 3, 1, 11, 59, 50, 0, time.UTC)
	w := &world{
		rng: rand.New(rand.NewPCG(seed, 1)), now: began, began: began, db: newModel(), workers: map[string]*simNode{},
		redis: modelRedis{
			beats: map[string]time.Time{}, says: map[string]cluster.Member{}, leases: map[scheduler.RunID]time.Time{},
		},
		running: map[scheduler.RunID]*process{}, byJob: map[scheduler.JobID]map[*process]bool{},
		settings: settings.NewKeeper(settings.Standard(), slog.New(slog.DiscardHandler)), metrics: sharedMetrics, bug: bug,
	}
	w.db.bug, w.db.changed = bug, w.checkChange
	job := func(kind scheduler.JobType, schedule string, policy scheduler.ConcurrencyPolicy, retries int) {
		id := scheduler.JobID(len(w.db.jobs) + 1)
		w.db.jobs[id] = &modelJob{
			Job: store.Job{ID: id, Type: kind, Schedule: []byte(schedule)}, enabled: true, policy: policy, retries: retries, backoff: 5,
		}
	}
	job(scheduler.TimeJob, `{"kind":"every_n_minutes","n":1}`, scheduler.Allow, 0)
	job(scheduler.TimeJob, `{"kind":"every_n_minutes","n":1}`, scheduler.Forbid, 0)
	job(scheduler.TimeJob, `{"kind":"every_n_minutes","n":2}`, scheduler.Replace, 1)
	job(scheduler.TimeJob, `{"kind":"every_n_minutes","n":2}`, scheduler.Allow, 2)
	job(scheduler.EventJob, `{"event_type":"order"}`, scheduler.Allow, 1)
	job(scheduler.EventJob, `{"event_type":"order"}`, scheduler.Forbid, 0)
	for range 3 + w.rng.IntN(3) {
		n := &simNode{}
		w.nodes = append(w.nodes, n)
		w.after(w.upTo(3*time.Second), func() { w.boot(n) })
	}
	w.after(time.Second, w.mischief)
	w.after(time.Second, w.anEvent)
	return w
}

func (w *world) after(d time.Duration, do func()) {
	w.steps++
	heap.Push(&w.queue, simEvent{w.now.Add(d), w.steps, do})
}

func (w *world) upTo(d time.Duration) time.Duration { return time.Duration(w.rng.Int64N(int64(d) + 1)) }

// step is how long an access to a server takes: mostly a moment, now and then long.
func (w *world) step() time.Duration {
	if w.rng.IntN(50) == 0 {
		return w.upTo(5 * time.Second)
	}
	return w.upTo(20 * time.Millisecond)
}

func (w *world) healed() bool { return w.now.Sub(w.began) > faults }

// run lets time pass until everything has had time to heal, or something is wrong.
func (w *world) run() {
	end := w.began.Add(faults + healing)
	for len(w.queue) > 0 && len(w.wrong) == 0 {
		next := heap.Pop(&w.queue).(simEvent)
		if next.at.After(end) {
			break
		}
		w.now = next.at
		next.do()
	}
	if len(w.wrong) == 0 {
		w.checkEnd()
	}
}

func (w *world) fail(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf("%s: ", w.now.Format("15:04:05.000"))+fmt.Sprintf(format, args...))
}

func (w *world) tell(format string, args ...any) {
	if len(w.story) > 60 {
		w.story = w.story[30:]
	}
	w.story = append(w.story, fmt.Sprintf("%s: ", w.now.Format("15:04:05.000"))+fmt.Sprintf(format, args...))
}

// on runs do for a node that is still in the same life, once it is not paused.
func (w *world) on(n *simNode, d time.Duration, do func()) {
	life := n.life
	w.after(d, func() { w.resume(n, life, do) })
}

func (w *world) resume(n *simNode, life int, do func()) {
	switch {
	case !n.alive || n.life != life:
	case n.pausedTill.After(w.now):
		w.after(n.pausedTill.Sub(w.now), func() { w.resume(n, life, do) })
	default:
		do()
	}
}

// boot starts a node, under a new worker id or its old one.
func (w *world) boot(n *simNode) {
	if n.id == "" || w.rng.IntN(2) == 0 {
		w.nextID++
		n.id = fmt.Sprintf("w%d", w.nextID)
	}
	w.workers[n.id] = n
	n.alive, n.isSub, n.office, n.sees = true, false, nil, 0
	n.firstBeat, n.lastBeat, n.broken = time.Time{}, time.Time{}, false
	n.hand = map[attemptKey]*process{}
	n.leader = New(Config{
		ID: n.id, Settings: w.settings, Metrics: w.metrics, Board: metrics.NewBoard(slog.New(slog.DiscardHandler)),
		Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return w.now },
	})
	w.tell("%s starts", n.id)
	w.on(n, 0, func() { w.beat(n) })
	w.on(n, w.upTo(2*time.Second), func() { w.poll(n) })
}

// tables is PostgreSQL's time.
func (w *world) tables() time.Time { return w.now.Add(w.clock) }

func (w *world) ending() string { return strings.Join(w.story, "\n") }
