package redisstore

import (
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// leaders is what the locks say, with ids as Redis holds them.
type leaders struct {
	leader, subLeader string
	lockTTL           time.Duration
	epoch, seen       string
	degrading         bool
	nodeSubLeader     map[string]string // by node
}

// leadership reads the locks and the set of registered workers in one round trip.
func (s *Store) leadership(ctx context.Context, nodes []string) (leaders, []string, error) {
	pipe := s.client.Pipeline()
	members := pipe.SMembers(ctx, workersSet)
	leader, ttl := pipe.Get(ctx, leaderLock), pipe.PTTL(ctx, leaderLock)
	sub, epoch, seen := pipe.Get(ctx, subLeaderLock), pipe.Get(ctx, leaderEpoch), pipe.Get(ctx, leaderSeen)
	degrade := pipe.Exists(ctx, leaderDegrade)
	locks := queueNodeLocks(ctx, pipe, nodes)
	if err := run(ctx, pipe); err != nil {
		return leaders{}, nil, err
	}
	l := leaders{
		leader: leader.Val(), subLeader: sub.Val(), lockTTL: max(ttl.Val(), 0), epoch: epoch.Val(), seen: seen.Val(),
		degrading: degrade.Val() > 0, nodeSubLeader: map[string]string{},
	}
	l.addNodeLocks(nodes, locks)
	return l, members.Val(), nil
}

func queueNodeLocks(ctx context.Context, pipe redis.Pipeliner, nodes []string) []*redis.StringCmd {
	locks := make([]*redis.StringCmd, len(nodes))
	for i, node := range nodes {
		locks[i] = pipe.Get(ctx, nodeSubLeaderLock(node))
	}
	return locks
}

func (l *leaders) addNodeLocks(nodes []string, locks []*redis.StringCmd) {
	for i, node := range nodes {
		if holder := locks[i].Val(); holder != "" {
			l.nodeSubLeader[node] = holder
		}
	}
}

// holders are the workers that hold a lock.
func (l leaders) holders() []string {
	ids := []string{l.leader, l.subLeader}
	for _, id := range l.nodeSubLeader {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}

// roleOf tells what the locks make of a worker, which may believe something else.
func (l leaders) roleOf(worker string) scheduler.Role {
	switch {
	case worker == l.leader:
		return scheduler.Leader
	case worker == l.subLeader:
		return scheduler.SubLeader
	}
	for _, id := range l.nodeSubLeader {
		if worker == id {
			return scheduler.SubLeader
		}
	}
	return scheduler.Plain
}

func (l leaders) leadership() scheduler.Leadership {
	result := scheduler.Leadership{
		LeaderID: clean(l.leader), LockTTL: l.lockTTL, Epoch: integer(l.epoch), LastSeen: moment(l.seen),
		SubLeaderID: clean(l.subLeader), NodeSubLeader: map[string]string{}, Degrading: l.degrading,
	}
	for node, id := range l.nodeSubLeader {
		result.NodeSubLeader[clean(node)] = clean(id)
	}
	return result
}

func (s *Store) knownNodes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nodes
}

// remember notes the nodes of this look, and which unregistered workers it met, for the next one. It reads the locks of
// nodes that are new now.
func (s *Store) remember(ctx context.Context, l *leaders, records []record) error {
	var nodes []string
	met := make(map[string]bool, len(records))
	for _, r := range records {
		nodes = append(nodes, r.node())
		met[r.key] = true
	}
	slices.Sort(nodes)
	nodes = slices.DeleteFunc(slices.Compact(nodes), func(id string) bool { return id == "" })

	s.mu.Lock()
	fresh := slices.DeleteFunc(slices.Clone(nodes), func(id string) bool { return slices.Contains(s.nodes, id) })
	s.nodes = nodes
	s.sweep.found = slices.DeleteFunc(slices.Clone(s.sweep.found), func(id string) bool { return !met[id] })
	s.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	pipe := s.client.Pipeline()
	locks := queueNodeLocks(ctx, pipe, fresh)
	if err := run(ctx, pipe); err != nil {
		return err
	}
	l.addNodeLocks(fresh, locks)
	return nil
}
