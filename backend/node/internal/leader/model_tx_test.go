package leader

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// modelTx is a leader's transaction: all of it happens at once.
type modelTx struct {
	*model
	term int64
	now  time.Time
}

var _ transaction = (*modelTx)(nil)

func (t *modelTx) Now() time.Time { return t.now }

func (t *modelTx) SkipLate(_ context.Context, cutoff time.Time) (n int64, _ error) {
	states, started := []scheduler.RunState{scheduler.Pending, scheduler.Assigned}, false
	if t.bug == "skip what was lost" {
		states, started, cutoff = append(states, scheduler.Orphaned), true, cutoff.Add(3*time.Minute)
	}
	for _, r := range t.in(states...) {
		if r.scheduledFor.Before(cutoff) && n < 500 && (r.attempt == 0 || started) {
			t.change(r, func(r *modelRun) {
				r.unassign(scheduler.Skipped, t.term)
				r.finished = t.now
				r.note("skipped: scheduled_for too old")
			})
			n++
		}
	}
	return n, nil
}

func (t *modelTx) OrphanAssigned(_ context.Context, present []string, cutoff time.Time) (n int64, _ error) {
	for _, r := range t.in(scheduler.Assigned) {
		if r.assignedAt.Before(cutoff) && !slices.Contains(present, r.worker) {
			t.change(r, func(r *modelRun) {
				r.unassign(scheduler.Orphaned, t.term)
				r.attempt++
				r.note("orphaned: assigned worker inactive")
			})
			n++
		}
	}
	return n, nil
}

func (t *modelTx) ReleaseWaiting(_ context.Context, usable store.Room, draining []string, starting []scheduler.RunID) (n int64, _ error) {
	running, due, place := t.count(scheduler.Running), map[string]int{}, map[string]int{}
	assigned := t.in(scheduler.Assigned)
	for _, r := range assigned {
		if !r.scheduledFor.After(t.now) {
			due[r.worker]++
		}
	}
	free, spare := map[string]int{}, 0
	for i, worker := range usable.Workers {
		free[worker] = int(usable.Slots[i]) - running[worker]
		spare += max(0, free[worker]-due[worker])
	}
	for _, r := range assigned {
		place[r.worker]++
		room, known := free[r.worker]
		if !known {
			room = 1 - running[r.worker]
		}
		leaving := slices.Contains(draining, r.worker)
		behind := !r.scheduledFor.After(t.now) && place[r.worker] > room
		if behind && spare > 0 { // the statement's limit counts these whether or not their worker is leaving
			spare--
		} else if !leaving {
			continue
		}
		if !slices.Contains(starting, r.id) {
			t.change(r, func(r *modelRun) { r.unassign(scheduler.Pending, t.term) })
			n++
		}
	}
	return n, nil
}

func says(said store.Reports, worker string, run scheduler.RunID) (anything, thisRun bool) {
	for i := range said.Workers {
		if said.Workers[i] == worker {
			anything = true
			thisRun = thisRun || said.Runs[i] == fmt.Sprint(run)
		}
	}
	return anything, thisRun
}

func (t *modelTx) DoubtRunning(_ context.Context, active, gone []string, said store.Reports, settled time.Time, confirm time.Duration) (n int64, _ error) {
	if t.bug == "miss workers that were never met" {
		gone = nil
	}
	for _, r := range t.in(scheduler.Running) {
		anything, thisRun := says(said, r.worker, r.id)
		missing := !slices.Contains(active, r.worker) && (gone == nil || slices.Contains(gone, r.worker)) ||
			r.started.Before(settled) && anything && !thisRun
		if r.confirming && !r.deadline.IsZero() || !missing {
			continue
		}
		wait := confirm
		if a := t.attempts[attemptKey{r.id, r.attempt}]; a != nil && a.worker == r.worker {
			wait = max(wait, a.grace)
		}
		t.change(r, func(r *modelRun) { r.confirming, r.deadline = true, t.now.Add(wait) })
		n++
	}
	return n, nil
}

func (t *modelTx) TrustRunning(_ context.Context, said store.Reports) (n int64, _ error) {
	for _, r := range t.in(scheduler.Running) {
		if _, thisRun := says(said, r.worker, r.id); thisRun && r.confirming && r.deadline.After(t.now) {
			t.change(r, func(r *modelRun) { r.confirming, r.deadline = false, time.Time{} })
			n++
		}
	}
	return n, nil
}

func (t *modelTx) OrphanRunning(context.Context) (n int64, _ error) {
	for _, r := range t.in(scheduler.Running) {
		if !r.confirming || !r.deadline.Before(t.now) && t.bug != "take back without waiting" {
			continue
		}
		if a := t.attempts[attemptKey{r.id, r.attempt}]; a != nil && a.outcome == "" {
			a.outcome = string(scheduler.Orphaned)
		}
		t.change(r, func(r *modelRun) {
			r.unassign(scheduler.Orphaned, t.term)
			r.attempt++
			r.started, r.confirming, r.deadline = time.Time{}, false, time.Time{}
			r.note("orphaned: confirming deadline exceeded")
		})
		n++
	}
	return n, nil
}

