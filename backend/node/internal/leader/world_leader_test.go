package leader

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

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
