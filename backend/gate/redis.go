package gate

import (
	"fmt"
	"slices"
	"strings"
)

// What operators may ask of Redis. Commands are named one by one: categories grow with each version of Redis, and
// @connection has CLIENT KILL in it.
var (
	redisReads = []string{
		"get", "mget", "strlen", "hget", "hmget", "hgetall", "hlen", "hexists", "smembers", "sismember", "scard", "sscan",
		"exists", "type", "ttl", "pttl", "scan", "ping", "echo", "select", "time",
	}
	redisOrder = []string{"watch", "unwatch", "multi", "exec", "discard"}
	// redisCluster is what a client needs to find the server of a key.
	redisCluster = []string{"cluster|slots", "cluster|shards", "command", "readonly"}
)

// RedisRules gives the ACL rules of a right, as ACL SETUSER and an ACL file take them, without a password. Viewers read the
// scheduler's keys. Operators and administrators may also set and remove detach flags and the degrade flag, and remove the
// leader's lock; no one may set a lock, the epoch or a worker's keys. The rules need Redis 7: before it, one user can't have
// different commands for different keys.
func RedisRules(right string) []string {
	commands := redisReads
	if right != View {
		commands = slices.Concat(commands, redisOrder)
	}
	rules := []string{"reset", "on", "resetchannels", "-@all", "%R~scheduler:*"}
	for _, command := range commands {
		rules = append(rules, "+"+command)
	}
	if right != View {
		rules = append(rules, "(~scheduler:detach:* ~scheduler:leader:degrade +set +del)", "(~scheduler:leader:lock +del)")
	}
	return rules
}

// RedisClusterRules gives the ACL rules of a right on each server of a Redis Cluster.
func RedisClusterRules(right string) []string {
	rules := RedisRules(right)
	for _, command := range redisCluster {
		rules = append(rules, "+"+command)
	}
	return rules
}

// RedisText is what somebody who looks after Redis runs: a user for each right, with a password to be filled in.
func RedisText() string {
	return redisText("A Redis Cluster needs more: opsctl install --redis=cluster prints it.", RedisRules)
}

// RedisClusterText is RedisText for every server of a Redis Cluster.
func RedisClusterText() string {
	return redisText("Every server of the Redis Cluster, replicas too, needs the same lines.", RedisClusterRules)
}

func redisText(remark string, rulesOf func(right string) []string) string {
	var b strings.Builder
	b.WriteString("# Redis 7 or newer: give redis-cli the lines that begin with ACL, each with a password of its own in the place of\n" +
		"# PASSWORD, then ACL SAVE if you keep an ACL file.\n" +
		"# SCAN shows the names of keys, also of other applications' in the same database, never their values.\n" +
		"# " + remark + "\n")
	for _, right := range Rights() {
		rules := rulesOf(right)
		for i, rule := range rules {
			if strings.ContainsAny(rule, " ~*(") {
				rules[i] = `"` + rule + `"`
			}
		}
		fmt.Fprintf(&b, "ACL SETUSER opsdeck_%s %s \">PASSWORD\"\n", strings.TrimPrefix(right, "ops_"), strings.Join(rules, " "))
	}
	return b.String()
}