func (t *modelTx) Loads(context.Context) ([]store.Load, error) {
	byWorker := map[string]*store.Load{}
	for _, r := range t.in(scheduler.Assigned, scheduler.Running) {
		l := byWorker[r.worker]
		if l == nil {
			l = &store.Load{WorkerID: r.worker}
			byWorker[r.worker] = l
		}
		if r.state == scheduler.Running {
			l.Running++
			continue
		}
		l.Assigned++
		if !r.scheduledFor.After(t.now) {
			l.Due++
		}
	}
	var loads []store.Load
	for _, worker := range slices.Sorted(maps.Keys(byWorker)) {
		loads = append(loads, *byWorker[worker])
	}
	return loads, nil
}

func (t *modelTx) open(r *modelRun) store.OpenRun {
	_, n := retryLink(r.id, r.key)
	return store.OpenRun{
		ID: r.id, Version: r.version, Job: r.job, State: r.state, Worker: r.worker, Attempt: r.attempt,
		ScheduledFor: r.scheduledFor, Due: !r.scheduledFor.After(t.now), Retry: n > 0, Event: strings.HasPrefix(r.key, "event:"), Policy: t.jobs[r.job].policy,
	}
}

func (t *modelTx) Waiting(_ context.Context, horizon time.Time, held []scheduler.RunID) (waiting []store.OpenRun, _ error) {
	for _, r := range t.in(scheduler.Pending, scheduler.Orphaned) {
		if !r.scheduledFor.After(horizon) && !slices.Contains(held, r.id) && len(waiting) < 500 {
			waiting = append(waiting, t.open(r))
		}
	}
	return waiting, nil
}

func (t *modelTx) Contenders(context.Context) (all []store.OpenRun, _ error) {
	if t.bug == "don't look at what runs" {
		return nil, nil
	}
	for _, r := range t.in(scheduler.Assigned, scheduler.Running, scheduler.Orphaned) {
		if t.jobs[r.job].policy != scheduler.Allow {
			all = append(all, t.open(r))
		}
	}
	return all, nil
}

func (t *modelTx) EndUnstarted(_ context.Context, all []store.Ended) (n int64, _ error) {
	for _, e := range all {
		r := t.runs[e.ID]
		if r.version == e.Version && slices.Contains([]scheduler.RunState{scheduler.Pending, scheduler.Assigned, scheduler.Orphaned}, r.state) {
			t.change(r, func(r *modelRun) {
				r.unassign(e.State, t.term)
				r.finished = t.now
				r.note(e.Reason)
			})
			n++
		}
	}
	return n, nil
}

func (t *modelTx) Assign(_ context.Context, choices []store.Choice) (n int64, _ error) {
	for _, c := range choices {
		r := t.runs[c.Run.ID]
		if r.version == c.Run.Version && (r.state == scheduler.Pending || r.state == scheduler.Orphaned) {
			t.change(r, func(r *modelRun) {
				r.state, r.worker, r.assignedAt, r.epoch = scheduler.Assigned, c.Worker, t.now, t.term
			})
			n++
		}
	}
	return n, nil
}

func (t *modelTx) Movable(_ context.Context, after, assignedBefore time.Time) (all []store.MovableRun, _ error) {
	assigned := t.in(scheduler.Assigned)
	slices.Reverse(assigned)
	for _, r := range assigned {
		if r.scheduledFor.After(after) && r.assignedAt.Before(assignedBefore) && len(all) < 1000 {
			all = append(all, store.MovableRun{ID: r.id, Version: r.version, Worker: r.worker})
		}
	}
	return all, nil
}

func (t *modelTx) Move(_ context.Context, choices []store.Choice) (n int64, _ error) {
	for _, c := range choices {
		r := t.runs[c.Run.ID]
		if r.version == c.Run.Version && r.state == scheduler.Assigned {
			t.change(r, func(r *modelRun) {
				r.note("rebalanced: " + r.worker + " -> " + c.Worker)
				r.worker, r.assignedAt, r.epoch = c.Worker, t.now, t.term
			})
			n++
		}
	}
	return n, nil
}

func (t *modelTx) Startable(_ context.Context, room store.Room, starting []scheduler.RunID) (all []store.StartableRun, _ error) {
	running, busy, place := t.count(scheduler.Running), map[scheduler.JobID]bool{}, map[string]int{}
	for _, r := range t.in(scheduler.Running) {
		busy[r.job] = true
	}
	for _, r := range t.in(scheduler.Assigned) {
		early := r.scheduledFor.After(t.now) && t.bug != "start early"
		if early || slices.Contains(starting, r.id) || t.jobs[r.job].policy != scheduler.Allow && busy[r.job] {
			continue
		}
		place[r.worker]++
		i := slices.Index(room.Workers, r.worker)
		if i >= 0 && place[r.worker] <= int(room.Slots[i])-running[r.worker] {
			all = append(all, store.StartableRun{ID: r.id, Version: r.version, Attempt: r.attempt, WorkerID: r.worker})
		}
	}
	slices.SortStableFunc(all, func(a, b store.StartableRun) int { return cmp.Compare(a.WorkerID, b.WorkerID) })
	return all, nil
}

func (t *modelTx) NextDue(context.Context) (*time.Time, error) {
	for _, r := range t.in(scheduler.Assigned) {
		if r.scheduledFor.After(t.now) {
			at := r.scheduledFor
			return &at, nil
		}
	}
	return nil, nil
}

func (t *modelTx) ReturnRefused(_ context.Context, runs []store.RefusedRun) (n int64, _ error) {
	for _, refused := range runs {
		r := t.runs[refused.ID]
		if r.version == refused.Version && r.state == scheduler.Assigned {
			t.change(r, func(r *modelRun) { r.unassign(scheduler.Pending, t.term) })
			n++
		}
	}
	return n, nil
}
