package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// retryKey begins the idempotency key of a run that repeats a failed one (the node's contract).
const retryKey = "retry:"

// defining are the actions that change what a definition wants. Running a job by hand doesn't.
var defining = []string{"job.create", "job.update", "job.enable", "job.disable"}

// compare fills in jobs and findings. Runs come by job and time.
func (e *Expectation) compare(jobs []JobResults, runs []scheduler.Run, now time.Time) {
	byJob := map[scheduler.JobID][]scheduler.Run{}
	for _, r := range runs {
		byJob[r.JobID] = append(byJob[r.JobID], r)
	}
	changed := e.lastChanges()
	for _, j := range jobs {
		job := j.Job
		x := JobExpectation{Job: job, Counts: map[Verdict]int{}}
		if at, ok := changed[job.ID]; ok {
			x.Changed = &at
		} else if !job.UpdatedAt.Before(e.From) && job.UpdatedAt.After(job.CreatedAt.Add(time.Second)) {
			x.Changed = &job.UpdatedAt
		}
		findings := e.judge(&x, byJob[job.ID], now)
		if job.Type != scheduler.TimeJob && len(byJob[job.ID]) == 0 {
			continue // it waits for events, and none came
		}
		e.Jobs = append(e.Jobs, x)
		e.Findings = append(e.Findings, findings...)
	}
	slices.SortStableFunc(e.Findings, func(a, b Finding) int { return b.At.Compare(a.At) })
	if len(e.Findings) > maxFindings {
		e.Left = len(e.Findings) - maxFindings
		e.Findings = e.Findings[:maxFindings]
	}
}

// lastChanges is when each job's definition was changed last, as the audit says.
func (e *Expectation) lastChanges() map[scheduler.JobID]time.Time {
	last := map[scheduler.JobID]time.Time{}
	for _, change := range e.Changes.List {
		id, err := strconv.ParseInt(change.Target, 10, 64)
		if err != nil || !slices.Contains(defining, change.Action) {
			continue
		}
		if at, ok := last[scheduler.JobID(id)]; !ok || change.At.After(at) {
			last[scheduler.JobID(id)] = change.At
		}
	}
	return last
}

// judge gives every due time and every run of a job its verdict, counts all and returns those to look at.
func (e *Expectation) judge(x *JobExpectation, runs []scheduler.Run, now time.Time) []Finding {
	var findings []Finding
	note := func(f Finding) {
		f.JobID = x.Job.ID
		x.Counts[f.Verdict]++
		switch f.Verdict {
		case OnTime, Waiting, Retry:
			return
		}
		// Before the last change something else may have been wanted; afterwards it is known.
		f.Uncertain = x.Changed != nil && f.At.Before(*x.Changed)
		if f.Uncertain {
			x.Uncertain++
		}
		findings = append(findings, f)
	}
	due := e.dueTimes(x)
	x.Due = len(due)
	if x.Job.Type == scheduler.EventJob {
		for _, r := range runs { // whether an event asked for it is the event's story; here only its delay counts
			note(judgeRun(r, now))
		}
		return findings
	}
	next := 0
	for _, at := range due {
		for ; next < len(runs) && runs[next].ScheduledFor.Before(at); next++ {
			note(extra(runs[next], NotDue))
		}
		// The run of a due time has that very time; runs by hand carry microseconds and so come after it.
		found := next < len(runs) && runs[next].ScheduledFor.Equal(at)
		otherwise := NotDue
		if found {
			note(judgeRun(runs[next], now))
			next++
			otherwise = Duplicate
		}
		for ; next < len(runs) && runs[next].ScheduledFor.Before(at.Add(time.Minute)); next++ {
			note(extra(runs[next], otherwise))
		}
		if found {
			continue
		}
		if now.Sub(at) <= LateAfter {
			note(Finding{Verdict: Waiting, At: at})
		} else {
			note(Finding{Verdict: Missed, At: at})
		}
	}
	for ; next < len(runs); next++ {
		note(extra(runs[next], NotDue))
	}
	return findings
}

// dueTimes are the times in the window at which an enabled job should have run since it exists.
func (e *Expectation) dueTimes(x *JobExpectation) []time.Time {
	x.Schedule, x.ScheduleError = scheduler.ParseSchedule(x.Job.Type, x.Job.Schedule)
	if x.ScheduleError != nil || !x.Job.Enabled {
		return nil
	}
	s := x.Schedule
	if e.InUTC {
		s = s.InUTC()
	}
	from := later(e.From, x.Job.CreatedAt)
	return s.Between(from, e.To, int(e.To.Sub(e.From)/time.Minute)+1)
}

// judgeRun is the verdict on the run of a due time.
func judgeRun(r scheduler.Run, now time.Time) Finding {
	f := Finding{Verdict: OnTime, At: *r.ScheduledFor, Run: &r}
	switch {
	case r.StartedAt != nil:
		f.Delay = r.StartedAt.Sub(f.At)
	case r.State == scheduler.Skipped:
		f.Verdict = SkippedIt
		return f
	case r.State == scheduler.Canceled:
		f.Verdict = Withdrawn
		return f
	case !r.State.Final():
		f.Delay = now.Sub(f.At)
		f.Verdict = Waiting
	}
	if f.Delay > LateAfter {
		f.Verdict = Late
	}
	return f
}

// extra is the verdict on a run that no due time asked for.
func extra(r scheduler.Run, otherwise Verdict) Finding {
	f := Finding{Verdict: otherwise, At: *r.ScheduledFor, Run: &r}
	if strings.HasPrefix(r.IdempotencyKey, retryKey) {
		f.Verdict = Retry
	}
	if r.StartedAt != nil {
		f.Delay = r.StartedAt.Sub(f.At)
	}
	return f
}
