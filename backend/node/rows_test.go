//go:build linux

package node_test

import (
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// job is a definition with a schedule that is never due, unless given, whose runs may overlap.
type job struct {
	command  string
	args     string
	timeout  int
	schedule string
	events   string // its schedule as an event job
	policy   string
	retries  int
	backoff  int
}

func (c *testCluster) job(j job) scheduler.JobID {
	c.t.Helper()
	if j.args == "" {
		j.args = "{}"
	}
	if j.schedule == "" {
		j.schedule = `{"kind":"weekly","weekday":0,"time":"00:00"}`
	}
	kind := "time"
	if j.events != "" {
		kind, j.schedule = "event", j.events
	}
	if j.policy == "" {
		j.policy = "allow"
	}
	return scheduler.JobID(value[int64](c, `insert into scheduler_job_definitions (name, enabled, type, command_name,
		default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at,
		updated_at) values ('job', true, $5, $1, $2, $3, $4, $6, $7, $8, now(), now()) returning id`,
		j.command, j.args, j.schedule, j.timeout, kind, j.retries, j.backoff, j.policy))
}

// run puts a run in line that is due in so long.
func (c *testCluster) run(job scheduler.JobID, in time.Duration) scheduler.RunID {
	c.t.Helper()
	return scheduler.RunID(value[int64](c, `insert into scheduler_job_runs (job_definition_id, scheduled_for, state,
		assigned_worker_id, attempt, version, error_summary, log_ref, idempotency_key, continuation_state, created_at,
		updated_at) values ($1, clock_timestamp() + $2, 'PENDING', '', 0, 0, '', '', '', 'NONE', now(), now()) returning id`, job, in))
}

// row is what the tests look at.
type row struct {
	State        scheduler.RunState `db:"state"`
	Worker       string             `db:"assigned_worker_id"`
	Attempt      int                `db:"attempt"`
	Epoch        *int64             `db:"leader_epoch"`
	ScheduledFor time.Time          `db:"scheduled_for"`
	StartedAt    *time.Time         `db:"started_at"`
	FinishedAt   *time.Time         `db:"finished_at"`
	ExitCode     *int               `db:"exit_code"`
	Summary      string             `db:"error_summary"`
	LogRef       string             `db:"log_ref"`
	CPU          *float64           `db:"resource_cpu_seconds_total"`
	RSS          *int64             `db:"resource_peak_rss_bytes"`
	Continuation string             `db:"continuation_state"`
	Key          string             `db:"idempotency_key"`
}

func (c *testCluster) row(id scheduler.RunID) row {
	c.t.Helper()
	rows, err := c.pg.Query(c.t.Context(), `select state, assigned_worker_id, attempt, leader_epoch, scheduled_for,
		started_at, finished_at, exit_code, error_summary, log_ref, resource_cpu_seconds_total, resource_peak_rss_bytes,
		continuation_state, idempotency_key from scheduler_job_runs where id = $1`, id)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// until waits for a state and gives the row.
func (c *testCluster) until(id scheduler.RunID, state scheduler.RunState) (r row) {
	c.t.Helper()
	c.eventually("run "+strconv.FormatInt(int64(id), 10)+" is "+string(state), func() bool {
		r = c.row(id)
		if r.State.Final() && r.State != state {
			c.t.Fatalf("run %d ended as %s: %s", id, r.State, r.Summary)
		}
		return r.State == state
	})
	return r
}
