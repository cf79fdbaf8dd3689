package console

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestFiltersThatCanNotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	for reason, filters := range map[string][]RunFilter{
		"": {
			{}, {States: scheduler.RunStates}, {CreatedFrom: &early, CreatedBefore: &late}, {ErrorText: "三文字"},
			{ErrorText: "ab", CreatedFrom: &early}, {MinDuration: time.Second}, {MinDuration: time.Second, MaxDuration: time.Second},
		},
		"runs.unknown_state":  {{States: []scheduler.RunState{scheduler.Failed, "DONE"}}},
		"runs.empty_range":    {{CreatedFrom: &late, CreatedBefore: &early}, {CreatedFrom: &late, CreatedBefore: &late}},
		"runs.empty_duration": {{MinDuration: 2 * time.Second, MaxDuration: time.Second}},
		"runs.long_text":      {{ErrorText: strings.Repeat("x", maxErrorText+1)}},
		"runs.short_text":     {{ErrorText: "ab"}, {ErrorText: "二字", CreatedBefore: &late}},
	} {
		for _, filter := range filters {
			err := filter.Check()
			e, _ := errors.AsType[*scheduler.Error](err)
			if (err == nil) != (reason == "") || e != nil && (e.Reason != reason || e.Code != scheduler.Invalid) {
				t.Errorf("%+v is answered with %v, not %q", filter, err, reason)
			}
		}
	}
}

func TestWorkersAreCountedOnceByWhatMattersMost(t *testing.T) {
	t.Parallel()
	alive := func(w scheduler.Worker) scheduler.Worker { w.HeartbeatTTL = time.Second; return w }
	workers := []scheduler.Worker{
		{ID: "silent", Detached: true, CurrentRun: "1"},
		alive(scheduler.Worker{ID: "detached", Detached: true, Draining: true}),
		alive(scheduler.Worker{ID: "being detached", DetachFlag: true, CurrentRun: "1"}),
		alive(scheduler.Worker{ID: "draining", Draining: true, CurrentRun: "1"}),
		alive(scheduler.Worker{ID: "running by its word", CurrentRun: "1"}),
		alive(scheduler.Worker{ID: "running by the database"}),
		alive(scheduler.Worker{ID: "idle"}),
	}
	got := summarize(workers, map[string]OpenRuns{"running by the database": {Running: 1}, "idle": {Assigned: 3}})
	if want := (WorkerSummary{Total: 7, Running: 2, Idle: 1, Draining: 1, Detached: 2, Silent: 1}); got != want {
		t.Errorf("%+v", got)
	}
}

func TestBeliefsThatDifferFromRedisDisagree(t *testing.T) {
	t.Parallel()
	three, four := int64(3), int64(4)
	redis := scheduler.Leadership{LeaderID: "w-1", Epoch: &four}
	pong := func(epoch int64) Probe { return Probe{Pong: &Pong{ObservedEpoch: epoch}} }
	silent := Probe{Err: errors.New("no answer")}
	for name, test := range map[string]struct {
		worker           scheduler.Worker
		probe            Probe
		disagree, claims bool
	}{
		"follows the leader":                    {scheduler.Worker{ID: "w-2", SeenLeader: "w-1", SeenEpoch: &four}, pong(4), false, false},
		"is the leader":                         {scheduler.Worker{ID: "w-1", SeenLeader: "w-1", SeenEpoch: &four}, pong(4), false, true},
		"takes itself for the leader":           {scheduler.Worker{ID: "w-2", SeenLeader: "w-2", SeenEpoch: &four}, pong(4), true, true},
		"follows a former leader":               {scheduler.Worker{ID: "w-2", SeenLeader: "w-9", SeenEpoch: &four}, pong(4), true, false},
		"has an older epoch":                    {scheduler.Worker{ID: "w-2", SeenLeader: "w-1"}, pong(3), true, false},
		"answers with a newer one than it says": {scheduler.Worker{ID: "w-2", SeenLeader: "w-1", SeenEpoch: &three}, pong(4), false, false},
		"does not answer, and said the same":    {scheduler.Worker{ID: "w-2", SeenLeader: "w-1", SeenEpoch: &four}, silent, false, false},
		"does not answer, and lags":             {scheduler.Worker{ID: "w-2", SeenLeader: "w-1", SeenEpoch: &three}, silent, true, false},
		"says nothing at all":                   {scheduler.Worker{ID: "101"}, silent, false, false},
	} {
		b := belief(redis, test.worker, test.probe)
		if b.Disagree != test.disagree || b.Claims != test.claims || !errors.Is(b.Err, test.probe.Err) {
			t.Errorf("a worker that %s: %+v", name, b)
		}
	}
}

func TestClockOffsetAllowsForTheWay(t *testing.T) {
	t.Parallel()
	sent := time.Unix(100, 0)
	p := Pong{SentAt: sent, RoundTrip: 200 * time.Millisecond, WorkerClock: sent.Add(5100 * time.Millisecond)}
	if got := p.ClockOffset(); got != 5*time.Second {
		t.Errorf("%s", got)
	}
}

func TestNextDueMergesTheSchedules(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 10, 2, 0, 0, time.UTC)
	job := func(id scheduler.JobID, kind scheduler.JobType, enabled bool, schedule string) scheduler.Job {
		return scheduler.Job{ID: id, Name: fmt.Sprint("job ", id), Type: kind, Enabled: enabled, Schedule: []byte(schedule)}
	}
	got := nextDue([]scheduler.Job{
		job(1, scheduler.TimeJob, true, `{"kind":"every_n_minutes","n":10}`),
		job(2, scheduler.TimeJob, true, `{"kind":"hourly","minute":15}`),
		job(3, scheduler.TimeJob, false, `{"kind":"every_n_minutes","n":1}`),
		job(4, scheduler.EventJob, true, `{"event_type":"x"}`),
		job(5, scheduler.TimeJob, true, `{"kind":"every full moon"}`),
	}, now)
	var short []string
	for _, d := range got {
		short = append(short, fmt.Sprint(d.JobID, d.At.Format(" 15:04")))
	}
	want := []string{"1 10:10", "2 10:15", "1 10:20", "1 10:30", "1 10:40", "1 10:50", "1 11:00", "1 11:10"}
	if diff := cmp.Diff(want, short); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(got, func(a, b DueRun) int { return a.At.Compare(b.At) }) {
		t.Error("not in order")
	}
}
