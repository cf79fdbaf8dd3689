package console

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// scene is an hour after noon that one job's runs are compared in. The job is due every ten minutes.
func scene(spoil func(*scheduler.Job, *Expectation), runs ...scheduler.Run) Expectation {
	job := scheduler.Job{
		ID: 3, Name: "report", Enabled: true, Type: scheduler.TimeJob, Schedule: json.RawMessage(`{"kind":"every_n_minutes","n":10}`),
		CreatedAt: noon.Add(-24 * time.Hour), UpdatedAt: noon.Add(-24 * time.Hour),
	}
	e := Expectation{From: noon, To: noon.Add(time.Hour)}
	if spoil != nil {
		spoil(&job, &e)
	}
	for i := range runs {
		runs[i].JobID, runs[i].ID = 3, scheduler.RunID(i+1)
	}
	e.compare([]JobResults{{Job: job}}, runs, e.To)
	return e
}

// due is a run for a time in seconds after noon, which started after a delay.
func due(state scheduler.RunState, seconds int, delay time.Duration) scheduler.Run {
	at := noon.Add(time.Duration(seconds) * time.Second)
	r := scheduler.Run{State: state, ScheduledFor: &at}
	if delay >= 0 {
		started := at.Add(delay)
		r.StartedAt = &started
	}
	return r
}

const never = time.Duration(-1)

func TestEveryDueTimeAndEveryRunHasOneVerdict(t *testing.T) {
	t.Parallel()
	micro := func(r scheduler.Run) scheduler.Run {
		at := r.ScheduledFor.Add(137 * time.Microsecond)
		r.ScheduledFor = &at
		return r
	}
	retry := due(scheduler.Succeeded, 630, 0)
	retry.IdempotencyKey = "retry:2:1"
	for _, tt := range []struct {
		name  string
		spoil func(*scheduler.Job, *Expectation)
		runs  []scheduler.Run
		want  map[Verdict]int
	}{
		{"all as it should be", nil, []scheduler.Run{
			due(scheduler.Succeeded, 0, 0), due(scheduler.Failed, 600, time.Minute), due(scheduler.Running, 1200, 0), due(scheduler.TimedOut, 1800, 0),
			due(scheduler.Succeeded, 2400, 0), due(scheduler.Succeeded, 3000, 0),
		}, map[Verdict]int{OnTime: 6}},
		{"nothing ran", nil, nil, map[Verdict]int{Missed: 6}},
		{"late, skipped, withdrawn, waiting and a gap", nil, []scheduler.Run{
			due(scheduler.Succeeded, 0, 61*time.Second), due(scheduler.Skipped, 600, never), due(scheduler.Canceled, 1200, never),
			due(scheduler.Canceled, 1800, 0), due(scheduler.Pending, 3000, never),
		}, map[Verdict]int{Late: 2, SkippedIt: 1, Withdrawn: 1, OnTime: 1, Missed: 1}},
		{"a run by hand in a due minute, and one between", nil, []scheduler.Run{
			due(scheduler.Succeeded, 0, 0), micro(due(scheduler.Succeeded, 30, 0)), micro(due(scheduler.Succeeded, 300, 0)), retry,
			due(scheduler.Succeeded, 1200, 0), due(scheduler.Succeeded, 1800, 0), due(scheduler.Succeeded, 2400, 0), due(scheduler.Succeeded, 3000, 0),
		}, map[Verdict]int{OnTime: 5, Missed: 1, Duplicate: 1, NotDue: 1, Retry: 1}},
		{"a run by hand does not stand for the missing one", nil, []scheduler.Run{micro(due(scheduler.Succeeded, 0, 0))},
			map[Verdict]int{Missed: 6, NotDue: 1}},
		{"runs behind the last due time", nil, []scheduler.Run{due(scheduler.Succeeded, 3300, 0), due(scheduler.Succeeded, 3540, 0)},
			map[Verdict]int{Missed: 6, NotDue: 2}},
		{"a disabled job isn't due", func(j *scheduler.Job, _ *Expectation) { j.Enabled = false },
			[]scheduler.Run{due(scheduler.Succeeded, 0, 0)}, map[Verdict]int{NotDue: 1}},
		{"a job that never fires isn't either", func(j *scheduler.Job, _ *Expectation) { j.Schedule = json.RawMessage(`{"kind":"lunar"}`) },
			nil, map[Verdict]int{}},
		{"a job is due since it exists", func(j *scheduler.Job, _ *Expectation) { j.CreatedAt = noon.Add(35 * time.Minute) },
			nil, map[Verdict]int{Missed: 2}},
		{"a leader that reads everything in UTC", func(j *scheduler.Job, e *Expectation) {
			e.InUTC = true
			j.Schedule = json.RawMessage(`{"kind":"daily","time":"12:30","timezone":"Asia/Tokyo"}`)
		}, []scheduler.Run{due(scheduler.Succeeded, 1800, 0)}, map[Verdict]int{OnTime: 1}},
		{"events are due when they come", func(j *scheduler.Job, _ *Expectation) {
			j.Type, j.Schedule = scheduler.EventJob, json.RawMessage(`{"event_type":"x"}`)
		}, []scheduler.Run{micro(due(scheduler.Succeeded, 60, 0)), micro(due(scheduler.Succeeded, 90, 2*time.Minute))}, map[Verdict]int{OnTime: 1, Late: 1}},
	} {
		e := scene(tt.spoil, tt.runs...)
		if len(e.Jobs) != 1 {
			t.Fatalf("%s: %d jobs", tt.name, len(e.Jobs))
		}
		if diff := cmp.Diff(tt.want, e.Jobs[0].Counts); diff != "" {
			t.Errorf("%s\n%s", tt.name, diff)
		}
		shown := 0
		for verdict, n := range e.Jobs[0].Counts {
			if verdict != OnTime && verdict != Waiting && verdict != Retry {
				shown += n
			}
		}
		if len(e.Findings) != shown {
			t.Errorf("%s: %d findings for %d", tt.name, len(e.Findings), shown)
		}
	}
}

