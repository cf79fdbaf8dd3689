package leader

import (
	"fmt"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

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
