package desktop

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// boxed opens what would be opened as a profile as an archive of the day.
type boxed struct{ profileOpener }

func (b boxed) OpenArchive(ctx context.Context, _ string) (*Environment, error) {
	env, err := b.OpenProfile(ctx, OpenRequest{ID: "staging"}, nil)
	if err != nil {
		return nil, err
	}
	to := time.Now().Add(time.Minute)
	env.Archive = &ArchiveFacts{From: to.Add(-24 * time.Hour), To: to, Moment: to, Known: console.Knowledge{Fleet: console.Basis{Kind: console.Unknown}, Jobs: console.Basis{Kind: console.Inferred}}}
	return env, nil
}

const someRuns = `
insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_at, assigned_worker_id, state, attempt, version, leader_epoch,
  started_at, finished_at, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
select d.id, now() - g * interval '1 s', now(), 'w', case when g % 100 < $2 then 'FAILED' else 'SUCCEEDED' end, 0, 3, 1, now() - interval '2 s', now(), '', '', '', 'NONE',
  now() - g * interval '1 s', now()
from scheduler_job_definitions d, generate_series(1, 200) g where d.name = $1`

func TestHistoriesAreCompared(t *testing.T) {
	t.Parallel()
	w := openPair(t)
	w.Session.config.Opener = boxed{w.Session.config.Opener.(profileOpener)}
	w.addJob(w.production, "same", `{"a": 1}`, 1)
	w.addJob(w.staging, "same", `{"a": 1}`, 1)
	w.addJob(w.production, "changed", `{"a": 1}`, 1)
	w.addJob(w.staging, "changed", `{"a": 1}`, 2)
	w.addJob(w.production, "gone", `{"a": 1}`, 1)
	w.exec(w.production, someRuns, "same", 2)
	w.exec(w.staging, someRuns, "same", 30)
	w.exec(w.staging, someRuns, "changed", 0)
	live := w.State().Open[0].Key
	state, err := w.OpenArchive(OpenArchiveRequest{Path: "a.opsdeck"})
	if err != nil {
		t.Fatal(err)
	}
	file := state.Open[1].Key

	jobs, err := w.comparisons.Histories(HistoriesRequest{Here: live, There: file, Part: "jobs", Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, item := range jobs.Items {
		got[item.Name] = item.State
	}
	if diff := cmp.Diff(map[string]string{"changed": "different", "gone": "here"}, got); diff != "" {
		t.Error(diff)
	}
	if !jobs.There.Archive || jobs.Here.Archive || jobs.There.Jobs.Kind != "inferred" || jobs.Here.Jobs.Kind != "exact" {
		t.Errorf("%+v %+v", jobs.Here, jobs.There)
	}
	wantCounts := []StateCountOf{{"equal", 1}, {"unknown", 0}, {"different", 1}, {"here", 1}, {"there", 0}}
	if diff := cmp.Diff(wantCounts, jobs.Counts); diff != "" || jobs.Total != 2 {
		t.Errorf("%d %s", jobs.Total, diff)
	}

	page, err := w.comparisons.Histories(HistoriesRequest{Here: live, There: file, Part: "jobs", All: true, Offset: 1, Size: 1})
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "gone" || page.Total != 3 {
		t.Errorf("the second of all: %v %+v", err, page.Items)
	}

	runs, err := w.comparisons.Histories(HistoriesRequest{Here: live, There: file, Part: "runs", Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	two := Percentiles{N: 200, P50Ms: 2000, P95Ms: 2000, P99Ms: 2000}
	want := []HistoryRunRow{
		{Name: "changed", State: "there", Failures: "few", Duration: "few", There: &HistoryRuns{Runs: 200, States: map[string]int{"SUCCEEDED": 200}, Ended: 200, Duration: two}},
		{
			Name: "same", State: "different", Failures: "higher", Duration: "similar",
			Here:  &HistoryRuns{Runs: 200, States: map[string]int{"SUCCEEDED": 196, "FAILED": 4}, Ended: 200, Failed: 4, Duration: two},
			There: &HistoryRuns{Runs: 200, States: map[string]int{"SUCCEEDED": 140, "FAILED": 60}, Ended: 200, Failed: 60, Duration: two},
		},
	}
	if diff := cmp.Diff(want, runs.Runs, cmpopts.IgnoreFields(HistoryRuns{}, "JobID")); diff != "" {
		t.Error(diff)
	}
	for _, part := range []string{"settings", "workers"} {
		if _, err := w.comparisons.Histories(HistoriesRequest{Here: file, There: live, Part: part, Size: 50}); err != nil {
			t.Errorf("%s: %v", part, err)
		}
	}
}

func TestWhatCannotBeComparedIsRefused(t *testing.T) {
	t.Parallel()
	s := openChest(t, nil)
	if _, err := s.OpenArchive(OpenArchiveRequest{Path: "b.opsdeck"}); err != nil {
		t.Fatal(err)
	}
	open := s.State().Open
	here, there := open[0].Key, open[1].Key
	for _, c := range []struct {
		reason string
		req    HistoriesRequest
	}{
		{"compare.bad_request", HistoriesRequest{Here: here, There: here, Part: "jobs", Size: 50}},
		{"compare.bad_request", HistoriesRequest{Here: here, There: there, Part: "runs", Size: 50, LiveHours: 9999}},
		{"compare.bad_request", HistoriesRequest{Here: here, There: there, Part: "jobs"}},
		{"compare.bad_part", HistoriesRequest{Here: here, There: there, Part: "secrets", Size: 50}},
		{"session.not_open", HistoriesRequest{Here: here, There: "x", Part: "jobs", Size: 50}},
	} {
		_, err := NewComparisons(s).Histories(c.req)
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != c.reason {
			t.Errorf("%+v: %v, not %s", c.req, err, c.reason)
		}
	}
}