func TestAJustDueTimeIsNotMissedYet(t *testing.T) {
	t.Parallel()
	e := scene(func(_ *scheduler.Job, e *Expectation) { e.To = noon.Add(10*time.Minute + 30*time.Second) })
	if diff := cmp.Diff(map[Verdict]int{Missed: 1, Waiting: 1}, e.Jobs[0].Counts); diff != "" {
		t.Error(diff)
	}
}

func TestWhatWasDueBeforeAChangeIsUncertain(t *testing.T) {
	t.Parallel()
	changed := noon.Add(25 * time.Minute)
	byAudit := func(action string) func(*scheduler.Job, *Expectation) {
		return func(_ *scheduler.Job, e *Expectation) {
			e.Changes.List = []Change{{At: noon.Add(-time.Hour), Action: action, Target: "3"}, {At: changed, Action: action, Target: "3"}, {At: noon.Add(time.Hour), Action: action, Target: "4"}}
		}
	}
	byRow := func(j *scheduler.Job, _ *Expectation) { j.UpdatedAt = changed }
	for name, tt := range map[string]struct {
		spoil func(*scheduler.Job, *Expectation)
		want  int
	}{
		"the audit knows": {byAudit("job.update"), 3}, "the row says so": {byRow, 3}, "running it by hand changes nothing": {byAudit("job.run"), 0},
	} {
		e := scene(tt.spoil)
		if e.Jobs[0].Uncertain != tt.want || (e.Jobs[0].Changed != nil) != (tt.want > 0) {
			t.Errorf("%s: %d uncertain, changed %v", name, e.Jobs[0].Uncertain, e.Jobs[0].Changed)
		}
		for _, f := range e.Findings {
			if f.Uncertain != (tt.want > 0 && f.At.Before(changed)) {
				t.Errorf("%s: %v is uncertain: %t", name, f.At, f.Uncertain)
			}
		}
	}
}

func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	e := scene(func(j *scheduler.Job, e *Expectation) {
		j.Schedule = json.RawMessage(`{"kind":"every_n_minutes","n":1}`)
		e.From = e.To.Add(-24 * time.Hour)
		j.CreatedAt = e.From
	})
	if e.Jobs[0].Counts[Missed]+e.Jobs[0].Counts[Waiting] != 24*60 {
		t.Errorf("%+v", e.Jobs[0].Counts)
	}
	if len(e.Findings) != maxFindings || e.Left != e.Jobs[0].Counts[Missed]-maxFindings {
		t.Errorf("%d findings, %d left out", len(e.Findings), e.Left)
	}
	if !e.Findings[0].At.After(e.Findings[1].At) {
		t.Error("the newest finding isn't first")
	}
}

func TestPredictionsAreBoundedAndKnowHowLongRunsTake(t *testing.T) {
	t.Parallel()
	run := func(took time.Duration) scheduler.Run {
		end := noon.Add(took)
		return scheduler.Run{JobID: 1, State: scheduler.Succeeded, StartedAt: &noon, FinishedAt: &end}
	}
	var jobs []scheduler.Job
	for i := range 3 {
		jobs = append(jobs, scheduler.Job{ID: scheduler.JobID(i + 1), Name: fmt.Sprint(i), Enabled: true, Type: scheduler.TimeJob, Schedule: json.RawMessage(`{"kind":"every_n_minutes","n":1}`)})
	}
	jobs = append(jobs, scheduler.Job{ID: 9, Type: scheduler.TimeJob, Schedule: json.RawMessage(`{}`)})
	got, unfit := predict(jobs, typical([]scheduler.Run{run(time.Second), run(9 * time.Second), run(2 * time.Second)}), noon, noon.Add(24*time.Hour))
	if len(got) != MaxPredictedRuns || unfit != 3*24*60-MaxPredictedRuns {
		t.Errorf("%d predicted, %d left out", len(got), unfit)
	}
	if got[0].JobID != 1 || got[0].Expected != 2*time.Second || got[1].Expected != 0 || !got[3].At.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v", got[:4])
	}
}
