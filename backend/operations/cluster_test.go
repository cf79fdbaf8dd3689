package operations_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == crashProgram {
		runAndCrash()
	}
	servertest.MainWithoutLeaks(m)
}

// cluster is a gated database, a Redis and workers that the test moves, with an operator's commands over them.
type cluster struct {
	*testing.T
	*operations.Commands
	database, cache string // where the operator's console finds them
	logins          servertest.Logins
	pool            *pgxpool.Pool // the schedulers' login
	redis           *redis.Client
	job             int64
	// successor takes the lead when it is free, where a test needs one.
	successor *worker
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	database, cache := servertest.Database(t), servertest.Redis(t)
	c := &cluster{
		T: t, logins: servertest.Gate(t, database), pool: servertest.Pool(t, database), redis: servertest.RedisClient(t, cache),
		cache: cache,
	}
	c.database = c.logins.Operator
	c.Commands = c.as(c.logins.Operator)
	c.job = c.addJob("report", "time", `{"kind":"hourly","minute":5}`)
	c.setEpoch(7)
	return c
}

// as connects as another operator.
func (c *cluster) as(login string) *operations.Commands {
	c.Helper()
	a := servertest.Access(c.T, login, c.cache)
	connection, err := connect.Open(c.Context(), a.Profile, a.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(connection.Close)
	return connection.Commands
}

func (c *cluster) exec(sql string, args ...any) {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), sql, args...); err != nil {
		c.Fatalf("%s: %v", sql, err)
	}
}

func value[T any](c *cluster, sql string, args ...any) (v T) {
	c.Helper()
	if err := c.pool.QueryRow(c.Context(), sql, args...).Scan(&v); err != nil {
		c.Fatalf("%s: %v", sql, err)
	}
	return v
}

func (c *cluster) addJob(name, kind, schedule string) int64 {
	c.Helper()
	return value[int64](c, `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule,
	  timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
	  values ($1, true, $2, 'report', '{}', $3, 0, 0, 0, 'forbid', now(), now()) returning id`, name, kind, schedule)
}

// addRun inserts a run that was due some seconds ago.
func (c *cluster) addRun(state scheduler.RunState, worker string, dueAgo time.Duration) scheduler.RunID {
	c.Helper()
	return scheduler.RunID(value[int64](c, `insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state,
	  attempt, version, leader_epoch, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
	  values ($1, clock_timestamp() - make_interval(secs => $4), $2, $3, 0, 1, 7, '', '', '', 'NONE', now(), now()) returning id`,
		c.job, worker, string(state), dueAgo.Seconds()))
}

func (c *cluster) state(id scheduler.RunID) scheduler.RunState {
	c.Helper()
	return scheduler.RunState(value[string](c, "select state from scheduler_job_runs where id = $1", int64(id)))
}

func (c *cluster) setEpoch(epoch int) {
	c.Helper()
	if err := c.redis.Set(c.Context(), "scheduler:leader:epoch", epoch, 0).Err(); err != nil {
		c.Fatal(err)
	}
}

func (c *cluster) lead(worker string) {
	c.Helper()
	if err := c.redis.Set(c.Context(), "scheduler:leader:lock", worker, time.Minute).Err(); err != nil {
		c.Fatal(err)
	}
}

// flag is a worker's detach flag as Redis holds it; nil if there is none.
func (c *cluster) flag(worker string) map[string]any {
	c.Helper()
	text, err := c.redis.Get(c.Context(), "scheduler:detach:"+worker).Result()
	if err != nil {
		return nil
	}
	var said map[string]any
	if err := json.Unmarshal([]byte(text), &said); err != nil {
		c.Fatalf("the flag %q: %v", text, err)
	}
	return said
}

// audit lists what the audit has of an operation, in order.
func (c *cluster) audit(id operations.OperationID) []string {
	c.Helper()
	rows, err := c.pool.Query(c.Context(), `select action from scheduler_admin_action_logs where payload_json ->> 'operation' = $1 order by id`, string(id))
	if err != nil {
		c.Fatal(err)
	}
	defer rows.Close()
	var actions []string
	for rows.Next() {
		var action string
		if err := rows.Scan(&action); err != nil {
			c.Fatal(err)
		}
		actions = append(actions, action)
	}
	return actions
}

// planned fails the test where a plan can't be made.
func (c *cluster) planned(plan operations.Plan, err error) operations.Plan {
	c.Helper()
	if err != nil {
		c.Fatalf("the plan: %v", err)
	}
	return plan
}

// perform carries a plan out as an operator would who reads it.
func (c *cluster) perform(plan operations.Plan) operations.Outcome {
	c.Helper()
	return c.performAs(c.Commands, plan)
}

func (c *cluster) performAs(commands *operations.Commands, plan operations.Plan) operations.Outcome {
	c.Helper()
	outcome, err := commands.Perform(c.Context(), plan, operations.Order{Reason: "because", TypedName: plan.TypedName})
	if err != nil {
		c.Fatalf("%s: %v", plan.Action, err)
	}
	return outcome
}

// want fails the test unless an outcome is as given: result, reason, accepted, written, observed.
func (c *cluster) want(o operations.Outcome, result operations.Result, reason string, facts ...operations.Fact) {
	c.Helper()
	if o.Result != result || o.Reason != reason {
		c.Fatalf("the outcome is %s %q, not %s %q: %+v", o.Result, o.Reason, result, reason, o)
	}
	got := []operations.Fact{o.Accepted, o.Written, o.Observed}
	for i, fact := range facts {
		if got[i] != fact {
			c.Errorf("accepted, written, observed are %v, not %v", got, facts)
			return
		}
	}
}

func (c *cluster) wantAudit(id operations.OperationID, actions ...string) {
	c.Helper()
	got := c.audit(id)
	if len(got) != len(actions) {
		c.Fatalf("the audit has %v, not %v", got, actions)
	}
	for i := range got {
		if got[i] != actions[i] {
			c.Fatalf("the audit has %v, not %v", got, actions)
		}
	}
}

// eventually waits until something is so.
func (c *cluster) eventually(what string, is func(context.Context) bool) {
	c.Helper()
	ctx, cancel := context.WithTimeout(c.Context(), 20*time.Second)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !is(ctx) {
		select {
		case <-ctx.Done():
			c.Fatalf("not in time: %s", what)
		case <-ticker.C:
		}
	}
}
