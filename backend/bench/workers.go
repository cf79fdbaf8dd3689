package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver"
	"github.com/opsdeck/opsdeck/backend/redisstore"
)

// measureWorkers reads fleets of several sizes from a private Redis.
func measureWorkers(ctx context.Context, counts []int, log *slog.Logger) (t table, err error) {
	t.title = "Workers"
	dir, err := os.MkdirTemp("", "opsdeck-bench-")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(dir)
	server, err := localserver.StartRedis(ctx, localserver.RedisConfig{Dir: dir, Logger: log})
	if err != nil {
		return t, err
	}
	defer func() { _ = server.Stop(context.WithoutCancel(ctx)) }()
	options, err := redis.ParseURL(server.URL(0))
	if err != nil {
		return t, err
	}
	options.PoolSize = 4
	client := redis.NewClient(options)
	defer client.Close()
	t.notes = append(machine(), "Redis on a Unix socket. The bare pipeline sends the same commands and throws the answers away.")
	for _, n := range counts {
		if err := fillWorkers(ctx, client, n); err != nil {
			return t, err
		}
		if err := measureFleet(ctx, &t, client, server.URL(0), n, log); err != nil {
			return t, err
		}
	}
	return t, nil
}

func measureFleet(ctx context.Context, t *table, client *redis.Client, url string, n int, log *slog.Logger) error {
	store, err := redisstore.Open(ctx, url, time.Now, log)
	if err != nil {
		return err
	}
	defer store.Close()
	ours := func(ctx context.Context) error {
		fleet, err := store.Fleet(ctx)
		if err == nil && len(fleet.Workers) != n {
			err = fmt.Errorf("%d of %d workers found", len(fleet.Workers), n)
		}
		return err
	}
	measured, err := compare(ctx, func(ctx context.Context) error { return barePipeline(ctx, client) }, ours)
	if err != nil {
		return err
	}
	t.add(fmt.Sprintf("worker list, %d", n), "bare pipeline", measured, goal{ratio: 2})
	measured, err = compare(ctx, func(ctx context.Context) error { return client.Ping(ctx).Err() }, ours)
	t.add(fmt.Sprintf("worker list, %d", n), "PING", measured, goal{})
	return err
}

// benchNodes is over how many nodes the workers are spread.
const benchNodes = 8

func fillWorkers(ctx context.Context, client *redis.Client, n int) error {
	pipe := client.Pipeline()
	pipe.FlushDB(ctx)
	pipe.Set(ctx, "scheduler:leader:lock", "w-1", time.Hour)
	pipe.Set(ctx, "scheduler:leader:epoch", 7, 0)
	pipe.Set(ctx, "scheduler:subleader:lock", "w-2", time.Hour)
	for i := range n {
		id, node, port := fmt.Sprint("w-", i), fmt.Sprint("node-", i%benchNodes), 50051+i%100
		now := fmt.Sprintf("%.3f", float64(time.Now().UnixMilli())/1000)
		pipe.SAdd(ctx, "scheduler:workers:set", id)
		pipe.Set(ctx, "scheduler:worker:"+id+":heartbeat", now, time.Hour)
		pipe.HSet(ctx, "scheduler:worker:"+id+":info", "worker_id", id, "node_id", node, "grpc_host", "10.0.0.1", "grpc_port", port, "last_seen", now)
		pipe.HSet(ctx, "scheduler:worker:"+id, "node_id", node, "pid", 1000+i, "grpc_host", "10.0.0.1", "grpc_port", port, "role", "worker",
			"last_heartbeat_ts", now, "load", i%2, "current_job_run_id", "", "detached", 0, "draining", 0, "leader_worker_id", "w-1",
			"epoch", 7, "capabilities", "detach,drain,degrade,continuation")
	}
	_, err := pipe.Exec(ctx)
	return err
}

// barePipeline is the floor: the commands of a look at a steady fleet, in as many pipelines, without reading anything
// into the answers.
func barePipeline(ctx context.Context, client *redis.Client) error {
	pipe := client.Pipeline()
	members := pipe.SMembers(ctx, "scheduler:workers:set")
	for _, key := range []string{"leader:lock", "leader:epoch", "leader:last_seen_ts", "subleader:lock"} {
		pipe.Get(ctx, "scheduler:"+key)
	}
	pipe.PTTL(ctx, "scheduler:leader:lock")
	pipe.Exists(ctx, "scheduler:leader:degrade")
	for i := range benchNodes {
		pipe.Get(ctx, fmt.Sprintf("scheduler:subleader:node-%d:lock", i))
	}
	if err := present(pipe.Exec(ctx)); err != nil {
		return err
	}
	for ids := range slices.Chunk(members.Val(), 500) {
		pipe := client.Pipeline()
		for _, id := range ids {
			worker := "scheduler:worker:" + id
			pipe.HMGet(ctx, worker+":info", "worker_id", "node_id", "grpc_host", "grpc_port", "last_seen")
			pipe.HMGet(ctx, worker, "node_id", "pid", "grpc_host", "grpc_port", "last_heartbeat_ts", "load", "current_job_run_id",
				"detached", "draining", "leader_worker_id", "epoch", "capabilities")
			pipe.Get(ctx, worker+":heartbeat")
			pipe.PTTL(ctx, worker+":heartbeat")
			pipe.Exists(ctx, "scheduler:detach:"+id)
		}
		if err := present(pipe.Exec(ctx)); err != nil {
			return err
		}
	}
	return nil
}

func present(_ []redis.Cmder, err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}
