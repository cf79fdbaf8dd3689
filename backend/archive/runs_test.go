package archive_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func someRuns() []scheduler.Run {
	return []scheduler.Run{
		run(1, 0), run(2, 10, failed("Connection refused by ÄPFEL-7")), run(3, 20, func(r *scheduler.Run) { r.JobID = 2; r.StartedAt = at(23) }),
		run(4, 30, func(r *scheduler.Run) { r.State, r.FinishedAt, r.ExitCode, r.Attempt = scheduler.Running, nil, nil, 1 }),
		run(5, 40, func(r *scheduler.Run) {
			r.State, r.StartedAt, r.FinishedAt, r.ExitCode = scheduler.Skipped, nil, nil, nil
		}),
		run(6, 50, func(r *scheduler.Run) { r.FinishedAt = at(110) }),
	}
}

func TestRunsAreFoundByEveryFilter(t *testing.T) {
	t.Parallel()
	ports := record{jobs: []scheduler.Job{{ID: 1, Name: "one"}, {ID: 2, Name: "two"}}, runs: someRuns()}.open(t).Ports(time.Time{})
	epoch, none := int64(1), int64(9)
	for name, c := range map[string]struct {
		filter console.RunFilter
		want   []int
	}{
		"all":               {console.RunFilter{}, []int{6, 5, 4, 3, 2, 1}},
		"a state":           {console.RunFilter{States: []scheduler.RunState{scheduler.Failed}}, []int{2}},
		"states":            {console.RunFilter{States: []scheduler.RunState{scheduler.Failed, scheduler.Skipped, scheduler.Orphaned}}, []int{5, 2}},
		"no such state":     {console.RunFilter{States: []scheduler.RunState{scheduler.Orphaned}}, nil},
		"a job":             {console.RunFilter{JobID: 2}, []int{3}},
		"a worker":          {console.RunFilter{WorkerID: "worker-0"}, []int{6, 3}},
		"no such worker":    {console.RunFilter{WorkerID: "nobody"}, nil},
		"an epoch":          {console.RunFilter{Epoch: &epoch}, []int{6, 5, 4, 3, 2, 1}},
		"no such epoch":     {console.RunFilter{Epoch: &none}, nil},
		"created from":      {console.RunFilter{CreatedFrom: at(29)}, []int{6, 5, 4}},
		"created before":    {console.RunFilter{CreatedBefore: at(29)}, []int{3, 2, 1}},
		"at least as long":  {console.RunFilter{MinDuration: time.Hour}, []int{6, 4}},
		"at most as long":   {console.RunFilter{MaxDuration: 2 * time.Minute}, []int{3, 2, 1}},
		"attempts":          {console.RunFilter{MinAttempt: 1}, []int{4}},
		"late":              {console.RunFilter{LaterThan: time.Minute}, []int{3}},
		"text":              {console.RunFilter{ErrorText: "äpfel-7"}, []int{2}},
		"text of one case":  {console.RunFilter{ErrorText: "REFUSED"}, []int{2}},
		"letters apart":     {console.RunFilter{ErrorText: "refused connection"}, nil},
		"short text":        {console.RunFilter{ErrorText: "by", CreatedFrom: at(-100)}, []int{2}},
		"text and job":      {console.RunFilter{ErrorText: "refused", JobID: 2}, nil},
		"text like a query": {console.RunFilter{ErrorText: `" OR "`}, nil},
		"a job's state":     {console.RunFilter{JobID: 1, States: []scheduler.RunState{scheduler.Running}}, []int{4}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs, more, err := ports.Runs.ListRuns(t.Context(), c.filter, console.Cursor{}, 50)
			if diff := cmp.Diff(c.want, ids(runs)); err != nil || more || diff != "" {
				t.Errorf("%v %v %s", err, more, diff)
			}
			if n, err := ports.Runs.CountRuns(t.Context(), c.filter, 100); err != nil || n != len(c.want) {
				t.Errorf("%d are counted, %v", n, err)
			}
			if guess, err := ports.Runs.EstimateRuns(t.Context(), c.filter); err != nil || guess < int64(len(c.want)) {
				t.Errorf("an estimate of %d for %d, %v", guess, len(c.want), err)
			}
		})
	}
}

