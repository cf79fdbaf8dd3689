package redisstore

import "strings"

// The names of the cluster contract. Every key that the console reads or writes stands here.
const (
	leaderLock    = "scheduler:leader:lock"
	leaderEpoch   = "scheduler:leader:epoch"
	leaderSeen    = "scheduler:leader:last_seen_ts"
	leaderDegrade = "scheduler:leader:degrade"
	subLeaderLock = "scheduler:subleader:lock"
	workersSet    = "scheduler:workers:set"

	workerPrefix = "scheduler:worker:"
	infoSuffix   = ":info"
	infoPattern  = workerPrefix + "*" + infoSuffix
)

func nodeSubLeaderLock(node string) string { return "scheduler:subleader:" + node + ":lock" }
func heartbeatKey(worker string) string    { return workerPrefix + worker + ":heartbeat" }
func infoKey(worker string) string         { return workerPrefix + worker + infoSuffix }
func stateKey(worker string) string        { return workerPrefix + worker }
func detachKey(worker string) string       { return "scheduler:detach:" + worker }

// workerOfInfoKey is the part of an info key that its worker's other keys share. A worker's id may hold a colon.
func workerOfInfoKey(key string) string {
	return strings.TrimSuffix(strings.TrimPrefix(key, workerPrefix), infoSuffix)
}

// The fields of a worker's hashes, in the order that we ask for them.
var (
	infoFields  = []string{"worker_id", "node_id", "grpc_host", "grpc_port", "last_seen"}
	stateFields = []string{"node_id", "pid", "grpc_host", "grpc_port", "last_heartbeat_ts", "load", "current_job_run_id",
		"detached", "draining", "leader_worker_id", "epoch", "capabilities"}
)
