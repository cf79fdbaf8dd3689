package leader

import (
	"cmp"
	"container/heap"
	"context"
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
	"github.com/opsdeck/opsdeck/backend/workerpb"
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

// crash is kill -9: the shims find their pipe closed and kill their commands.
func (w *world) crash(n *simNode) {
	w.tell("%s crashes", n.id)
	n.alive, n.office = false, nil
	n.life++
	for _, p := range n.hand {
		w.end(p)
	}
	n.pausedTill, n.cutRedis, n.cutTables = time.Time{}, false, false
	w.after(time.Second+w.upTo(40*time.Second), func() { w.boot(n) })
}

// mischief does one bad thing after another.
func (w *world) mischief() {
	if w.healed() {
		for _, n := range w.nodes {
			n.cutRedis, n.cutTables = false, false
		}
		return
	}
	n := w.nodes[w.rng.IntN(len(w.nodes))]
	heal := w.upTo(60 * time.Second)
	if n.alive {
		switch w.rng.IntN(7) {
		case 0:
			w.crash(n)
		case 1:
			n.pausedTill = w.now.Add(heal)
			w.tell("%s is paused for %s", n.id, heal)
		case 2:
			n.cutRedis = true
			w.tell("%s loses Redis for %s", n.id, heal)
			w.after(heal, func() { n.cutRedis = false })
		case 3:
			n.cutTables = true
			w.tell("%s loses PostgreSQL for %s", n.id, heal)
			w.after(heal, func() { n.cutTables = false })
		case 4:
			n.cutRedis, n.cutTables = true, true
			w.tell("%s loses both for %s", n.id, heal)
			w.after(heal, func() { n.cutRedis, n.cutTables = false, false })
		case 5:
			w.jump()
		case 6:
			w.forget()
		}
	}
	w.after(w.upTo(25*time.Second), w.mischief)
}

// jump moves PostgreSQL's clock: far back, or forth by less than the margin of the leases, which is all that they can
// bear. A node's own clock enters nowhere: durations are measured by the monotonic one.
func (w *world) jump() {
	w.latest = w.furthest()
	if w.rng.IntN(2) == 0 {
		w.clock -= w.upTo(30 * time.Second)
	} else {
		w.clock += w.upTo(400 * time.Millisecond)
	}
	w.tell("PostgreSQL's clock jumps to %s", w.clock)
}

// furthest is the latest time that PostgreSQL's clock has ever shown.
func (w *world) furthest() time.Time {
	if now := w.tables(); now.After(w.latest) {
		return now
	}
	return w.latest
}

// tables is PostgreSQL's time.
func (w *world) tables() time.Time { return w.now.Add(w.clock) }

// forget is a failover of Redis to a replica that lags: locks, heartbeats and leases are lost, the counter goes back.
func (w *world) forget() {
	w.tell("Redis forgets")
	w.redis.leader, w.redis.sub, w.redis.epoch = "", "", max(0, w.redis.epoch-w.rng.Int64N(3))
	clear(w.redis.beats)
	clear(w.redis.leases)
	w.lostLock = w.now
}

// anEvent takes an event in, sometimes the same once more.
func (w *world) anEvent() {
	if w.now.Sub(w.began) > faults+time.Minute {
		return
	}
	id := int64(len(w.db.events) + 1)
	key := ""
	if w.rng.IntN(3) > 0 {
		key = fmt.Sprintf("A-%d", w.rng.IntN(12))
	}
	w.db.events = append(w.db.events, &modelEvent{Event: store.Event{ID: id, Type: "order", DedupeKey: key, CreatedAt: w.tables()}})
	w.after(w.upTo(25*time.Second), w.anEvent)
}

// members is what a leader reads in Redis.
func (w *world) members() []cluster.Member {
	var all []cluster.Member
	for _, id := range slices.Sorted(maps.Keys(w.redis.beats)) {
		if w.redis.beats[id].After(w.now) {
			m := w.redis.says[id]
			if m.ID == w.redis.leader {
				m.Role = scheduler.Leader
			}
			all = append(all, m)
		}
	}
	return all
}

// lead is the loop of a leader: what it reads in Redis, what it writes to PostgreSQL and what it sends are three moments.
func (w *world) lead(n *simNode, o *simOffice) {
	again := func() { w.on(n, beatEvery, func() { w.lead(n, o) }) }
	if n.office != o || !w.holds(o) {
		return
	}
	if n.cutRedis || n.cutTables {
		again()
		return
	}
	w.expire()
	looked, members := w.now, w.members()
	w.on(n, w.step(), func() {
		if !w.holds(o) || n.cutTables {
			again()
			return
		}
		// Sent while it holds the office; PostgreSQL gets to it some time later, whatever becomes of the node.
		refused := n.leader.flights.landed(n.leader.judgeStart)
		life := n.life
		w.after(w.step(), func() {
			n.leader.looked = looked
			done, ok := w.transact(n, o, members, refused)
			w.resume(n, life, func() {
				switch {
				case !ok:
					n.office = nil
				case n.office == o:
					if w.holds(o) && !n.cutRedis {
						w.dispatch(n, o, done)
					}
					again()
				}
			})
		})
	})
}

// holds tells whether an office goes on, by the clock that no jump touches.
func (w *world) holds(o *simOffice) bool {
	return w.now.Before(o.until) || w.bug == "lead without a lock"
}

func (w *world) transact(n *simNode, o *simOffice, members []cluster.Member, refused []store.RefusedRun) (plan, bool) {
	if w.db.epoch != o.epoch || w.db.leader != n.id {
		if w.bug != "write without a fence" {
			return plan{}, false
		}
	}
	if o.epoch < w.lastTerm {
		w.fail("%s writes in term %d after term %d has written", n.id, o.epoch, w.lastTerm)
	}
	w.lastTerm = max(w.lastTerm, o.epoch)
	done, err := n.leader.plan(context.Background(), &modelTx{w.db, o.epoch, w.tables()}, members, refused)
	if err != nil {
		w.fail("a plan failed: %v", err)
	}
	n.leader.remember(done.slots)
	return done, true
}

// dispatch sends what a plan leaves to send.
func (w *world) dispatch(n *simNode, o *simOffice, done plan) {
	for _, s := range done.stop {
		if target := w.workers[s.worker]; w.rng.IntN(10) > 0 {
			w.after(w.upTo(2*time.Second), func() { w.cancel(target, s) })
		}
	}
	for _, run := range done.startable {
		if w.redis.leases[run.ID].After(w.now) {
			continue
		}
		w.redis.leases[run.ID] = w.now.Add(leaseTTL)
		n.leader.flights.starts[run.ID] = run.WorkerID
		answered := false
		life := n.life
		answer := func(a *workerpb.StartJobResponse, err error) {
			w.resume(n, life, func() {
				if answered || n.leader == nil {
					return
				}
				answered = true
				n.leader.flights.outcomes = append(n.leader.flights.outcomes, outcome{run, a, err})
			})
		}
		w.after(startTimeout, func() { answer(nil, context.DeadlineExceeded) })
		for range 1 + w.rng.IntN(20)/19 { // now and then a message comes twice
			if w.rng.IntN(12) == 0 {
				continue // or never
			}
			w.after(w.delay(), func() {
				w.startJob(run, o.epoch, func(result workerpb.StartJobResponse_Result) {
					if w.rng.IntN(12) > 0 {
						w.after(w.delay(), func() { answer(&workerpb.StartJobResponse{Result: result}, nil) })
					}
				})
			})
		}
	}
}

// delay is how long a message takes: mostly a moment, now and then longer than anybody waits.
func (w *world) delay() time.Duration {
	if w.rng.IntN(15) == 0 {
		return w.upTo(30 * time.Second)
	}
	return w.upTo(50 * time.Millisecond)
}

func (w *world) ending() string { return strings.Join(w.story, "\n") }
