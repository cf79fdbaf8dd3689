package node

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
)

const (
	// courtesy is for how many ticks a node leaves a free SubLeader's lock to workers of other nodes than the
	// leader's: a host that fails should not take both with it.
	courtesy = 2
	// yieldEvery is how often a SubLeader beside its leader offers its lock to workers of other nodes. One that finds
	// no taker has it back after the courtesy.
	yieldEvery = 30 * time.Second
)

// candidacy is a node's patience with the cluster's SubLeader lock.
type candidacy struct {
	freeSince time.Time // zero: not free
	yielded   time.Time
}

// standAsSub keeps or tries the cluster's SubLeader lock, after workers of other nodes than the leader's.
func (m *membership) standAsSub(ctx context.Context, view cluster.View) bool {
	beside := view.Leader != "" && view.LeaderNode == m.self.NodeID
	switch {
	case view.SubLeader == m.self.ID && beside && m.shouldYield(ctx):
		m.log.Info("offering the SubLeader's lock to other nodes")
		m.release(ctx, cluster.SubLeaderLock)
		m.candidacy.freeSince = time.Now()
		return false
	case view.SubLeader != "":
		m.candidacy.freeSince = time.Time{}
	case beside || view.Leader != "" && view.LeaderNode == "":
		if m.candidacy.freeSince.IsZero() {
			m.candidacy.freeSince = time.Now()
		}
		if time.Since(m.candidacy.freeSince) < courtesy*m.timing().HeartbeatInterval {
			return false
		}
	}
	return m.keep(ctx, cluster.SubLeaderLock, view.SubLeader)
}

func (m *membership) shouldYield(ctx context.Context) bool {
	if time.Since(m.candidacy.yielded) < yieldEvery {
		return false
	}
	elsewhere, err := m.cluster.Elsewhere(ctx, m.self.NodeID)
	if err != nil || !elsewhere {
		return false // looked at again with the next step
	}
	m.candidacy.yielded = time.Now()
	return true
}
