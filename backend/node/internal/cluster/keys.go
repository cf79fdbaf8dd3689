// Package cluster is the node's own access to Redis: who lives, who leads, who is asked to stay away. Every script
// touches one key only, so that it works on a Redis Cluster too.
package cluster

import "strings"

// The keys of the contract.
const (
	LeaderLock    = "scheduler:leader:lock"
	SubLeaderLock = "scheduler:subleader:lock"

	epochKey    = "scheduler:leader:epoch"
	lastSeenKey = "scheduler:leader:last_seen_ts"
	degradeKey  = "scheduler:leader:degrade"
	workersKey  = "scheduler:workers:set"

	workerPrefix = "scheduler:worker:"
	infoSuffix   = ":info"
	detachPrefix = "scheduler:detach:"
)

// NodeSubLeaderLock is the lock of the SubLeader of one node id.
func NodeSubLeaderLock(nodeID string) string { return "scheduler:subleader:" + nodeID + ":lock" }

func workerKey(id string) string    { return workerPrefix + id }
func heartbeatKey(id string) string { return workerPrefix + id + ":heartbeat" }
func infoKey(id string) string      { return workerPrefix + id + infoSuffix }
func detachKey(id string) string    { return detachPrefix + id }

// idOfInfoKey takes prefix and suffix off, whatever lies between them: an id may hold a colon.
func idOfInfoKey(key string) string {
	return strings.TrimSuffix(strings.TrimPrefix(key, workerPrefix), infoSuffix)
}
