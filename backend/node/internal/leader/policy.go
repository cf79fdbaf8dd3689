package leader

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ruling says what becomes of runs whose job does not let them overlap.
type ruling struct {
	end  []store.Ended            // nobody has them in hand
	stop []stop                   // somebody has
	hold map[scheduler.RunID]bool // must not be given out or started now
	back []store.RefusedRun       // of those, the ones that have been given out: a former leader's start may be on its way
}

// stop asks a worker to end a run.
type stop struct {
	run    scheduler.RunID
	worker string
	reason string
}

// judge applies each job's concurrency policy to its open runs. A run takes part from its time on; one that was lost
// has started already and is never given up for another, unless a newer run replaces it. The older run is the one with
// the earlier time.
func judge(runs []store.OpenRun) ruling {
	r := ruling{hold: map[scheduler.RunID]bool{}}
	seen := map[scheduler.RunID]bool{}
	byJob := map[scheduler.JobID][]store.OpenRun{}
	for _, run := range runs {
		if seen[run.ID] || run.Policy == scheduler.Allow || !run.Due && !started(run) {
			continue
		}
		seen[run.ID] = true
		byJob[run.Job] = append(byJob[run.Job], run)
	}
	for _, job := range slices.Sorted(maps.Keys(byJob)) {
		open := byJob[job]
		if len(open) == 1 {
			continue
		}
		slices.SortFunc(open, func(a, b store.OpenRun) int {
			return cmp.Or(a.ScheduledFor.Compare(b.ScheduledFor), cmp.Compare(a.ID, b.ID))
		})
		if open[0].Policy == scheduler.Replace {
			r.replace(open)
		} else {
			r.forbid(open) // the standard, also for a policy that nobody knows
		}
	}
	return r
}

func started(run store.OpenRun) bool { return run.State == scheduler.Running || run.Attempt > 0 }

// longestLine is how many events of a job wait for their turn. Those beyond it would keep a leader from seeing what else
// is in line.
const longestLine = 20

// forbid lets one run go on: the one that runs, else one that was lost, else the oldest. What a schedule asks for comes
// again, and is skipped meanwhile; what an event asks for doesn't, and waits for its turn.
func (r *ruling) forbid(open []store.OpenRun) {
	first := incumbent(open)
	line := 0
	for _, run := range open {
		switch {
		case run.ID == first.ID:
		case started(run):
			r.wait(run)
		case run.Event && line < longestLine:
			line++
			r.wait(run)
		default:
			r.skip(run, first)
		}
	}
}

func incumbent(open []store.OpenRun) store.OpenRun {
	best := open[0]
	for _, run := range open[1:] {
		if rank(run) > rank(best) {
			best = run
		}
	}
	return best
}

func rank(run store.OpenRun) int {
	switch {
	case run.State == scheduler.Running:
		return 2
	case started(run):
		return 1
	}
	return 0
}

// replace lets the newest run go on and ends the others. A retry replaces nothing: what was wrong with the run before
// it says nothing against one that began since.
func (r *ruling) replace(open []store.OpenRun) {
	newest := open[0]
	for _, run := range open[1:] {
		if newest.Retry && !started(newest) || !run.Retry || started(run) {
			newest = run
		}
	}
	reason := fmt.Sprintf("replaced by run %d (concurrency_policy replace)", newest.ID)
	for _, run := range open {
		switch {
		case run.ID == newest.ID:
		case run.State == scheduler.Running:
			r.stop = append(r.stop, stop{run.ID, run.Worker, reason})
			r.wait(newest)
		case run.Retry && !started(run):
			r.skip(run, newest)
		default:
			r.end = append(r.end, store.Ended{ID: run.ID, Version: run.Version, State: scheduler.Canceled, Reason: reason})
		}
	}
}

func (r *ruling) skip(run, because store.OpenRun) {
	r.end = append(r.end, store.Ended{
		ID: run.ID, Version: run.Version, State: scheduler.Skipped,
		Reason: fmt.Sprintf("skipped: run %d of the same job has not ended (concurrency_policy %s)", because.ID, run.Policy),
	})
}

// wait holds a run back that has not begun, or not begun again.
func (r *ruling) wait(run store.OpenRun) {
	if run.State == scheduler.Running || r.hold[run.ID] {
		return
	}
	r.hold[run.ID] = true
	if run.State == scheduler.Assigned {
		r.back = append(r.back, store.RefusedRun{StartableRun: store.StartableRun{ID: run.ID, Version: run.Version}})
	}
}

// goOn gives the runs in line that are neither ended nor held.
func (r *ruling) goOn(waiting []store.OpenRun) []store.OpenRun {
	over := map[scheduler.RunID]bool{}
	for _, e := range r.end {
		over[e.ID] = true
	}
	return slices.DeleteFunc(slices.Clone(waiting), func(run store.OpenRun) bool { return over[run.ID] || r.hold[run.ID] })
}
