package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/opsdeck/opsdeck/backend/djangoschema"
	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/node"
)

// The cluster that is measured.
const (
	minuteJobs   = 1000
	pendingRuns  = 100_000
	clusterStart = time.Minute
	poolSize     = 3 // of each node: the servers here take two hundred connections
)

// measureCluster runs so many nodes in this process for as long as told: first with a thousand jobs that are due every
// minute, then with a hundred thousand runs in line as well. Commands are real processes.
func measureCluster(ctx context.Context, nodes int, each time.Duration) (string, error) {
	dir, err := os.MkdirTemp("", "opsdeck-bench-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // root's PostgreSQL runs as another user
		return "", err
	}
	quiet := slog.New(slog.DiscardHandler)
	postgres, err := localserver.StartPostgres(ctx, localserver.PostgresConfig{Dir: filepath.Join(dir, "postgres"), Logger: quiet})
	if err != nil {
		return "", err
	}
	defer func() { _ = postgres.Stop(context.WithoutCancel(ctx)) }()
	redis, err := localserver.StartRedis(ctx, localserver.RedisConfig{Dir: filepath.Join(dir, "redis"), Logger: quiet})
	if err != nil {
		return "", err
	}
	defer func() { _ = redis.Stop(context.WithoutCancel(ctx)) }()
	url := postgres.URL("postgres")
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return "", err
	}
	defer pool.Close()
	if err := prepareCluster(ctx, pool, url); err != nil {
		return "", err
	}
	started, err := startCluster(ctx, nodes, withPool(url), redis.URL(0))
	defer func() {
		for _, n := range started {
			_ = n.Stop(context.WithoutCancel(ctx))
		}
	}()
	if err != nil {
		return "", err
	}
	report := fmt.Sprintf("## %d nodes in one process\n\n- %s\n- %d jobs due every minute, each the program `true` under its shim; %s a row.\n\n"+
		"| in line | leader's tick, mean | ticks | runs started a second | start delay, median | p95 |\n|--:|--:|--:|--:|--:|--:|\n",
		nodes, machine()[0], minuteJobs, each)
	line, err := measurePhase(ctx, pool, started, each)
	if err != nil {
		return report, err
	}
	report += "| 0 " + line
	if _, err := pool.Exec(ctx, `insert into scheduler_job_runs (job_definition_id, scheduled_for, state, assigned_worker_id, attempt, version,
		error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
		select d.id, now() - interval '1 hour' + n * interval '1 millisecond', 'PENDING', '', 0, 0, '', '', '', 'NONE', now(), now()
		from scheduler_job_definitions d, generate_series(1, $1::int) n`, pendingRuns/minuteJobs); err != nil {
		return report, err
	}
	line, err = measurePhase(ctx, pool, started, each)
	return report + fmt.Sprintf("| %d ", pendingRuns) + line, err
}

// withPool bounds each node's connections.
func withPool(url string) string {
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	return url + separator + "pool_max_conns=" + strconv.Itoa(poolSize)
}

func prepareCluster(ctx context.Context, pool *pgxpool.Pool, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if err := djangoschema.Apply(ctx, conn); err != nil {
		return err
	}
	if err := node.Migrate(ctx, pool); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds,
		max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
		select 'job ' || n, true, 'time', 'true', '{}', '{"kind": "every_n_minutes", "n": 1}', 60, 0, 0, 'allow', now(), now()
		from generate_series(1, $1::int) n`, minuteJobs)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `insert into scheduler_settings (key, value_json, updated_at) values ('SCHEDULER_SKIP_LATE_RUNS_AFTER_SECONDS', '0', now())`)
	return err
}

func startCluster(ctx context.Context, count int, postgres, redis string) (started []*node.Node, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for i := range count {
		n, err := node.New(node.Config{
			ID: fmt.Sprintf("bench-%d", i), NodeID: fmt.Sprintf("host-%d", i%10), PostgresURL: postgres, RedisURL: redis,
			CommandTemplate: []string{"{command}"}, Shim: []string{program, runShim}, MetricsAddr: "127.0.0.1:0",
			StopGrace: time.Second, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			return started, err
		}
		bounded, cancel := context.WithTimeout(ctx, clusterStart)
		err = n.Start(bounded)
		cancel()
		if err != nil {
			return started, err
		}
		started = append(started, n)
	}
	return started, nil
}

// measurePhase lets a minute change, and gives the row of what happened after that.
func measurePhase(ctx context.Context, pool *pgxpool.Pool, nodes []*node.Node, lasts time.Duration) (string, error) {
	wait := func(d time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
			return nil
		}
	}
	if err := wait(5 * time.Second); err != nil {
		return "", err
	}
	began := time.Now()
	before, err := ticks(ctx, nodes)
	if err != nil {
		return "", err
	}
	if err := wait(lasts); err != nil {
		return "", err
	}
	after, err := ticks(ctx, nodes)
	if err != nil {
		return "", err
	}
	var runs int
	var median, p95 float64
	err = pool.QueryRow(ctx, `select count(*), coalesce(percentile_cont(0.5) within group (order by delay), 0), coalesce(percentile_cont(0.95) within group (order by delay), 0)
		from (select extract(epoch from started_at - scheduled_for) as delay from scheduler_job_runs where started_at >= $1) s`, began).Scan(&runs, &median, &p95)
	if err != nil {
		return "", err
	}
	count := after.count - before.count
	mean := time.Duration((after.seconds - before.seconds) / max(1, count) * float64(time.Second))
	return fmt.Sprintf("| %s | %.0f | %.0f | %.1f s | %.1f s |\n", milliseconds(mean), count, float64(runs)/time.Since(began).Seconds(), median, p95), nil
}

type tickSum struct{ seconds, count float64 }

// ticks adds up what all nodes say about the ticks that they led.
func ticks(ctx context.Context, nodes []*node.Node) (sum tickSum, err error) {
	for _, n := range nodes {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.MetricsAddr()+"/metrics", nil)
		if err != nil {
			return sum, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return sum, err
		}
		lines := bufio.NewScanner(response.Body)
		for lines.Scan() {
			name, text, _ := strings.Cut(lines.Text(), " ")
			value, _ := strconv.ParseFloat(text, 64)
			switch {
			case strings.HasPrefix(name, "opsdeck_node_leader_tick_seconds_sum"):
				sum.seconds += value
			case strings.HasPrefix(name, "opsdeck_node_leader_tick_seconds_count"):
				sum.count += value
			}
		}
		_ = response.Body.Close()
	}
	return sum, nil
}
