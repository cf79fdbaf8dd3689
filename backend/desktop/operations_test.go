package desktop

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// window is a session on real servers.
type window struct {
	*testing.T
	*Session
	*Operations
	runs   *Runs
	pool   *pgxpool.Pool
	events chan any
}

func openWindow(t *testing.T, gated bool, changes ...func(*profile.Profile)) *window {
	t.Helper()
	database := servertest.Database(t)
	login := database
	if gated {
		login = servertest.Gate(t, database).Operator
	}
	a := servertest.Access(t, login, servertest.Redis(t))
	for _, change := range changes {
		change(&a.Profile)
	}
	quiet := slog.New(slog.DiscardHandler)
	opened := make(chan struct{})
	w := &window{T: t, pool: servertest.Pool(t, database), events: make(chan any, 1000)}
	w.Session = NewSession(Config{
		Tick: time.Hour, Log: quiet,
		Emit: func(event string, data any) {
			if event == taskEvent {
				w.events <- data
			}
		},
		Opener: openerFunc(func(ctx context.Context, _ func(Progress)) (*Environment, error) {
			defer close(opened)
			c, err := connect.Open(ctx, a.Profile, a.Secrets, time.Now, quiet)
			if err != nil {
				return nil, err
			}
			if c.Commands != nil {
				c.Commands.Patience = 1
			}
			return &Environment{ID: "test", Kind: "sandbox", Console: c.Console, Commands: c.Commands, Close: func() error { c.Close(); return nil }}, nil
		}),
	})
	t.Cleanup(w.Session.Close)
	w.Operations, w.runs = NewOperations(w.Session), NewRuns(w.Session)
	w.StartSandbox()
	<-opened
	w.eventually(func() bool { return w.State().Environment != nil })
	return w
}

func (w *window) eventually(is func() bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		select {
		case <-ctx.Done():
			w.Fatal("not in time")
		case <-ticker.C:
		}
	}
}

