package leader

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// mayBecome are the transitions of the contract.
var mayBecome = map[scheduler.RunState][]scheduler.RunState{
	"":                  {scheduler.Pending},
	scheduler.Pending:   {scheduler.Assigned, scheduler.Skipped, scheduler.Canceled},
	scheduler.Assigned:  {scheduler.Assigned, scheduler.Pending, scheduler.Running, scheduler.Orphaned, scheduler.Skipped, scheduler.Canceled},
	scheduler.Running:   {scheduler.Running, scheduler.Succeeded, scheduler.Failed, scheduler.TimedOut, scheduler.Canceled, scheduler.Orphaned},
	scheduler.Orphaned:  {scheduler.Assigned, scheduler.Canceled},
	scheduler.Succeeded: nil, scheduler.Failed: nil, scheduler.TimedOut: nil, scheduler.Canceled: nil, scheduler.Skipped: nil,
}

// checkChange sees every change of a run.
func (w *world) checkChange(from, to modelRun) {
	switch {
	case !slices.Contains(mayBecome[from.state], to.state):
		w.fail("run %d goes from %q to %s", to.id, from.state, to.state)
	case to.attempt < from.attempt:
		w.fail("run %d goes back to attempt %d", to.id, to.attempt)
	case from.state != "" && to.version != from.version+1:
		w.fail("run %d goes from version %d to %d", to.id, from.version, to.version)
	case to.epoch < from.epoch:
		w.fail("run %d goes back to epoch %d", to.id, to.epoch)
	case to.state == scheduler.Skipped && to.attempt > 0:
		w.fail("run %d was lost and is given up", to.id)
	}
}

// checkStart sees every command that begins.
func (w *world) checkStart(p *process) {
	run := w.db.runs[p.run]
	if other := w.running[p.run]; other != nil {
		w.fail("run %d executes on %s (attempt %d) and on %s (attempt %d)", p.run, other.node.id, other.attempt, p.node.id, p.attempt)
	}
	if w.furthest().Before(run.scheduledFor) {
		w.fail("run %d starts %s early", p.run, run.scheduledFor.Sub(w.furthest()))
	}
	if w.db.jobs[p.job].policy == scheduler.Allow {
		return
	}
	for other := range w.byJob[p.job] {
		w.fail("runs %d and %d of job %d overlap", other.run, p.run, p.job)
	}
}

// checkEnd sees what has become of everything when nothing was wrong for long.
func (w *world) checkEnd() {
	slots := map[scheduler.JobID]map[time.Time]int{}
	keys := map[string]int{}
	for _, r := range w.db.runs {
		since := r.scheduledFor
		if strings.HasPrefix(r.key, "event:") { // had to wait its turn, but not for longer than it may be late
			if since = r.scheduledFor.Add(w.settings.Values().SkipLate); r.state == scheduler.Running {
				since = r.started
			}
		}
		if !r.state.Final() && since.Before(w.tables().Add(-4*time.Minute)) {
			w.fail("run %d of job %d, due %s, is still %s on %q", r.id, r.job, r.scheduledFor.Format("15:04:05"), r.state, r.worker)
		}
		if r.key == "" {
			if slots[r.job] == nil {
				slots[r.job] = map[time.Time]int{}
			}
			slots[r.job][r.scheduledFor]++
			continue
		}
		if keys[r.key]++; keys[r.key] > 1 {
			w.fail("there are two runs with the key %s", r.key)
		}
	}
	for id, job := range w.db.jobs {
		if job.Type == scheduler.TimeJob {
			w.checkMinutes(id, slots[id])
		}
	}
	w.checkEvents(keys)
	w.checkRetries(keys)
}

func (w *world) checkMinutes(job scheduler.JobID, made map[time.Time]int) {
	n := 1
	if job == 3 || job == 4 {
		n = 2
	}
	for at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC); at.Before(w.tables().Add(-time.Minute)); at = at.Add(time.Minute) {
		want := 0
		if at.Minute()%n == 0 {
			want = 1
		}
		if made[at] != want {
			w.fail("job %d has %d runs of %s", job, made[at], at.Format("15:04"))
		}
	}
}

func (w *world) checkEvents(keys map[string]int) {
	for _, e := range w.db.events {
		for _, job := range []scheduler.JobID{5, 6} {
			key := eventKey(e.Event, w.db.jobs[job].Job)
			if keys[key] != 1 && w.tables().Sub(e.CreatedAt) > time.Minute {
				w.fail("event %d has %d runs of job %d", e.ID, keys[key], job)
			}
		}
	}
	for _, r := range w.db.runs {
		if r.state == scheduler.Skipped && strings.HasPrefix(r.key, "event:") && !strings.Contains(r.summary, "too old") {
			w.fail("run %d of an event was skipped: %s", r.id, r.summary)
		}
	}
}

func (w *world) checkRetries(keys map[string]int) {
	for _, r := range w.db.runs {
		job := w.db.jobs[r.job]
		if r.state != scheduler.Failed || r.finished.After(w.tables().Add(-time.Minute)) {
			continue
		}
		first, n := retryLink(r.id, r.key)
		want := 0
		if n < job.retries {
			want = 1
		}
		if got := keys[fmt.Sprintf("%s%d:%d", retryPrefix, first, n+1)]; got != want {
			w.fail("run %d failed and has %d retries after it, want %d", r.id, got, want)
		}
	}
}
