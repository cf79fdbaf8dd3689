package archive_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Every test's history is of this day.
var (
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	asOf = noon.Add(10 * time.Hour)
)

func at(minutes float64) *time.Time {
	t := noon.Add(time.Duration(minutes * float64(time.Minute))).Truncate(time.Microsecond)
	return &t
}

// record is what a test puts into an archive.
type record struct {
	description format.Description
	jobs        []scheduler.Job
	runs        []scheduler.Run
	args        []history.RunArgs
	attempts    []history.Attempt
	chunks      []history.LogChunk
	audit       []history.AuditRow
	events      []console.Event
	terms       []history.Term
	recorded    []sample.Recording
	samples     []sample.Row
	settings    console.SettingTables
	reloads     []history.Reload
	unindexed   bool // without an index of the logs
}

// write makes an archive of a record and gives its path.
func (r record) write(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.opsdeck")
	if r.description.AsOf.IsZero() {
		r.description.AsOf = asOf
	}
	r.description.LogIndex = !r.unindexed
	if err := write.Rows(t.Context(), path, r.description, write.Contents{
		Jobs: r.jobs, Runs: r.runs, Args: r.args, Attempts: r.attempts, Chunks: r.chunks, Audit: r.audit, Events: r.events, Terms: r.terms,
		Recorded: r.recorded, Samples: r.samples, Settings: r.settings, Reloads: r.reloads,
	}); err != nil {
		t.Fatal(err)
	}
	return path
}

func (r record) open(t testing.TB) *archive.Archive {
	t.Helper()
	return open(t, r.write(t))
}

func open(t testing.TB, path string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

// run is a run of job 1 that was made a minute before its time, and went well.
func run(id int, due float64, more ...func(*scheduler.Run)) scheduler.Run {
	epoch, exit := int64(1), 0
	r := scheduler.Run{
		ID: scheduler.RunID(id), JobID: 1, ScheduledFor: at(due), AssignedAt: at(due - 0.5), AssignedWorker: fmt.Sprint("worker-", id%3),
		State: scheduler.Succeeded, Version: 3, LeaderEpoch: &epoch, StartedAt: at(due), FinishedAt: at(due + 2), ExitCode: &exit,
		Continuation: scheduler.NotConfirming, CreatedAt: *at(due - 1), UpdatedAt: *at(due + 2),
	}
	for _, change := range more {
		change(&r)
	}
	return r
}

func failed(text string) func(*scheduler.Run) {
	return func(r *scheduler.Run) {
		one := 1
		r.State, r.ExitCode, r.ErrorSummary = scheduler.Failed, &one, text
	}
}

func ids(runs []scheduler.Run) (list []int) {
	for _, r := range runs {
		list = append(list, int(r.ID))
	}
	return list
}
