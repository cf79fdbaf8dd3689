package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// maxPipeline bounds how long one answer keeps Redis from serving others.
	maxPipeline = 500
	scanCount   = 1000
)

// Member is a live worker as a leader needs to know it.
type Member struct {
	ID       string
	Address  string // host:port
	Role     scheduler.Role
	Detached bool
	Draining bool
	Reports  bool     // it tells what it has in hand; workers in the field may not
	Runs     []string // in hand
	Slots    int      // how many it may have in hand; at least 1
}

// Discover adds workers to the set that don't add themselves. It walks the key space, so it is for now and then.
func (c *Client) Discover(ctx context.Context) error {
	ids, err := c.walk(ctx)
	if err != nil || len(ids) == 0 {
		return err
	}
	members := make([]any, len(ids))
	for i, id := range ids {
		members[i] = id
	}
	err = c.redis.SAdd(ctx, workersKey, members...).Err()
	if c.note(workersKey, err); isWrongType(err) {
		return nil // Members walks too
	}
	return err
}

// Members gives the live workers by id, and takes those out of the set whose heartbeat has run out.
func (c *Client) Members(ctx context.Context) ([]Member, error) {
	ids, err := c.redis.SMembers(ctx, workersKey).Result()
	if c.note(workersKey, err); isWrongType(err) {
		ids, err = c.walk(ctx)
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(ids)
	var members []Member
	leaders := map[string]bool{}
	for some := range slices.Chunk(ids, maxPipeline) {
		live, leader, err := c.members(ctx, some)
		if err != nil {
			return nil, err
		}
		leaders[leader] = true
		members = append(members, live...)
	}
	if len(leaders) > 1 { // what was read before may be of another Redis than what was read after
		return nil, errors.New("the leader's lock changed hands while the workers were read")
	}
	return members, nil
}

func (c *Client) members(ctx context.Context, ids []string) (live []Member, leading string, err error) {
	type answers struct {
		ttl    *redis.DurationCmd
		info   *redis.SliceCmd
		worker *redis.MapStringStringCmd
		detach *redis.IntCmd
	}
	pipe := c.redis.Pipeline()
	asked := make([]answers, len(ids))
	for i, id := range ids {
		asked[i] = answers{
			ttl:    pipe.PTTL(ctx, heartbeatKey(id)),
			info:   pipe.HMGet(ctx, infoKey(id), "grpc_host", "grpc_port"),
			worker: pipe.HGetAll(ctx, workerKey(id)),
			detach: pipe.Exists(ctx, detachKey(id)),
		}
	}
	leader, sub := pipe.Get(ctx, LeaderLock), pipe.Get(ctx, SubLeaderLock)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) && !isAnswer(err) {
		return nil, "", err
	}
	var gone []any
	for i, id := range ids {
		a := asked[i]
		c.note(infoKey(id), a.info.Err())
		c.note(workerKey(id), a.worker.Err())
		unreadable := isWrongType(a.info.Err()) || isWrongType(a.worker.Err())
		if err := firstError(a.ttl.Err(), a.info.Err(), a.worker.Err(), a.detach.Err()); err != nil && !unreadable {
			return nil, "", err
		}
		if a.ttl.Val() <= 0 {
			gone = append(gone, id)
			continue
		}
		said := a.worker.Val()
		live = append(live, Member{
			ID: id, Address: address(a.info.Val()), Role: role(id, leader.Val(), sub.Val(), said["role"]),
			Detached: a.detach.Val() > 0 || said["detached"] == "1", Draining: said["draining"] == "1" || unreadable, // it keeps what it has
			Reports: len(said) > 0, Runs: inHand(said), Slots: slots(said["slots"]),
		})
	}
	if len(gone) == 0 {
		return live, leader.Val(), nil
	}
	return live, leader.Val(), c.redis.SRem(ctx, workersKey, gone...).Err()
}

// inHand reads what a worker has in hand. Others than this node's kind have one run at most.
func inHand(said map[string]string) []string {
	text := said["job_run_ids"]
	if text == "" {
		text = said["current_job_run_id"]
	}
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func slots(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 1
	}
	return n
}

// Address is where a worker says that its gRPC service listens.
func (c *Client) Address(ctx context.Context, id string) (string, error) {
	info, err := c.redis.HMGet(ctx, infoKey(id), "grpc_host", "grpc_port").Result()
	if err != nil {
		return "", err
	}
	if at := address(info); at != "" {
		return at, nil
	}
	return "", fmt.Errorf("worker %s does not say where it listens", id)
}

// Elsewhere tells whether a worker lives on another node that nobody asked to stay away.
func (c *Client) Elsewhere(ctx context.Context, nodeID string) (bool, error) {
	ids, err := c.redis.SMembers(ctx, workersKey).Result()
	if err != nil {
		return false, err
	}
	for some := range slices.Chunk(ids, maxPipeline) {
		pipe := c.redis.Pipeline()
		nodes := make([]*redis.StringCmd, len(some)) // the info hash lives as long as the heartbeat
		detached := make([]*redis.IntCmd, len(some))
		for i, id := range some {
			nodes[i], detached[i] = pipe.HGet(ctx, infoKey(id), "node_id"), pipe.Exists(ctx, detachKey(id))
		}
		if _, err := pipe.Exec(ctx); err != nil && !isAnswer(err) {
			return false, err
		}
		for i := range some {
			if node := nodes[i].Val(); node != "" && node != nodeID && detached[i].Val() == 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

// role believes the locks first: a worker may not have noticed yet.
func role(id, leader, sub, said string) scheduler.Role {
	switch {
	case id == leader:
		return scheduler.Leader
	case id == sub, said == string(scheduler.SubLeader):
		return scheduler.SubLeader
	}
	return scheduler.Plain
}

func address(info []any) string {
	if len(info) != 2 {
		return ""
	}
	host, _ := info[0].(string)
	port, _ := info[1].(string)
	if host == "" || port == "" {
		return ""
	}
	return net.JoinHostPort(host, port)
}
