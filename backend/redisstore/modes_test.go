package redisstore

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// A Cluster's keys lie on several servers: looks, sweeps and flags work all the same, for an operator whose ACL names every command.
func TestRedisCluster(t *testing.T) {
	t.Parallel()
	var addresses []string
	for _, s := range servertest.StartRedisCluster(t, 3) {
		addresses = append(addresses, s.Address)
		rules := []any{"acl", "setuser", "operator", ">s3cret"}
		for _, rule := range gate.RedisClusterRules(gate.Operator)[1:] {
			rules = append(rules, rule)
		}
		if err := s.Client.Do(t.Context(), rules...).Err(); err != nil {
			t.Fatal(err)
		}
	}
	admin := redis.NewClusterClient(&redis.ClusterOptions{Addrs: addresses})
	t.Cleanup(func() { _ = admin.Close() })
	const workers = 40
	for i := range workers { // they don't register, so a sweep through every master has to find them
		id := fmt.Sprintf("w-%d", i)
		admin.Set(t.Context(), heartbeatKey(id), time.Now().Unix(), time.Minute)
		admin.HSet(t.Context(), infoKey(id), "worker_id", id, "node_id", "n", "grpc_host", "10.0.0.1", "grpc_port", "50051")
	}
	admin.Set(t.Context(), leaderLock, "w-0", time.Minute)

	store, err := Connect(t.Context(), Config{
		Profile:  profile.Redis{Mode: profile.Cluster, Addresses: addresses[:1], User: "operator"},
		Password: "s3cret",
	}, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	fleet, err := store.Fleet(t.Context())
	if err != nil || len(fleet.Workers) != workers || fleet.Leadership.LeaderID != "w-0" {
		t.Errorf("%d workers led by %q, %v", len(fleet.Workers), fleet.Leadership.LeaderID, err)
	}
	flags := store.Flags()
	for i := range 5 {
		id := fmt.Sprintf("w-%d", i)
		if err := flags.SetDetach(t.Context(), id, operations.Flag{By: "me"}); err != nil {
			t.Fatal(err)
		}
		if flag, err := flags.DetachFlag(t.Context(), id); err != nil || flag == nil || flag.By != "me" {
			t.Errorf("%+v, %v", flag, err)
		}
	}
	if taken, err := flags.TakeLock(t.Context(), "w-0"); err != nil || !taken {
		t.Errorf("the lock: %t, %v", taken, err)
	}
}

func TestSentinel(t *testing.T) {
	t.Parallel()
	master, replica, sentinel := servertest.StartWatchedRedis(t, "main")
	master.Client.Set(t.Context(), leaderLock, "w-0", time.Hour)
	config := Config{Profile: profile.Redis{Mode: profile.Sentinel, Addresses: []string{sentinel.Address}, MasterName: "main"}}

	t.Run("a name that it doesn't know is no empty cluster", func(t *testing.T) {
		unknown := config
		unknown.Profile.MasterName = "other"
		_, err := Connect(t.Context(), unknown, time.Now, slog.New(slog.DiscardHandler))
		if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "redis.no_sentinel" {
			t.Errorf("%v", err)
		}
	})
	store, err := Connect(t.Context(), config, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	leader := func() string {
		fleet, err := store.Fleet(t.Context())
		if err != nil {
			return err.Error()
		}
		return fleet.Leadership.LeaderID
	}
	if got := leader(); got != "w-0" {
		t.Fatalf("the leader is %s", got)
	}
	master.Kill()
	expect.Soon(t, "the replica is asked", func() bool {
		return strings.Contains(replica.Client.Info(t.Context(), "replication").Val(), "role:master") && leader() == "w-0"
	})
	if err := store.Flags().SetDetach(t.Context(), "w-0", operations.Flag{By: "me"}); err != nil {
		t.Errorf("an order after the failover: %v", err)
	}
}
