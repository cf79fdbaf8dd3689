package desktop

import (
	"sync"
	"time"
)

// DefaultTick is the pace of live screens.
const DefaultTick = 2 * time.Second

// changedEvent is the one event that the window gets. Wails may deliver events out of order, hence the number.
const changedEvent = "opsdeck:changed"

// Changed says which topics a page should read again, and what that costs.
type Changed struct {
	Seq     int64    `json:"seq"`
	Topics  []string `json:"topics"`
	Queries int64    `json:"queries"` // to PostgreSQL in the last minute; -1 = not known
	// Replica is how the read replica is that lists are asked of.
	Replica *ReplicaState `json:"replica,omitempty"`
}

// ReplicaState is how a read replica is.
type ReplicaState struct {
	Address string     `json:"address"`
	Used    bool       `json:"used"`  // otherwise the primary is asked
	LagMs   float64    `json:"lagMs"` // behind the primary
	Error   *WireError `json:"error,omitempty"`
}

func wireReplica(ask func() *ReplicaFacts) *ReplicaState {
	if ask == nil {
		return nil
	}
	r := ask()
	if r == nil {
		return nil
	}
	return &ReplicaState{Address: r.Address, Used: r.Used, LagMs: wireMillis(r.Lag), Error: wireOptional(r.Problem)}
}

// due lists what the screens read again, and every how many ticks. The pages read for themselves, so that only what
// is on screen costs anything, and a row that stayed the same is not drawn again.
var due = []struct {
	topic string
	every int64
}{
	{"fleet", 1},     // two round trips to Redis
	{"runs", 4},      // one cheap query: seven a minute
	{"audit", 4},     // as cheap
	{"events", 4},    // as cheap
	{"session", 15},  // who the operator is and what they may do
	{"beliefs", 5},   // a ping to each worker
	{"settings", 5},  // three small tables, the audit's entries about them, and two round trips to Redis
	{"jobs", 15},     // one query over each job's latest runs
	{"activity", 15}, // lists of what ran
	{"day", 30},      // the dashboard's 24 hours: eight queries
}

// clock tells the page what is due, while an environment is open and somebody can see the window.
type clock struct {
	tick time.Duration
	emit func(string, any)

	mu      sync.Mutex
	seq     int64
	open    bool
	visible bool
	load    *load
	replica func() *ReplicaFacts
	stopped bool
	quit    chan struct{} // closes to end the running loop; nil when none runs
	done    sync.WaitGroup
}

func newClock(tick time.Duration, emit func(string, any)) *clock {
	if tick <= 0 {
		tick = DefaultTick
	}
	return &clock{tick: tick, emit: emit, visible: true}
}

// start counts what sent counts, and tells how a replica is; nil = there is none.
func (c *clock) start(sent func() int64, replica func() *ReplicaFacts) {
	c.set(func() { c.open, c.load, c.replica = true, newLoad(sent, time.Now()), replica })
}

func (c *clock) pause()            { c.set(func() { c.open, c.replica = false, nil }) }
func (c *clock) setVisible(v bool) { c.set(func() { c.visible = v }) }

// seen tells whether somebody can see the window.
func (c *clock) seen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.visible
}

func (c *clock) stop() {
	c.set(func() { c.stopped = true })
	c.done.Wait()
}

// set changes a condition and starts or ends the loop to fit. A window that comes back is told at once that
// everything is due.
func (c *clock) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	run := c.open && c.visible && !c.stopped
	switch {
	case run && c.quit == nil:
		c.quit = make(chan struct{})
		c.done.Add(1)
		go c.loop(c.quit)
	case !run && c.quit != nil:
		close(c.quit)
		c.quit = nil
	}
}

func (c *clock) loop(quit <-chan struct{}) {
	defer c.done.Done()
	ticker := time.NewTicker(c.tick)
	defer ticker.Stop()
	for n := int64(0); ; n++ {
		var topics []string
		for _, d := range due {
			if n%d.every == 0 {
				topics = append(topics, d.topic)
			}
		}
		c.changed(topics...)
		select {
		case <-quit:
			return
		case <-ticker.C:
		}
	}
}

// changed tells the page to read the topics again now.
func (c *clock) changed(topics ...string) {
	c.mu.Lock()
	c.seq++
	event := Changed{Seq: c.seq, Topics: topics, Queries: c.load.minute(time.Now()), Replica: wireReplica(c.replica)}
	c.mu.Unlock()
	c.emit(changedEvent, event)
}