// addRuns inserts waiting runs of one job and gives the first one's id.
func (w *window) addRuns(n int) string {
	w.Helper()
	var id int64
	err := w.pool.QueryRow(w.Context(), `with job as (insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json,
	    schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
	    values ('j', true, 'time', 'x', '{}', '{"kind":"hourly","minute":1}', 0, 0, 0, 'allow', now(), now()) returning id),
	  made as (insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state, attempt, version, error_summary, log_ref,
	    idempotency_key, continuation_state, created_at, updated_at)
	    select job.id, now() + i * interval '1 minute', '', 'PENDING', 0, 0, '', '', '', 'NONE', now(), now() from job, generate_series(1, $1::int) i returning id)
	  select min(id) from made`, n).Scan(&id)
	if err != nil {
		w.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

func TestWithoutTheGateNothingCanBeDone(t *testing.T) {
	t.Parallel()
	w := openWindow(t, false)
	if env := w.State().Environment; env.Gate || env.Role != "" || !env.ReadOnly {
		t.Errorf("%+v", env)
	}
	if _, err := w.runs.PlanCancel(IDRequest{ID: w.addRuns(1)}); Wire(err).Reason != "operation.no_gate" {
		t.Errorf("%v", err)
	}
}

func TestAPreviewIsPerformedOnce(t *testing.T) {
	t.Parallel()
	w := openWindow(t, true)
	if env := w.State().Environment; !env.Gate || env.Role != "operator" || env.ReadOnly || env.Operator != "operator" {
		t.Errorf("%+v", env)
	}
	preview, err := w.runs.PlanCancel(IDRequest{ID: w.addRuns(1)})
	if err != nil || preview.Token == "" || preview.Action != "job_run.cancel" || preview.Way != "cancel.waiting" {
		t.Fatalf("%+v, %v", preview, err)
	}
	for name, test := range map[string]struct {
		request PerformRequest
		reason  string
	}{
		"without a reason":    {PerformRequest{Token: preview.Token}, "operation.no_reason"},
		"under another token": {PerformRequest{Token: "guessed", Reason: "because"}, "operation.no_plan"},
	} {
		if _, err := w.Perform(test.request); Wire(err).Reason != test.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
	outcome, err := w.Perform(PerformRequest{Token: preview.Token, Reason: "because"})
	if err != nil || outcome.Result != "done" || outcome.Written != "yes" || outcome.AuditID == "" || outcome.Args == nil {
		t.Errorf("%+v, %v", outcome, err)
	}
	if _, err := w.Perform(PerformRequest{Token: preview.Token, Reason: "because"}); Wire(err).Reason != "operation.no_plan" {
		t.Errorf("once more: %v", err)
	}
	dropped, err := w.runs.PlanRerun(IDRequest{ID: "1"})
	if err != nil {
		t.Fatal(err)
	}
	w.Drop(TokenRequest{Token: dropped.Token})
	if _, err := w.Perform(PerformRequest{Token: dropped.Token, Reason: "because"}); Wire(err).Reason != "operation.no_plan" {
		t.Errorf("after it was dropped: %v", err)
	}
}

func TestABulkOperationTellsItsProgress(t *testing.T) {
	t.Parallel()
	w := openWindow(t, true)
	w.addRuns(5)
	preview, err := w.runs.PlanBulk(BulkRequest{Kind: "cancel"})
	if err != nil || preview.Action != "bulk.cancel" {
		t.Fatalf("%+v, %v", preview, err)
	}
	if _, err := w.Perform(PerformRequest{Token: preview.Token, Reason: "because"}); Wire(err).Reason != "operation.no_plan" {
		t.Errorf("as one operation: %v", err)
	}
	if _, err := w.StartBulk(PerformRequest{Token: preview.Token}); Wire(err).Reason != "operation.no_reason" {
		t.Errorf("without a reason: %v", err)
	}
	task, err := w.StartBulk(PerformRequest{Token: preview.Token, Reason: "because"})
	if err != nil || task.Total != 5 || task.Over {
		t.Fatalf("%+v, %v", task, err)
	}
	handled := 0
	for over := false; !over; {
		told := (<-w.events).(Task)
		if told.ID != task.ID || told.Handled < handled {
			t.Errorf("%+v after %d", told, handled)
		}
		handled, over = told.Handled, told.Over
	}
	end, err := w.Task(IDRequest{ID: task.ID})
	if err != nil || !end.Over || end.Stopped || end.Counts["done"] != 5 {
		t.Errorf("%+v, %v", end, err)
	}
	if _, err := w.StopBulk(IDRequest{ID: "nothing"}); Wire(err).Reason != "bulk.unknown" {
		t.Errorf("%v", err)
	}
}

// What a crash left open is closed by the next window, without anybody asking for it.
func TestAWindowClosesWhatACrashLeftOpen(t *testing.T) {
	t.Parallel()
	w := openWindow(t, true)
	intent := operations.Intent{
		Signature: operations.Signature{ID: operations.NewID(), Reason: "crashed"}, Action: "worker.undock", Target: "w-1", Detail: map[string]any{},
	}
	if v, err := w.live.Commands.Ports.Gate.Begin(t.Context(), intent); err != nil || v.Result != "open" {
		t.Fatalf("%+v, %v", v, err)
	}
	// The window's own look may come first.
	if _, err := w.tidyOnce(t.Context(), w.live.Commands); err != nil {
		t.Fatal(err)
	}
	if open, err := w.Open(); err != nil || len(open.Operations) != 0 {
		t.Errorf("%+v, %v", open, err)
	}
	var end string
	err := w.pool.QueryRow(t.Context(), "select action from scheduler_admin_action_logs where payload_json ->> 'operation' = $1 order by id desc limit 1",
		string(intent.ID)).Scan(&end)
	if err != nil || end != "worker.undock.succeeded" {
		t.Errorf("the audit ends with %s, %v", end, err)
	}
	if _, err := w.Reconcile(IDRequest{ID: string(intent.ID)}); Wire(err).Reason != "operation.not_open" {
		t.Errorf("once more: %v", err)
	}
}

func TestPreviewsDoNotLastForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlans()
		old := p.keep(operations.Plan{ID: "old"})
		time.Sleep(planLasts / 2)
		young := p.keep(operations.Plan{ID: "young"})
		time.Sleep(planLasts/2 + time.Second)
		if _, err := planOf[operations.Plan](p, old); Wire(err).Reason != "operation.no_plan" {
			t.Errorf("an old one: %v", err)
		}
		if plan, err := planOf[operations.Plan](p, young); err != nil || plan.ID != "young" {
			t.Errorf("%v, %v", plan.ID, err)
		}
		for range 3 * maxPlans {
			p.keep(operations.Plan{})
		}
		if len(p.kept) > maxPlans {
			t.Errorf("%d are kept", len(p.kept))
		}
		p.forget()
		if _, err := planOf[operations.Plan](p, young); err == nil {
			t.Error("one outlived its environment")
		}
	})
}
