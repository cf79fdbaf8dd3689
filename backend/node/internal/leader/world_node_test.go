package leader

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// beat is one round of a member: it shows that it lives, looks who leads, keeps or takes locks.
func (w *world) beat(n *simNode) {
	w.on(n, beatEvery, func() { w.beat(n) })
	if n.cutRedis {
		return
	}
	sent := w.now
	if n.lastBeat.IsZero() || sent.Sub(n.lastBeat) >= beatTTL {
		n.broken, n.firstBeat = !n.firstBeat.IsZero(), sent
	}
	n.lastBeat = sent
	says := cluster.Member{ID: n.id, Role: scheduler.Plain, Reports: true, Slots: slotsEach}
	for _, key := range n.keys() {
		p := n.hand[key]
		says.Runs = append(says.Runs, runID(key.run))
		if p.named.IsZero() {
			p.named = sent
		}
	}
	w.redis.beats[n.id], w.redis.says[n.id] = sent.Add(beatTTL), says
	w.expire()
	n.sees = w.redis.epoch
	seenLeader := w.redis.leader
	w.on(n, w.upTo(20*time.Millisecond), func() { w.elect(n, seenLeader) })
}

// expire frees locks whose time is over.
func (w *world) expire() {
	if !w.redis.leaderEnds.After(w.now) {
		w.redis.leader = ""
	}
	if !w.redis.subEnds.After(w.now) {
		w.redis.sub = ""
	}
}

func (w *world) elect(n *simNode, seen string) {
	if n.cutRedis {
		return
	}
	w.expire()
	switch {
	case n.office != nil:
		if w.redis.leader != n.id || seen != n.id {
			if w.bug != "lead without a lock" {
				n.office = nil
			}
			return
		}
		w.redis.leaderEnds = w.now.Add(lockTTL)
		if w.now.Before(n.office.until) { // an office that has ended stays so
			n.office.until = w.now.Add(lockTTL - margin)
		} else {
			n.office = nil
		}
	case seen == n.id:
		if w.redis.leader == n.id {
			w.redis.leaderEnds = w.now.Add(lockTTL)
			w.takeOffice(n, w.redis.epoch, false)
		}
	default:
		if w.redis.sub == n.id || w.redis.sub == "" {
			w.redis.sub, w.redis.subEnds, n.isSub = n.id, w.now.Add(lockTTL), true
		} else {
			n.isSub = false
		}
		if n.isSub && seen == "" && w.redis.leader == "" {
			w.redis.leader, w.redis.leaderEnds = n.id, w.now.Add(lockTTL)
			w.redis.epoch++
			w.takeOffice(n, w.redis.epoch, true)
		}
	}
}

func (w *world) takeOffice(n *simNode, epoch int64, fresh bool) {
	n.office = &simOffice{until: w.now.Add(lockTTL - margin), epoch: epoch, fresh: fresh}
	n.leader.flights = newFlights()
	if w.redis.sub == n.id {
		w.redis.sub, n.isSub = "", false
	}
	for _, other := range w.nodes {
		if other != n && other.alive && other.office != nil && w.holds(other.office) && w.now.Sub(w.lostLock) > lockTTL {
			w.fail("%s and %s both lead", n.id, other.id)
		}
	}
	w.enter(n, n.office)
}

// enter is the beginning of a term, as often as it takes.
func (w *world) enter(n *simNode, o *simOffice) {
	w.on(n, w.step(), func() {
		if n.office != o || !w.holds(o) {
			return
		}
		if n.cutTables || n.cutRedis {
			w.on(n, beatEvery, func() { w.enter(n, o) })
			return
		}
		entered, floor := w.db.enterTerm(o.epoch, n.id, o.fresh)
		if !entered {
			w.redis.epoch += max(1, floor-o.epoch+1)
			o.epoch, o.fresh = w.redis.epoch, true
			w.enter(n, o)
			return
		}
		w.tell("%s leads in term %d", n.id, o.epoch)
		o.in = true
		n.leader.term = store.Term{Epoch: o.epoch, WorkerID: n.id}
		n.leader.beginTerm()
		w.lead(n, o)
	})
}

// startJob is the call as it reaches a worker.
func (w *world) startJob(run store.StartableRun, epoch int64, answer func(workerpb.StartJobResponse_Result)) {
	n := w.workers[run.WorkerID]
	if n == nil || n.id != run.WorkerID {
		return
	}
	w.resume(n, n.life, func() {
		switch held := n.hand[attemptKey{run.ID, run.Attempt}]; {
		case epoch < n.sees:
			answer(workerpb.StartJobResponse_REJECTED_OLD_EPOCH)
			return
		case held != nil:
			answer(workerpb.StartJobResponse_ACCEPTED)
			return
		case len(n.hand) >= slotsEach:
			answer(workerpb.StartJobResponse_REJECTED_ALREADY_RUNNING)
			return
		}
		job := w.db.runs[run.ID].job
		p := &process{run: run.ID, job: job, attempt: run.Attempt, node: n}
		n.hand[p.key()] = p // reserved
		asked := w.now
		life := n.life
		cut := n.cutTables
		w.after(w.step(), func() {
			// The statement is on its way whatever becomes of the node.
			var ok bool
			if !cut {
				p.assignedIn, ok = w.db.startRun(run.ID, run.Attempt, n.id, w.settings.Values().Confirm, epoch, w.tables())
			}
			w.resume(n, life, func() {
				if !ok {
					delete(n.hand, p.key())
					answer(workerpb.StartJobResponse_REJECTED_INVALID)
					return
				}
				p.proof, p.begun = asked, asked
				w.begin(p)
				answer(workerpb.StartJobResponse_ACCEPTED)
			})
		})
	})
}

