package desktop

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// pairWindow is a window on production with staging to compare with, each a gated database of its own.
type pairWindow struct {
	*testing.T
	*Session
	comparisons         *Comparisons
	production, staging *pgxpool.Pool
	opened, closed      map[string]int
	tasks               chan Task
}

func openPair(t *testing.T) *pairWindow {
	t.Helper()
	w := &pairWindow{T: t, opened: map[string]int{}, closed: map[string]int{}, tasks: make(chan Task, 1000)}
	databases := map[string]string{"production": servertest.Database(t), "staging": servertest.Database(t)}
	w.production, w.staging = servertest.Pool(t, databases["production"]), servertest.Pool(t, databases["staging"])
	logins := map[string]servertest.Logins{}
	for id, url := range databases {
		logins[id] = servertest.Gate(t, url)
	}
	quiet := slog.New(slog.DiscardHandler)
	opened := make(chan struct{}, 1)
	w.Session = NewSession(Config{
		Tick: time.Hour, Log: quiet, Rules: &compare.Store{Folder: t.TempDir()},
		Profiles: storeOf(t, "production", "staging"),
		Emit: func(event string, data any) {
			if event == taskEvent {
				w.tasks <- data.(Task)
			}
		},
		Opener: profileOpener(func(ctx context.Context, id string) (*Environment, error) {
			login := logins[id].Admin
			if id == "staging" {
				login = logins[id].Viewer
			}
			a := servertest.Access(t, login, servertest.Redis(t))
			c, err := connect.Open(ctx, a.Profile, a.Secrets, time.Now, quiet)
			if err != nil {
				return nil, err
			}
			w.opened[id]++
			if id == "production" {
				opened <- struct{}{}
			}
			return &Environment{ID: id, Name: id, Kind: "staging", Console: c.Console, Commands: c.Commands, Close: func() error {
				w.closed[id]++
				c.Close()
				return nil
			}}, nil
		}),
	})
	t.Cleanup(w.Session.Close)
	w.comparisons = NewComparisons(w.Session)
	w.StartSandbox()
	<-opened
	w.eventually(func() bool { return w.State().Environment != nil })
	return w
}

// storeOf keeps profiles of these ids.
func storeOf(t *testing.T, ids ...string) *profile.Store {
	t.Helper()
	store, err := profile.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		p := profile.Profile{
			ID: id, Name: id, Kind: profile.Staging, Color: profile.Slate, SecretsFrom: profile.SecretsFrom{Kind: profile.FromOperator},
			Postgres: profile.Postgres{Hosts: []string{"db.example:5432"}, Database: "jobs", User: "u", SSLMode: "verify-full"},
			Redis:    profile.Redis{Mode: profile.Single, Addresses: []string{"cache.example:6379"}},
			Workers:  profile.Workers{Mode: profile.NoCalls}, Reach: profile.Reach{Kind: profile.Direct},
		}
		if _, err := store.Save(p, ""); err != nil {
			t.Fatal(err)
		}
	}
	return store
}

func (w *pairWindow) eventually(is func() bool) { (&window{T: w.T}).eventually(is) }

// profileOpener opens production as what is shown, and any profile beside it.
type profileOpener func(ctx context.Context, id string) (*Environment, error)

func (f profileOpener) OpenSandbox(ctx context.Context, _ func(Progress)) (*Environment, error) {
	return f(ctx, "production")
}

func (f profileOpener) OpenProfile(ctx context.Context, req OpenRequest, _ func(Progress)) (*Environment, error) {
	return f(ctx, req.ID)
}

func (f profileOpener) OpenArchive(ctx context.Context, _ string) (*Environment, error) {
	return f(ctx, "archive")
}

func (w *pairWindow) exec(pool *pgxpool.Pool, sql string, args ...any) {
	w.Helper()
	if _, err := pool.Exec(w.Context(), sql, args...); err != nil {
		w.Fatalf("%s: %v", sql, err)
	}
}

func (w *pairWindow) addJob(pool *pgxpool.Pool, name, args string, retries int) {
	w.Helper()
	w.exec(pool, `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries,
	  retry_backoff_seconds, concurrency_policy, created_at, updated_at)
	  values ($1, true, 'time', 'report', $2::jsonb, '{"kind":"hourly","minute":5}', 0, $3, 0, 'forbid', now(), now())`, name, args, retries)
}

func (w *pairWindow) addSetting(pool *pgxpool.Pool, key, value string) {
	w.Helper()
	w.exec(pool, "insert into scheduler_settings (key, value_json, updated_at) values ($1, jsonb_build_object('value', $2::jsonb), now())", key, value)
}

func find(t *testing.T, c Comparison, name string) ComparedItem {
	t.Helper()
	for _, item := range c.Items {
		if item.Name == name {
			return item
		}
	}
	t.Fatalf("%s is not in the comparison", name)
	return ComparedItem{}
}

