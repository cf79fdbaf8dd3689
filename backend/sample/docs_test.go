package sample_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

var looked = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestWorkersAreReadBack(t *testing.T) {
	t.Parallel()
	epoch := int64(7)
	for name, w := range map[string]scheduler.Worker{
		"of Django": {ID: "w-1", NodeID: "node-a", Address: "10.0.0.1:50051", Role: scheduler.Plain, LastHeartbeat: looked, HeartbeatTTL: time.Second},
		"of ours": {
			ID: "w-2", NodeID: "ノード", Address: "[::1]:1", Role: scheduler.Leader, LastHeartbeat: looked, HeartbeatTTL: time.Second, Reports: true,
			PID: 77, Load: 2, CurrentRun: "9007199254740993", Detached: true, Draining: true, DetachFlag: true, SeenLeader: "w-2", SeenEpoch: &epoch,
			Capabilities: []scheduler.Capability{scheduler.CanDetach, scheduler.CanDrain},
		},
		"silent": {ID: "<b>\x00", NodeID: `"`, Role: scheduler.SubLeader, LastHeartbeat: looked.Add(-time.Hour)},
	} {
		doc, err := sample.WorkerDoc(w)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sample.ParseWorker(w.ID, doc, looked)
		if diff := cmp.Diff(w, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestLeadershipIsReadBack(t *testing.T) {
	t.Parallel()
	epoch := int64(7)
	for _, l := range []scheduler.Leadership{
		{},
		{LeaderID: "w-1", Epoch: &epoch, LastSeen: &looked, SubLeaderID: "w-2", NodeSubLeader: map[string]string{"a": "w-3"}, Degrading: true},
	} {
		doc, err := sample.LeaderDoc(l)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sample.ParseLeader(doc, looked)
		if diff := cmp.Diff(l, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	}
}

func TestJobsAreReadBack(t *testing.T) {
	t.Parallel()
	job := scheduler.Job{
		ID: 1 << 60, Name: "nightly", Enabled: true, Type: scheduler.TimeJob, Command: "report", DefaultArgs: json.RawMessage(`{"n":12345678901234567890}`),
		ArgsMasked: true, Schedule: json.RawMessage(`{"type":"daily","time":"02:00"}`), Timeout: time.Hour, MaxRetries: 3, RetryBackoff: time.Minute,
		ConcurrencyPolicy: scheduler.Forbid, CreatedAt: looked, UpdatedAt: looked.Add(time.Microsecond),
	}
	doc, err := sample.JobDoc(job)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sample.ParseJob(sample.JobKey(job.ID), doc)
	if diff := cmp.Diff(job, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestOtherDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{``, `[]`, `{"role": 1}`, `{"node": {}}`, `nul`} {
		if w, err := sample.ParseWorker("w-1", []byte(doc), looked); err == nil {
			t.Errorf("%q is taken for %+v", doc, w)
		}
	}
	if _, err := sample.ParseJob("seven", []byte(`{}`)); err == nil {
		t.Error("a job without a number is taken")
	}
}
