package watch

import (
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// runMemory is what was seen of runs at the looks before. The zero value has seen nothing.
type runMemory struct {
	jobs map[scheduler.JobID]bool // those whose runs were looked at before: what the first look at a job shows is the past
	runs map[scheduler.RunID]seenRun
}

// seenRun is what was told of a run, or need not be any more.
type seenRun struct {
	over, late bool
}

// open gives the runs whose end is waited for, a bounded number.
func (m *runMemory) open(watches []Watch) []scheduler.RunID {
	var ids []scheduler.RunID
	for id, seen := range m.runs {
		if !seen.over {
			ids = append(ids, id)
		}
	}
	for _, w := range watches {
		if w.Kind == Run && !slices.Contains(ids, scheduler.RunID(w.number())) {
			ids = append(ids, scheduler.RunID(w.number()))
		}
	}
	slices.Sort(ids)
	return ids[max(0, len(ids)-maxRuns):]
}

// look compares runs with what was seen of them, and gives what there is to tell, oldest first, and which watched runs need
// not be watched any more. Runs come newest first; where there are more than came, nothing is forgotten.
func (m *runMemory) look(watches []Watch, found console.WatchedRuns, at time.Time) (events []Event, done []scheduler.RunID) {
	jobs, single := map[scheduler.JobID]Watch{}, map[scheduler.RunID]bool{}
	for _, w := range watches {
		switch w.Kind {
		case Job:
			jobs[scheduler.JobID(w.number())] = w
		case Run:
			single[scheduler.RunID(w.number())] = true
		}
	}
	next := make(map[scheduler.RunID]seenRun, len(found.Runs))
	if found.More {
		for id, seen := range m.runs {
			next[id] = seen
		}
	}
	for _, run := range slices.Backward(found.Runs) {
		watch, wanted := jobs[run.JobID]
		if !wanted && !single[run.ID] {
			continue // its job is watched no more
		}
		before, known := m.runs[run.ID]
		past := !known && !m.jobs[run.JobID] // nobody watched when it came to be so
		now := seenRun{over: run.State.Final(), late: before.late}
		if event, tell := ended(run, watch, single[run.ID]); now.over && !before.over && !past && tell {
			event.At = at
			events = append(events, event)
		}
		if !before.late && late(run, watch, found.AsOf) {
			now.late = true
			if !past {
				events = append(events, Event{What: RunLate, At: at, RunID: run.ID, JobName: run.JobName, State: run.State, Minutes: watch.LateMinutes})
			}
		}
		next[run.ID] = now
		if now.over && single[run.ID] {
			done = append(done, run.ID)
		}
		delete(single, run.ID)
	}
	switch {
	case found.More && len(events) > 0:
		events = append(events, Event{What: MoreRuns, At: at})
	case !found.More:
		for id := range single { // no row has it any more
			done = append(done, id)
		}
	}
	m.runs, m.jobs = next, map[scheduler.JobID]bool{}
	for id := range jobs {
		m.jobs[id] = true
	}
	return events, done
}

// expect makes the end of a run news, which is still open as whoever asks for it saw.
func (m *runMemory) expect(id scheduler.RunID) {
	if _, known := m.runs[id]; known {
		return
	}
	if m.runs == nil {
		m.runs = map[scheduler.RunID]seenRun{}
	}
	m.runs[id] = seenRun{}
}

// ended is what to tell of a run that is over, and whether somebody wants to be told.
func ended(run scheduler.Run, watch Watch, single bool) (Event, bool) {
	event := Event{What: RunEnded, RunID: run.ID, JobName: run.JobName, State: run.State}
	failed := run.State == scheduler.Failed || run.State == scheduler.TimedOut
	if failed {
		event.What = RunFailed
	}
	return event, single || watch.Ends || watch.Fails && failed
}

// late tells whether a run was started too long after its time, or still isn't.
func late(run scheduler.Run, watch Watch, now time.Time) bool {
	if watch.LateMinutes == 0 || run.ScheduledFor == nil {
		return false
	}
	started := now
	if run.StartedAt != nil {
		started = *run.StartedAt
	} else if run.State.Final() {
		return false // it was skipped or canceled, and never will be
	}
	return started.Sub(*run.ScheduledFor) > time.Duration(watch.LateMinutes)*time.Minute
}
