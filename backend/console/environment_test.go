package console_test

import (
	"context"
	"log/slog"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/redisstore"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/workerpb"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// environment is a console over real servers, with what is needed to fill them.
type environment struct {
	*testing.T
	*console.Console
	pool  *pgxpool.Pool
	redis *redis.Client
	ahead *atomic.Int64 // how far the console's clock is ahead, in nanoseconds
	job   int64
}

func newEnvironment(t *testing.T) environment {
	t.Helper()
	database, cache := servertest.Database(t), servertest.Redis(t)
	e := environment{T: t, ahead: &atomic.Int64{}, pool: servertest.Pool(t, database), redis: servertest.RedisClient(t, cache)}
	quiet := slog.New(slog.DiscardHandler)
	e.exec(`create schema opsdeck_node`)
	e.exec(`create table opsdeck_node.run_log (run_id bigint, attempt int, seq bigint, at timestamptz, stream text,
	  chunk bytea, primary key (run_id, attempt, seq))`)
	runs, err := postgres.Open(t.Context(), database, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(runs.Close)
	fleet, err := redisstore.Open(t.Context(), cache, time.Now, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fleet.Close)
	workers, err := workerrpc.New(workerrpc.Config{Plaintext: true}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(workers.Close)
	e.Console = console.New(console.Ports{
		Runs: runs, Stats: runs, Jobs: runs, Windows: runs, Logs: runs, Identity: runs, Fleet: fleet, Workers: workers,
		Settings: runs, Audit: runs, Events: runs, Failures: runs,
	}, func() time.Time { return time.Now().Add(time.Duration(e.ahead.Load())) }, quiet)
	err = e.pool.QueryRow(t.Context(), `insert into scheduler_job_definitions (name, enabled, type, command_name, default_args_json,
	  schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy, created_at, updated_at)
	  values ('report', true, 'time', 'report', '{}', '{"kind":"hourly","minute":5}', 0, 0, 0, 'forbid', now(), now()) returning id`).Scan(&e.job)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// pass lets time go by for the console.
func (e environment) pass(d time.Duration) { e.ahead.Add(int64(d)) }

func (e environment) exec(sql string, args ...any) {
	e.Helper()
	if _, err := e.pool.Exec(e.Context(), sql, args...); err != nil {
		e.Fatalf("%s: %v", sql, err)
	}
}

// addRun inserts a run that was created some seconds ago.
func (e environment) addRun(state scheduler.RunState, worker string, secondsAgo int) scheduler.RunID {
	e.Helper()
	var id int64
	err := e.pool.QueryRow(e.Context(), `insert into scheduler_job_runs (job_definition_id, scheduled_for, assigned_worker_id, state, attempt,
	  version, error_summary, log_ref, idempotency_key, continuation_state, created_at, updated_at)
	  values ($1, clock_timestamp(), $2, $3, 0, 0, '', '', '', 'NONE', now() - make_interval(secs => $4), now()) returning id`,
		e.job, worker, string(state), secondsAgo).Scan(&id)
	if err != nil {
		e.Fatal(err)
	}
	return scheduler.RunID(id)
}

// addWorker makes a worker known that listens at address.
func (e environment) addWorker(id, node, address string) {
	e.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		e.Fatal(err)
	}
	pipe := e.redis.Pipeline()
	pipe.SAdd(e.Context(), "scheduler:workers:set", id)
	pipe.Set(e.Context(), "scheduler:worker:"+id+":heartbeat", time.Now().Unix(), time.Minute)
	pipe.HSet(e.Context(), "scheduler:worker:"+id+":info", "worker_id", id, "node_id", node, "grpc_host", host, "grpc_port", port)
	if _, err := pipe.Exec(e.Context()); err != nil {
		e.Fatal(err)
	}
}

// listen runs a worker that answers, in plaintext, and gives its address.
func listen(t *testing.T, id string, epoch int64) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	workerpb.RegisterWorkerServiceServer(server, answering{id: id, epoch: epoch})
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Stop(); <-done })
	return listener.Addr().String()
}

// nobody is an address where nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

type answering struct {
	workerpb.UnimplementedWorkerServiceServer
	id    string
	epoch int64
}

func (a answering) Ping(context.Context, *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	return &workerpb.PingResponse{WorkerId: a.id, NodeId: "node-a", ObservedLeaderEpoch: a.epoch, NowUnixMs: time.Now().UnixMilli()}, nil
}

func (a answering) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	return &workerpb.GetStatusResponse{WorkerId: a.id, NodeId: "node-a", Role: "leader", Load: 1, CurrentJobRunId: "5"}, nil
}
