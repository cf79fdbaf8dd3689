//go:build linux

package node_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// apply asks for a reload as the console does, and waits for its end.
func (c *testCluster) apply() (status string, result map[string]any) {
	c.t.Helper()
	id := value[int64](c, `insert into scheduler_config_reload_requests (requested_by, requested_at, status, applied_at,
		leader_worker_id, leader_epoch, result_json) values ('operator', now(), 'PENDING', null, '', null, '{}') returning id`)
	c.eventually("the request is answered", func() bool {
		status = value[string](c, `select status from scheduler_config_reload_requests where id = $1`, id)
		return status != "PENDING"
	})
	text := value[string](c, `select result_json::text from scheduler_config_reload_requests where id = $1 and applied_at is not null
		and leader_worker_id = (select worker_id from opsdeck_node.term_current) and leader_epoch = (select epoch from opsdeck_node.term_current)`, id)
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		c.t.Fatal(err)
	}
	return status, result
}

func TestReloadRequestReachesEveryWorker(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	one := c.start("one")
	c.start("two")
	c.crew(2)
	status, result := c.apply()
	if status != "APPLIED" || result["ok_count"] != 2.0 || result["total"] != 2.0 || result["leader_cache_generation"] != 1.0 {
		t.Errorf("%s: %v", status, result)
	}
	target, _ := result["targets"].(map[string]any)["one"].(map[string]any)
	if target["target"] != one.Addr() || target["ok"] != true || target["message"] != "" || target["cache_generation"] != 1.0 {
		t.Errorf("the entry of a worker is %v", target)
	}

	c.set("SCHEDULER_MAX_JOBS_PER_WORKER", "many")
	status, result = c.apply()
	target, _ = result["targets"].(map[string]any)["two"].(map[string]any)
	if message, _ := target["message"].(string); status != "FAILED" || result["ok_count"] != 0.0 || target["ok"] != false ||
		!strings.Contains(message, "SCHEDULER_MAX_JOBS_PER_WORKER") {
		t.Errorf("with a wrong value: %s: %v", status, result)
	}
	c.set("SCHEDULER_MAX_JOBS_PER_WORKER", 1)

	// Somebody whose heartbeat lives and whose service does not.
	c.redis.Set(t.Context(), "scheduler:worker:mute:heartbeat", "1", time.Minute)
	c.redis.HSet(t.Context(), "scheduler:worker:mute:info", "worker_id", "mute", "grpc_host", "127.0.0.1", "grpc_port", "1")
	c.crew(3)
	status, result = c.apply()
	if status != "FAILED" || result["ok_count"] != 2.0 || result["total"] != 3.0 {
		t.Errorf("with a mute worker: %s: %v", status, result)
	}
}

func TestReloadConfigRefusesAnOldEpoch(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	w := c.start("w")
	_, epoch := c.leader()
	c.eventually("the worker knows the epoch", func() bool { return c.status(w).ObservedLeaderEpoch == epoch })
	answer, err := c.call(w).ReloadConfig(t.Context(), &workerpb.ReloadConfigRequest{LeaderEpoch: epoch - 1})
	if err != nil || answer.Ok || answer.Message != "old epoch" {
		t.Errorf("%v, %v", answer, err)
	}
}

func TestTimesAreSettingsToo(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.start("w")
	c.leader()
	c.set("SCHEDULER_HEARTBEAT_TTL_SECONDS", 600)
	c.set("SCHEDULER_LEADER_LOCK_TTL_SECONDS", 300)
	if status, result := c.apply(); status != "APPLIED" {
		t.Fatalf("%s: %v", status, result)
	}
	c.eventually("both last longer", func() bool {
		return c.redis.TTL(t.Context(), "scheduler:worker:w:heartbeat").Val() > 60*time.Second &&
			c.redis.TTL(t.Context(), "scheduler:leader:lock").Val() > 60*time.Second
	})
}