func TestPagesFollowEachOtherInBothDirections(t *testing.T) {
	t.Parallel()
	var runs []scheduler.Run
	for i := range 20 {
		runs = append(runs, run(100+i, float64(i/3))) // three of one moment
	}
	ports := record{runs: runs}.open(t).Ports(time.Time{})
	var all []int
	cursor := console.Cursor{}
	for {
		page, more, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{}, cursor, 7)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, ids(page)...)
		if !more {
			break
		}
		cursor = console.Older(page[len(page)-1])
	}
	want := make([]int, 20)
	for i := range want {
		want[i] = 119 - i
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	back, more, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{}, console.Newer(runs[4]), 5)
	if diff := cmp.Diff([]int{109, 108, 107, 106, 105}, ids(back)); err != nil || !more || diff != "" {
		t.Errorf("%v %v %s", err, more, diff)
	}
	jump, _, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{}, console.AtTime(*at(1)), 2)
	if diff := cmp.Diff([]int{108, 107}, ids(jump)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestAtAMomentRunsAreInTheStateThatTheirTimesSay(t *testing.T) {
	t.Parallel()
	a := record{runs: someRuns()}.open(t)
	for name, c := range map[string]struct {
		at   float64
		want map[int]scheduler.RunState
	}{
		"before all":   {-5, map[int]scheduler.RunState{}},
		"created":      {9.2, map[int]scheduler.RunState{1: scheduler.Succeeded, 2: scheduler.Pending}},
		"assigned":     {9.7, map[int]scheduler.RunState{1: scheduler.Succeeded, 2: scheduler.Assigned}},
		"running":      {11, map[int]scheduler.RunState{1: scheduler.Succeeded, 2: scheduler.Running}},
		"failed":       {12, map[int]scheduler.RunState{1: scheduler.Succeeded, 2: scheduler.Failed}},
		"not yet over": {60, map[int]scheduler.RunState{1: scheduler.Succeeded, 2: scheduler.Failed, 3: scheduler.Succeeded, 4: scheduler.Running, 5: scheduler.Skipped, 6: scheduler.Running}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ports := a.Ports(*at(c.at))
			got := map[int]scheduler.RunState{}
			list, _, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, 50)
			for _, r := range list {
				got[int(r.ID)] = r.State
			}
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			for _, state := range scheduler.RunStates {
				var want []int
				for id := 6; id > 0; id-- {
					if c.want[id] == state {
						want = append(want, id)
					}
				}
				found, _, err := ports.Runs.ListRuns(t.Context(), console.RunFilter{States: []scheduler.RunState{state}}, console.Cursor{}, 50)
				if diff := cmp.Diff(want, ids(found)); err != nil || diff != "" {
					t.Errorf("%s: %v %s", state, err, diff)
				}
			}
			activity, err := ports.Stats.RunActivity(t.Context(), noon.Add(-time.Hour), noon.Add(23*time.Hour), 30*time.Minute, time.Minute)
			counted := map[scheduler.RunState]int{}
			for _, b := range activity.Buckets {
				counted[b.State] += b.Runs
			}
			wanted := map[scheduler.RunState]int{}
			for _, s := range c.want {
				wanted[s]++
			}
			if diff := cmp.Diff(wanted, counted); err != nil || diff != "" {
				t.Errorf("activity: %v %s", err, diff)
			}
		})
	}
}

func TestARunOfAMomentKnowsNothingOfWhatCameLater(t *testing.T) {
	t.Parallel()
	a := record{runs: someRuns()}.open(t)
	got, err := a.Ports(*at(11)).Runs.Run(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if got.ErrorSummary != "" || got.ExitCode != nil || got.FinishedAt != nil || got.StartedAt == nil {
		t.Errorf("it knows of its end: %+v", got)
	}
	if _, err := a.Ports(*at(5)).Runs.Run(t.Context(), 2); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("a run that was created later: %v", err)
	}
}

func TestEveryValueComesBack(t *testing.T) {
	t.Parallel()
	epoch, exit, cpu, bytes := int64(7), -15, 1.25, int64(1<<40)
	want := scheduler.Run{
		ID: 1 << 60, JobID: 3, JobName: "漢字", Command: "cmd", ScheduledFor: at(1), AssignedAt: at(2), AssignedWorker: "w", State: scheduler.TimedOut,
		Attempt: 2, Version: 9, LeaderEpoch: &epoch, StartedAt: at(3), FinishedAt: at(4), ExitCode: &exit, ErrorSummary: "a\tb 漢字 👍\n", LogRef: "db:1/0",
		IdempotencyKey: "k", CPUSeconds: &cpu, PeakRSSBytes: &bytes, IOReadBytes: &bytes, IOWriteBytes: &bytes, Continuation: scheduler.Confirming,
		ConfirmingSince: at(5), ConfirmingDeadlineAt: at(6), CreatedAt: *at(0), UpdatedAt: *at(7),
	}
	ports := record{jobs: []scheduler.Job{{ID: 3, Name: "漢字", Command: "cmd"}}, runs: []scheduler.Run{want}}.open(t).Ports(time.Time{})
	got, err := ports.Runs.Run(t.Context(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}
