package postgres

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestEachFailureGivesTheNewestOfTheWindow(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	job := c.addJob("report")
	run := func(state scheduler.RunState, due int, text string) scheduler.Run {
		return scheduler.Run{JobID: job, State: state, ScheduledFor: at(due), CreatedAt: *at(due), ErrorSummary: text}
	}
	long := "exit_code=1\n" + strings.Repeat("漢", 5000) + " the end"
	ids := c.addRuns(
		run(scheduler.Failed, -1, "before the window"),
		run(scheduler.Failed, 0, "first"),
		run(scheduler.Succeeded, 1, ""),
		run(scheduler.TimedOut, 2, "timed out"),
		run(scheduler.Failed, 3, long),
		run(scheduler.Canceled, 4, "canceled"),
		run(scheduler.Failed, 60, "after it"),
	)
	look := func(limit int) (got []console.FailedRun) {
		if err := c.store.EachFailure(t.Context(), *at(0), *at(60), limit, func(r console.FailedRun) { got = append(got, r) }); err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := look(100)
	var order []scheduler.RunID
	for _, r := range got {
		order = append(order, r.ID)
	}
	if diff := cmp.Diff([]scheduler.RunID{ids[4], ids[3], ids[1]}, order); diff != "" {
		t.Fatal(diff)
	}
	if len([]rune(got[0].Head)) != errorHead || !strings.HasSuffix(got[0].Tail, " the end") || got[2].Tail != "" || got[2].JobName != "report" {
		t.Errorf("%d characters of the beginning, the end %q, %+v", len([]rune(got[0].Head)), got[0].Tail, got[2])
	}
	if few := look(2); len(few) != 2 || few[0].ID != ids[4] {
		t.Errorf("the newest two are %+v", few)
	}
}
