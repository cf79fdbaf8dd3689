package gate_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// redisAs makes a Redis user by the rules of a right and gives a bare client of it.
func redisAs(t *testing.T, databaseURL, right string) *redis.Client {
	t.Helper()
	admin := servertest.RedisClient(t, databaseURL)
	user := "gate-" + newID()
	command := []any{"ACL", "SETUSER", user}
	for _, rule := range gate.RedisRules(right) {
		command = append(command, rule)
	}
	if err := admin.Do(t.Context(), append(command, ">secret")...).Err(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Do(t.Context(), "ACL", "DELUSER", user).Err() })
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, "secret")
	return servertest.RedisClient(t, u.String())
}

func refusedBy(err error) bool { return err != nil && strings.HasPrefix(err.Error(), "NOPERM") }

func TestRedisRules(t *testing.T) {
	t.Parallel()
	databaseURL := servertest.Redis(t)
	admin := servertest.RedisClient(t, databaseURL)
	for key, value := range map[string]string{
		"scheduler:leader:lock": "w1", "scheduler:leader:epoch": "7", "scheduler:worker:w1:heartbeat": "1", "other": "secret", "scheduler:subleader:lock": "w2",
	} {
		if err := admin.Set(t.Context(), key, value, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	admin.HSet(t.Context(), "scheduler:worker:w1:info", "worker_id", "w1")
	admin.SAdd(t.Context(), "scheduler:workers:set", "w1")

	reads := [][]any{
		{"get", "scheduler:leader:lock"}, {"mget", "scheduler:leader:epoch", "scheduler:subleader:lock"}, {"hgetall", "scheduler:worker:w1:info"},
		{"hmget", "scheduler:worker:w1:info", "worker_id"}, {"smembers", "scheduler:workers:set"}, {"exists", "scheduler:detach:w1"},
		{"pttl", "scheduler:leader:lock"}, {"scan", "0", "match", "scheduler:worker:*:info"}, {"time"}, {"ping"}, {"select", "0"},
	}
	flags := [][]any{
		{"set", "scheduler:detach:w1", `{"by": "x"}`}, {"set", "scheduler:detach:w1", "1", "nx", "get"}, {"del", "scheduler:detach:w1"},
		{"set", "scheduler:leader:degrade", "1", "ex", "30"}, {"del", "scheduler:leader:degrade"}, {"get", "scheduler:leader:degrade"},
	}
	// The rest is nobody's: more than 58 ways to write, to look elsewhere, or to stop the server.
	nobody := [][]any{{"get", "other"}, {"set", "other", "x"}, {"del", "other"}, {"exists", "other"}, {"watch", "other"}, {"copy", "scheduler:leader:lock", "scheduler:detach:w1"}}
	for _, key := range []string{"scheduler:leader:lock", "scheduler:subleader:lock", "scheduler:leader:epoch", "scheduler:worker:w1:heartbeat", "scheduler:jobrun:lease:1"} {
		nobody = append(nobody, []any{"set", key, "x"}, []any{"setex", key, "9", "x"}, []any{"setnx", key, "x"}, []any{"getset", key, "x"}, []any{"getdel", key},
			[]any{"append", key, "x"}, []any{"incr", key}, []any{"expire", key, "1"}, []any{"persist", key}, []any{"rename", key, "scheduler:detach:x"},
			[]any{"unlink", key}, []any{"setrange", key, "0", "x"}, []any{"restore", key, "0", "x"}, []any{"sort", key, "store", key})
		if key != "scheduler:leader:lock" {
			nobody = append(nobody, []any{"del", key})
		}
	}
	nobody = append(nobody, []any{"hset", "scheduler:worker:w1:info", "worker_id", "x"}, []any{"hdel", "scheduler:worker:w1:info", "worker_id"},
		[]any{"sadd", "scheduler:workers:set", "x"}, []any{"srem", "scheduler:workers:set", "w1"}, []any{"spop", "scheduler:workers:set"},
		[]any{"del", "scheduler:worker:w1:info"}, []any{"del", "scheduler:detach:w1", "scheduler:leader:epoch"})
	for _, words := range []string{"flushall", "flushdb", "keys *", "eval return(1) 0", "evalsha x 0", "script load x", "function list", "config get *",
		"config set save x", "acl list", "acl setuser me on", "acl whoami", "client kill id 1", "client list", "client no-evict on", "shutdown nosave", "save", "bgsave",
		"bgrewriteaof", "slaveof no one", "replicaof no one", "failover", "swapdb 0 1", "move scheduler:leader:lock 1",
		"publish x y", "subscribe x", "psubscribe *", "module list", "latency reset", "slowlog reset", "memory purge", "cluster reset", "randomkey", "dbsize",
		"wait 0 1", "lastsave", "info", "role", "object freq scheduler:leader:lock", "dump scheduler:leader:lock", "migrate x 1 y 0 1", "xadd s * a b"} {
		var command []any
		for word := range strings.FieldsSeq(words) {
			command = append(command, word)
		}
		nobody = append(nobody, command)
	}
	if len(nobody) < 58 {
		t.Fatalf("only %d commands", len(nobody))
	}
	for _, right := range gate.Rights() {
		client := redisAs(t, databaseURL, right)
		ask := func(command []any, may bool) {
			t.Helper()
			err := client.Do(t.Context(), command...).Err()
			if errors.Is(err, redis.Nil) {
				err = nil
			}
			if err != nil && !refusedBy(err) && may || refusedBy(err) == may {
				t.Errorf("%s: %v: %v", right, command, err)
			}
		}
		for _, command := range reads {
			ask(command, true)
		}
		for _, command := range flags {
			ask(command, right != gate.View || command[0] == "get")
		}
		for _, command := range nobody {
			ask(command, false)
		}
		degraded := client.Watch(t.Context(), func(tx *redis.Tx) error {
			if holder := tx.Get(t.Context(), "scheduler:leader:lock").Val(); holder != "w1" {
				return fmt.Errorf("held by %q", holder)
			}
			_, err := tx.TxPipelined(t.Context(), func(pipe redis.Pipeliner) error {
				pipe.Del(t.Context(), "scheduler:leader:lock")
				return nil
			})
			return err
		}, "scheduler:leader:lock")
		if may := degraded == nil; may != (right != gate.View) {
			t.Errorf("%s taking the lock from the leader: %v", right, degraded)
		}
		admin.Set(t.Context(), "scheduler:leader:lock", "w1", 0)
	}
}

// What is printed for somebody to run is what was tested.
func TestPrintedRedisUsers(t *testing.T) {
	t.Parallel()
	text := gate.RedisText()
	for _, want := range []string{"opsdeck_view ", "opsdeck_operator ", "opsdeck_admin ", `"(~scheduler:leader:lock +del)"`, `"%R~scheduler:*"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if cluster := gate.RedisClusterText(); strings.Count(cluster, "+cluster|slots +cluster|shards +command +readonly") != 3 || strings.Contains(text, "+cluster|slots") {
		t.Errorf("a Cluster's users are\n%s", cluster)
	}
	if strings.Contains(text, "client|setinfo") {
		t.Error("Redis 7.0 does not start with that")
	}
}
