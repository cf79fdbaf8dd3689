package desktop

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestWindowsWantBothEnds(t *testing.T) {
	t.Parallel()
	const right = "2026-11-23T12:00:00Z"
	for _, bad := range []WindowRequest{{}, {From: right}, {To: right}, {From: right, To: "tomorrow"}, {From: "", To: right}} {
		if _, _, err := bad.parse(); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	from, to, err := WindowRequest{From: right, To: "2026-11-23T21:00:01+09:00"}.parse()
	if err != nil || to.Sub(from) != time.Second {
		t.Errorf("%v to %v, %v", from, to, err)
	}
}

func TestTimelinesCrossInColumns(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) *time.Time { t := from.Add(time.Duration(seconds) * time.Second); return &t }
	run := func(id int64, worker string, state scheduler.RunState, due, started, finished *time.Time) scheduler.Run {
		return scheduler.Run{ID: scheduler.RunID(id), JobID: 3, JobName: "report", AssignedWorker: worker, State: state, ScheduledFor: due, StartedAt: started, FinishedAt: finished}
	}
	wire := wireTimeline(console.Timeline{
		From: from, To: *at(60), AsOf: *at(30),
		Runs: []scheduler.Run{
			run(9, "b", scheduler.Running, at(10), at(12), nil), run(8, "a", scheduler.Failed, nil, at(-5), at(1)), run(7, "b", scheduler.Failed, at(0), at(0), at(2)),
		},
		Predicted: []console.PredictedRun{{DueRun: console.DueRun{JobID: 4, JobName: "other", At: *at(40)}, Expected: time.Second}},
		Terms:     []console.Term{{Epoch: 1, WorkerID: "a", Since: *at(-9), Until: at(3)}, {Epoch: 2, WorkerID: "b", Since: *at(3)}},
	})
	want := RunColumns{
		ID: []string{"9", "8", "7"}, Job: []int{0, 0, 0}, Worker: []int{0, 1, 0}, State: []int{0, 1, 1},
		Start: []float64{12000, -5000, 0}, End: []float64{-1, 1000, 2000}, Late: []float64{2000, 0, 0},
	}
	if diff := cmp.Diff(want, wire.Runs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"b", "a"}, wire.Workers); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]NamedID{{"3", "report"}, {"4", "other"}}, wire.Jobs); diff != "" || wire.Predicted[0].Job != 1 || wire.Predicted[0].ExpectedMs != 1000 {
		t.Errorf("%+v\n%s", wire.Predicted, diff)
	}
	if wire.Terms[0].Until == "" || wire.Terms[1].Until != "" {
		t.Errorf("%+v", wire.Terms)
	}
}

func TestDraftsCrossWhole(t *testing.T) {
	t.Parallel()
	draft := console.JobDraft{
		Name: "n", Enabled: true, Type: scheduler.TimeJob, Command: "c", Args: "{}", TimeoutSeconds: "1", MaxRetries: "2", BackoffSeconds: "3", Policy: scheduler.Allow,
		Schedule: console.ScheduleDraft{Kind: scheduler.Weekly, N: "4", Minute: "5", Time: "06:07", Weekday: "1", Timezone: "Asia/Tokyo", EventTypes: []string{"e"}, JSON: "{", Stored: "{}"},
	}
	if diff := cmp.Diff(draft, wireDraft(draft).parse()); diff != "" {
		t.Error(diff)
	}
}
