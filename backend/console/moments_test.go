package console_test

import (
	"slices"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestMomentsAreWhatHappened(t *testing.T) {
	t.Parallel()
	e := newEnvironment(t)
	now := time.Now()
	from, to := now.Add(-500*time.Minute), now
	fail := func(minutesAgo int) {
		t.Helper()
		id := e.addRun(scheduler.Failed, "w-1", minutesAgo*60)
		e.exec(`update scheduler_job_runs set started_at = $2, finished_at = $2 where id = $1`, int64(id), now.Add(-time.Duration(minutesAgo)*time.Minute+time.Second))
	}
	fail(400)
	fail(400) // within the same five-hundredth of the window
	fail(100)
	fail(600) // before it
	e.addRun(scheduler.Succeeded, "w-1", 6000)
	e.exec(`update scheduler_job_runs set leader_epoch = 7, assigned_at = $1 where state = 'SUCCEEDED'`, now.Add(-200*time.Minute))
	e.exec(`insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at) values ('kim', 'job.update', 'report', '{}', $1), ('kim', 'job.run', 'report', '{}', $1)`,
		now.Add(-300*time.Minute))

	m, err := e.Moments(t.Context(), from, to)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []console.MomentKind
	for _, one := range m.List {
		kinds = append(kinds, one.Kind)
	}
	if want := []console.MomentKind{console.RunsFailed, console.JobChanged, console.TermBegan, console.RunsFailed}; !slices.Equal(kinds, want) {
		t.Fatalf("%+v", m.List)
	}
	if m.List[0].N != 2 || m.List[3].N != 1 || m.List[0].Name != "report" || m.Capped {
		t.Errorf("%+v", m)
	}
	if _, err := e.Moments(t.Context(), to, from); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("a window that ends before it starts: %v", err)
	}
}
