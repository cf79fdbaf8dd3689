package cluster

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Self is what a node tells about itself.
type Self struct {
	ID, NodeID string
	Host       string
	Port       int
}

// Address is where the node's gRPC service listens.
func (s Self) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Condition is what changes about a node from beat to beat.
type Condition struct {
	Role         scheduler.Role
	Runs         []string // in hand, the oldest first
	Slots        int      // how many it may have in hand
	Detached     bool
	Draining     bool
	Leader       string // as this node believes
	Epoch        int64
	Capabilities []scheduler.Capability
}

// View is who leads, as one beat saw it.
type View struct {
	Leader        string // "" = the lock is free
	LeaderTTL     time.Duration
	SubLeader     string
	SubLeaderTTL  time.Duration
	NodeSubLeader string
	Epoch         int64 // 0 = nobody ever led
	Detached      bool  // somebody asked this node to stay away

	LeaderNode string // the node id of Condition.Leader, "" = it does not say
	LastSeen   string // when the leader last did its work, as it wrote it; "" = it does not write
	Degrade    Degrade
}

// Beat keeps the node alive for ttl and looks around, in one round trip.
func (c *Client) Beat(ctx context.Context, self Self, now Condition, at time.Time, ttl time.Duration) (View, error) {
	pipe := c.redis.Pipeline()
	seconds := unixSeconds(at)
	pipe.Set(ctx, heartbeatKey(self.ID), seconds, ttl)
	info := pipe.HSet(ctx, infoKey(self.ID), "worker_id", self.ID, "node_id", self.NodeID,
		"grpc_host", self.Host, "grpc_port", self.Port, "last_seen", seconds)
	pipe.PExpire(ctx, infoKey(self.ID), ttl)
	worker := pipe.HSet(ctx, workerKey(self.ID), "node_id", self.NodeID, "pid", os.Getpid(),
		"grpc_host", self.Host, "grpc_port", self.Port, "role", string(now.Role), "last_heartbeat_ts", seconds,
		"load", len(now.Runs), "current_job_run_id", first(now.Runs), "job_run_ids", strings.Join(now.Runs, ","), "slots", now.Slots, "detached", flag(now.Detached),
		"draining", flag(now.Draining), "leader_worker_id", now.Leader, "epoch", now.Epoch,
		"capabilities", capabilities(now.Capabilities))
	pipe.PExpire(ctx, workerKey(self.ID), ttl)
	added := pipe.SAdd(ctx, workersKey, self.ID)

	leader, leaderTTL := pipe.Get(ctx, LeaderLock), pipe.PTTL(ctx, LeaderLock)
	sub, subTTL := pipe.Get(ctx, SubLeaderLock), pipe.PTTL(ctx, SubLeaderLock)
	nodeSub := pipe.Get(ctx, NodeSubLeaderLock(self.NodeID))
	epoch := pipe.Get(ctx, epochKey)
	detached := pipe.Exists(ctx, detachKey(self.ID))
	leaderNode, lastSeen := pipe.HGet(ctx, infoKey(now.Leader), "node_id"), pipe.Get(ctx, lastSeenKey)
	degrade, degradeTTL := pipe.Get(ctx, degradeKey), pipe.PTTL(ctx, degradeKey)
	commands, err := pipe.Exec(ctx)
	if err != nil && !isAnswer(err) {
		return View{}, err
	}
	for _, kept := range []struct {
		key, is string
		err     error
	}{
		{LeaderLock, "string", leader.Err()}, {SubLeaderLock, "string", sub.Err()},
		{NodeSubLeaderLock(self.NodeID), "string", nodeSub.Err()}, {epochKey, "string", epoch.Err()},
		{infoKey(self.ID), "hash", info.Err()}, {workerKey(self.ID), "hash", worker.Err()}, {workersKey, "set", added.Err()},
	} {
		if c.note(kept.key, kept.err); isWrongType(kept.err) {
			c.repair(ctx, kept.key, kept.is)
		}
	}
	for _, command := range commands {
		if isWrongType(command.Err()) {
			continue // it has been told, and counts as absent
		}
		switch command {
		case leaderNode, lastSeen, degrade: // a wish or a note of the wrong type is none
		default:
			if err := firstError(command.Err()); err != nil {
				return View{}, err
			}
		}
	}
	seen, _ := strconv.ParseInt(epoch.Val(), 10, 64) // what is no number is no epoch
	return View{
		Leader: leader.Val(), LeaderTTL: leaderTTL.Val(), SubLeader: sub.Val(), SubLeaderTTL: subTTL.Val(),
		NodeSubLeader: nodeSub.Val(), Epoch: seen, Detached: detached.Val() > 0,
		LeaderNode: leaderNode.Val(), LastSeen: lastSeen.Val(), Degrade: parseDegrade(degrade.Val(), degradeTTL.Val()),
	}, nil
}

// Leave removes what the node told about itself, and what was asked of this id.
func (c *Client) Leave(ctx context.Context, id string) error {
	pipe := c.redis.Pipeline()
	for _, key := range []string{heartbeatKey(id), infoKey(id), workerKey(id), detachKey(id)} {
		pipe.Del(ctx, key)
	}
	pipe.SRem(ctx, workersKey, id)
	_, err := pipe.Exec(ctx)
	return err
}

// isAnswer tells whether Redis itself said so.
func isAnswer(err error) bool {
	_, answered := errors.AsType[redis.Error](err)
	return answered
}

// firstError ignores absent keys.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil && !errors.Is(err, redis.Nil) {
			return err
		}
	}
	return nil
}

func first(runs []string) string {
	if len(runs) == 0 {
		return ""
	}
	return runs[0]
}

func flag(set bool) string {
	if set {
		return "1"
	}
	return "0"
}

func capabilities(all []scheduler.Capability) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = string(c)
	}
	return strings.Join(names, ",")
}
