package postgres

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The tables have no CHECKs. What somebody wrote by hand may look odd, but must not hide the other rows, and must be
// something that JSON can carry to the screen.
func TestRowsEditedByHandDoNotHideOthers(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	for range 5 {
		c.addRuns(scheduler.Run{JobID: job, State: scheduler.Running})
	}
	c.exec(`update scheduler_job_runs set state = 'EXPLODED', attempt = -3, version = -1, exit_code = -2147483648,
	  continuation_state = '?', error_summary = E'<img src=x onerror=alert(1)> \u202e \x1b[31m', resource_cpu_seconds_total = 'NaN' where id = 1`)
	c.exec(`update scheduler_job_runs set created_at = 'infinity', started_at = 'infinity', finished_at = '-infinity',
	  resource_cpu_seconds_total = 'infinity' where id = 2`)
	c.exec(`update scheduler_job_runs set created_at = '-infinity', scheduled_for = '0044-03-15 BC', updated_at = '20000-01-01' where id = 3`)
	c.exec(`alter table scheduler_job_runs drop constraint scheduler_job_runs_job_definition_id_976fc8d7_fk_scheduler`)
	c.exec(`update scheduler_job_runs set job_definition_id = 4711 where id = 4`)
	c.exec(`update scheduler_job_definitions set schedule = '"every full moon"', default_args_json = 'null', type = 'moon',
	  timeout_seconds = 2147483647, created_at = 'infinity'`)

	page, _, err := c.store.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, 10)
	if err != nil || len(page) != 5 {
		t.Fatalf("%d of 5 runs are listed: %v", len(page), err)
	}
	if page[0].ID != 2 || page[4].ID != 3 {
		t.Errorf("an infinite creation time is not at its end of the list: %v", idsOf(page))
	}
	if _, err := json.Marshal(page); err != nil {
		t.Errorf("the page can't be sent: %v", err)
	}
	older, _, err := c.store.ListRuns(t.Context(), console.RunFilter{}, console.Older(page[0]), 10)
	if err != nil || len(older) != 4 {
		t.Errorf("%d of 4 runs follow the infinite one: %v", len(older), err)
	}
	for _, r := range page {
		if _, err := c.store.Run(t.Context(), r.ID); err != nil {
			t.Errorf("run %d: %v", r.ID, err)
		}
	}
	jobs, err := c.store.ListJobs(t.Context(), 50)
	if err != nil || len(jobs) != 1 {
		t.Errorf("%d of 1 job is listed: %v", len(jobs), err)
	}
	if _, err := json.Marshal(jobs); err != nil {
		t.Errorf("the jobs can't be sent: %v", err)
	}
	if _, err := c.store.RunActivity(t.Context(), base.Add(-time.Hour), base.Add(time.Hour), time.Minute, time.Minute); err != nil {
		t.Errorf("activity: %v", err)
	}
}

func TestListsCutLongErrorsAndRunDoesNot(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	long := strings.Repeat("漢", 1<<20)
	id := c.addRuns(scheduler.Run{JobID: c.addJob("report"), State: scheduler.Failed, ErrorSummary: long})[0]
	page, _, err := c.store.ListRuns(t.Context(), console.RunFilter{}, console.Cursor{}, 10)
	if err != nil || page[0].ErrorSummary != strings.Repeat("漢", listedError) {
		t.Errorf("the list carries %d bytes of the error: %v", len(page[0].ErrorSummary), err)
	}
	run, err := c.store.Run(t.Context(), id)
	if err != nil || run.ErrorSummary != long {
		t.Errorf("the run carries %d bytes of the error: %v", len(run.ErrorSummary), err)
	}
}

// No row can hold a NUL, but a filter from outside can.
func TestAFilterThatNoTextCanMatchIsInvalid(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for _, filter := range []console.RunFilter{{WorkerID: "a\x00b"}, {ErrorText: "abc\xff"}} {
		_, _, err := c.store.ListRuns(t.Context(), filter, console.Cursor{}, 10)
		if scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%+v: %v", filter, err)
		}
	}
}
