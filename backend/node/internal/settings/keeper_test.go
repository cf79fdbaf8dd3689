package settings

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestRead(t *testing.T) {
	t.Parallel()
	nothing := func(string) (string, bool) { return "", false }
	tests := []struct {
		key, value string
		bad        bool
		got        func(Values) any
		want       any
	}{
		{"ASSIGN_AHEAD_SECONDS", `{"value": 5}`, false, func(v Values) any { return v.AssignAhead }, 5 * time.Second},
		{"ASSIGN_AHEAD_SECONDS", `0`, true, func(v Values) any { return v.AssignAhead }, time.Minute},
		{"SKIP_LATE_RUNS_AFTER_SECONDS", `0`, false, func(v Values) any { return v.SkipLate }, time.Duration(0)},
		{"REASSIGN_ASSIGNED_AFTER_SECONDS", `"7"`, false, func(v Values) any { return v.ReassignAfter }, 7 * time.Second},
		{"CONTINUATION_CONFIRM_SECONDS", `{"value": " 9 "}`, false, func(v Values) any { return v.Confirm }, 9 * time.Second},
		{"CONTINUATION_RETRY_INTERVAL_SECONDS", `0.25`, false, func(v Values) any { return v.ContinuationInterval }, 250 * time.Millisecond},
		{"CONTINUATION_RETRY_INTERVAL_SECONDS", `"NaN"`, true, func(v Values) any { return v.ContinuationInterval }, 300 * time.Millisecond},
		{"ASSIGN_WEIGHT_LEADER", `0`, false, func(v Values) any { return v.Weight(scheduler.Leader) }, 1},
		{"ASSIGN_WEIGHT_SUBLEADER", `-1`, true, func(v Values) any { return v.Weight(scheduler.SubLeader) }, 2},
		{"ASSIGN_WEIGHT_WORKER", `{"n": 4}`, true, func(v Values) any { return v.Weight(scheduler.Plain) }, 3},
		{"ASSIGN_RUNNING_LOAD_WEIGHT", `1.5`, true, func(v Values) any { return v.RunningWeight }, 2},
		{"REBALANCE_ASSIGNED_ENABLED", `"No"`, false, func(v Values) any { return v.Rebalance }, false},
		{"REBALANCE_ASSIGNED_ENABLED", `0`, false, func(v Values) any { return v.Rebalance }, false},
		{"REBALANCE_ASSIGNED_ENABLED", `""`, false, func(v Values) any { return v.Rebalance }, false},
		{"REBALANCE_ASSIGNED_ENABLED", `"FALSE"`, false, func(v Values) any { return v.Rebalance }, true}, // as in the field
		{"REBALANCE_ASSIGNED_ENABLED", `[]`, true, func(v Values) any { return v.Rebalance }, true},
		{"LOG_ARCHIVE_ENABLED", `true`, false, func(v Values) any { return v.Archive.Enabled }, true},
		{"LOG_ARCHIVE_S3_ENDPOINT_URL", `"ftp://x"`, true, func(v Values) any { return v.Archive.Endpoint }, "http://127.0.0.1:9000"},
		{"LOG_ARCHIVE_BUCKET", `""`, true, func(v Values) any { return v.Archive.Bucket }, "scheduler-logs"},
		{"LOG_ARCHIVE_PREFIX", `""`, false, func(v Values) any { return v.Archive.Prefix }, ""},
		{"MAX_JOBS_PER_WORKER", `null`, true, func(v Values) any { return v.MaxJobsPerWorker }, 1},
		{"MAX_JOBS_PER_WORKER", `nonsense`, true, func(v Values) any { return v.MaxJobsPerWorker }, 1},
	}
	for _, tt := range tests {
		values, problems := read([]Row{{Prefix + tt.key, []byte(tt.value)}}, nothing, Standard(), Standard())
		if got := tt.got(values); got != tt.want {
			t.Errorf("%s = %s: got %v, want %v", tt.key, tt.value, got, tt.want)
		}
		if (len(problems) > 0) != tt.bad {
			t.Errorf("%s = %s: problems %v", tt.key, tt.value, problems)
		}
	}
}

func TestTableWinsOverEnvironmentOverStart(t *testing.T) {
	t.Parallel()
	environment := func(key string) (string, bool) { return "4", key == "SCHEDULER_MAX_JOBS_PER_WORKER" }
	start := Standard()
	start.MaxJobsPerWorker = 2
	row := []Row{{"SCHEDULER_MAX_JOBS_PER_WORKER", []byte("3")}}
	if v, _ := read(row, environment, start, start); v.MaxJobsPerWorker != 3 {
		t.Errorf("the table's value is 3, in force is %d", v.MaxJobsPerWorker)
	}
	if v, _ := read(nil, environment, start, start); v.MaxJobsPerWorker != 4 {
		t.Errorf("the environment's value is 4, in force is %d", v.MaxJobsPerWorker)
	}
	if v, _ := read(nil, func(string) (string, bool) { return "", false }, start, Standard()); v.MaxJobsPerWorker != 2 {
		t.Errorf("the node was started with 2, in force is %d", v.MaxJobsPerWorker)
	}
}

func TestBadValueKeepsTheFormerAndIsReportedOnce(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	k := NewKeeper(Standard(), slog.New(slog.NewTextHandler(&log, nil)))
	row := func(key, value string) []Row { return []Row{{Prefix + key, []byte(value)}} }
	k.Apply(row("ASSIGN_AHEAD_SECONDS", "90"))
	for range 2 {
		if v := k.Apply(row("ASSIGN_AHEAD_SECONDS", `"soon"`)); v.AssignAhead != 90*time.Second {
			t.Errorf("in force is %s, not the former value", v.AssignAhead)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || len(k.Problems()) != 1 {
		t.Errorf("%d lines in the log, problems %v", n, k.Problems())
	}
	if v := k.Apply(nil); v.AssignAhead != time.Minute || len(k.Problems()) != 0 {
		t.Errorf("without the row %s is in force, problems %v", v.AssignAhead, k.Problems())
	}
	k.Apply(row("LOG_ARCHIVE_SECRET_ACCESS_KEY", `["hunter2"]`))
	if strings.Contains(log.String(), "hunter2") {
		t.Error("the log shows a secret")
	}
}

func FuzzPlain(f *testing.F) {
	for _, seed := range []string{`{"value": 5}`, `{"value": {"value": 1}}`, `"x"`, `nan`, ``, `{`, "\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, key := range Keys() {
			values, problems := read([]Row{{key, raw}}, func(string) (string, bool) { return "", false }, Standard(), Standard())
			if len(problems) > 0 && values != Standard() {
				t.Errorf("%s = %q was refused and changed something", key, raw)
			}
		}
	})
}