// begin is the moment at which a command starts to work.
func (w *world) begin(p *process) {
	if w.leaseEnd(p).Before(w.now) { // the shim starts nothing whose lease is over
		delete(p.node.hand, p.key())
		return
	}
	w.checkStart(p)
	w.running[p.run] = p
	if w.byJob[p.job] == nil {
		w.byJob[p.job] = map[*process]bool{}
	}
	w.byJob[p.job][p] = true
	took := w.upTo(10 * time.Second)
	if w.rng.IntN(4) == 0 {
		took = w.upTo(100 * time.Second)
	}
	p.state = scheduler.Succeeded
	if w.rng.IntN(4) == 0 {
		p.state = scheduler.Failed
	}
	p.ends = w.now.Add(took)
	w.after(took, func() { w.exit(p) })
	w.watch(p)
}

// watch is the shim: it kills the command when the lease is over, also of a node that is paused.
func (w *world) watch(p *process) {
	if p.gone {
		return
	}
	end := w.leaseEnd(p)
	if end.After(w.now) {
		w.after(end.Sub(w.now), func() { w.watch(p) })
		return
	}
	w.tell("the lease of run %d on %s is over", p.run, p.node.id)
	w.end(p)
	node := p.node
	w.on(node, 0, func() { delete(node.hand, p.key()) })
}

// leaseEnd is when another worker could have the run, less a margin: see package worker's lease.
func (w *world) leaseEnd(p *process) time.Time {
	grace := w.settings.Values().Confirm
	if p.doubted {
		return p.until.Add(-time.Second)
	}
	end := p.proof.Add(grace)
	missed := p.node.lastBeat.Add(beatTTL + grace)
	covered := !p.node.firstBeat.IsZero() && !p.proof.Before(p.node.firstBeat)
	if p.node.broken {
		covered = !p.proof.Before(p.node.firstBeat.Add(30 * time.Second))
	}
	named := !p.named.IsZero() && (p.named.Sub(p.begun) <= 4*time.Second || !p.proof.Before(p.named)) || w.bug == "count on beats that don't name a run"
	if covered && named && missed.After(end) {
		end = missed
	}
	return end.Add(-time.Second)
}

// end is the death of a command.
func (w *world) end(p *process) {
	p.gone = true
	if w.running[p.run] == p {
		delete(w.running, p.run)
	}
	delete(w.byJob[p.job], p)
}

// exit is a command's own end, and the worker's record of it.
func (w *world) exit(p *process) {
	if p.gone {
		return
	}
	w.end(p)
	w.record(p)
}

func (w *world) record(p *process) {
	n := p.node
	w.on(n, w.step(), func() {
		if n.cutTables {
			w.on(n, 2*time.Second, func() { w.record(p) })
			return
		}
		w.db.finishRun(p.run, p.attempt, n.id, p.assignedIn, p.state, w.tables())
		delete(n.hand, p.key())
	})
}

func (w *world) cancel(n *simNode, s stop) {
	if n == nil || n.id != s.worker {
		return
	}
	w.resume(n, n.life, func() {
		for _, key := range n.keys() {
			p := n.hand[key]
			if key.run == s.run && !p.gone && !p.ends.IsZero() {
				p.state = scheduler.Canceled
				w.after(w.upTo(time.Second), func() { w.exit(p) })
			}
		}
	})
}

// poll asks PostgreSQL whether what is in hand is still this worker's.
func (w *world) poll(n *simNode) {
	w.on(n, 2*time.Second, func() { w.poll(n) })
	if n.cutTables {
		return
	}
	for _, key := range n.keys() {
		p := n.hand[key]
		if p.gone || p.ends.IsZero() {
			continue
		}
		asked := w.now
		life := n.life
		w.after(w.step(), func() {
			doubted, deadline, mine := w.db.held(key.run, p.attempt, n.id, p.assignedIn)
			left := deadline.Sub(w.tables())
			w.resume(n, life, func() {
				switch {
				case p.gone:
				case !mine:
					w.end(p)
					p.state = scheduler.Failed
					w.record(p)
				case doubted:
					p.doubted, p.until = true, asked.Add(left)
				default:
					p.doubted, p.proof = false, asked
				}
				if !p.gone {
					w.watch(p)
				}
			})
		})
	}
}