func TestTwoEnvironmentsAreComparedAndOneIsPromoted(t *testing.T) {
	t.Parallel()
	w := openPair(t)
	w.addJob(w.production, "report", `{"host": "prod", "api_token": "hush-p"}`, 1)
	w.addJob(w.staging, "report", `{"host": "stage", "api_token": "hush-s"}`, 5)
	w.addJob(w.staging, "new", `{}`, 2)
	w.addSetting(w.production, "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS", "5")
	w.addSetting(w.staging, "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS", "7")
	w.addSetting(w.staging, "SCHEDULER_WEBHOOK_SECRET", `"hush-w"`)

	if _, err := w.comparisons.Read(); Wire(err).Reason != "compare.closed" {
		t.Errorf("before another was opened: %v", err)
	}
	if _, err := w.comparisons.Open(OpenProfileRequest{ID: "production"}); Wire(err).Reason != "compare.bad_pair" {
		t.Errorf("with itself: %v", err)
	}
	if others, err := w.comparisons.Candidates(); err != nil || len(others.Profiles) != 1 || others.Profiles[0].ID != "staging" {
		t.Errorf("%+v, %v", others, err)
	}
	if side, err := w.comparisons.Open(OpenProfileRequest{ID: "staging"}); err != nil || side.ID != "staging" {
		t.Fatalf("%+v, %v", side, err)
	}
	if env := w.State().Environment; env.ID != "production" || len(w.State().Open) != 1 {
		t.Errorf("something else is shown: %+v", w.State())
	}
	c, err := w.comparisons.Read()
	if err != nil || !c.Noted || c.Here.ID != "production" || c.There.ID != "staging" {
		t.Fatalf("%+v, %v", c, err)
	}
	for name, want := range map[string][2]string{
		"report": {"different", ""}, "new": {"there", ""}, "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS": {"different", ""},
		"SCHEDULER_WEBHOOK_SECRET": {"there", keptMasked},
	} {
		if item := find(t, c, name); item.State != want[0] || item.Kept != want[1] {
			t.Errorf("%s: %+v", name, item)
		}
	}
	for _, item := range c.Items {
		for _, f := range item.Fields {
			if f.Here == `"hush-w"` || f.There == `"hush-w"` {
				t.Error("a secret is shown")
			}
		}
	}

	// A difference that is expected counts as equal, and stays when the rest is brought over.
	c, err = w.comparisons.Expect(RuleRequest{Kind: "setting", Name: "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS", Field: "value", Here: "5", There: "7", Keep: true})
	if item := find(t, c, "SCHEDULER_HEARTBEAT_INTERVAL_SECONDS"); err != nil || item.State != "expected" || item.Kept != keptEqual {
		t.Errorf("%+v, %v", item, err)
	}
	chosen := PromoteRequest{}
	for _, name := range []string{"report", "new"} {
		item := find(t, c, name)
		chosen.Items = append(chosen.Items, PromoteChoice{item.Kind, item.Name, item.Mark})
	}
	preview, err := w.comparisons.PlanPromotion(chosen)
	if err != nil {
		t.Fatal(err)
	}
	task, err := w.comparisons.StartPromotion(PerformRequest{Token: preview.Token, Reason: "as reviewed", TypedName: preview.TypedName})
	if err != nil || task.Total != 2 {
		t.Fatalf("%+v, %v", task, err)
	}
	for !task.Over {
		select {
		case task = <-w.tasks:
		case <-t.Context().Done():
			t.Fatal("not over in time")
		}
	}
	if task.Counts["done"] != 2 {
		t.Errorf("%+v", task)
	}
	var retries int
	var args string
	if err := w.production.QueryRow(t.Context(), "select max_retries, default_args_json::text from scheduler_job_definitions where name = 'report'").Scan(&retries, &args); err != nil {
		t.Fatal(err)
	}
	if retries != 5 || args != `{"host": "prod", "api_token": "hush-p"}` {
		t.Errorf("brought over: %d retries, %s", retries, args)
	}
	c, err = w.comparisons.Read()
	if item := find(t, c, "new"); err != nil || item.State != "equal" {
		t.Errorf("afterwards: %+v, %v", item, err)
	}

	// What was compared with is closed with the environment that it was compared to, at the latest.
	w.CloseEnvironment()
	if w.opened["staging"] != 1 || w.closed["staging"] != 1 {
		t.Errorf("opened %v, closed %v", w.opened, w.closed)
	}
}

func TestNothingIsPromotedThatChangedSinceItWasRead(t *testing.T) {
	t.Parallel()
	w := openPair(t)
	w.addJob(w.production, "report", `{}`, 1)
	w.addJob(w.staging, "report", `{}`, 5)
	if _, err := w.comparisons.Open(OpenProfileRequest{ID: "staging"}); err != nil {
		t.Fatal(err)
	}
	c, err := w.comparisons.Read()
	if err != nil {
		t.Fatal(err)
	}
	item := find(t, c, "report")
	for _, pool := range []*pgxpool.Pool{w.production, w.staging} {
		w.exec(pool, "update scheduler_job_definitions set timeout_seconds = timeout_seconds + 1, updated_at = clock_timestamp()")
		_, err = w.comparisons.PlanPromotion(PromoteRequest{Items: []PromoteChoice{{item.Kind, item.Name, item.Mark}}})
		if Wire(err).Reason != "compare.changed" {
			t.Errorf("%v", err)
		}
		if c, err = w.comparisons.Read(); err != nil {
			t.Fatal(err)
		}
		item = find(t, c, "report")
	}
	w.comparisons.Close()
	if _, err := w.comparisons.PlanPromotion(PromoteRequest{}); Wire(err).Reason != "compare.closed" || w.closed["staging"] != 1 {
		t.Errorf("once it is closed: %v, %v", err, w.closed)
	}
}
