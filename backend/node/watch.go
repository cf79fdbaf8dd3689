package node

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const (
	pingTimeout = 500 * time.Millisecond
	pingTries   = 3
)

// watch is what a SubLeader knows of the leader that it follows. A leader whose note of its last activity stays the
// same, and that does not answer a call, holds its lock and does nothing. How long a note stays the same is measured
// by this node's own monotonic clock, so that clocks may differ.
type watch struct {
	epoch    int64
	lastSeen string
	since    time.Time // when this node first saw that

	checking atomic.Bool
	checks   sync.WaitGroup
}

// watchLeader notices a stale leader, while this node is a SubLeader.
func (m *membership) watchLeader(ctx context.Context, view cluster.View) {
	w := &m.watch
	if w.epoch != view.Epoch || w.lastSeen != view.LastSeen || w.since.IsZero() {
		w.epoch, w.lastSeen, w.since = view.Epoch, view.LastSeen, time.Now()
		return
	}
	follows := m.role == scheduler.SubLeader && view.Leader != "" && view.Leader != m.self.ID
	writes := view.LastSeen != "" // leaders in the field don't
	if !follows || !writes || view.Degrade.Text != "" || time.Since(w.since) < m.timing().LeaderStale {
		return
	}
	if !w.checking.CompareAndSwap(false, true) {
		return
	}
	w.checks.Go(func() {
		defer w.checking.Store(false)
		m.checkLeader(ctx, view)
	})
}

// checkLeader calls a stale leader, and asks it to step down if it does not answer.
func (m *membership) checkLeader(ctx context.Context, view cluster.View) {
	err := m.pingLeader(ctx, view)
	if err == nil || ctx.Err() != nil {
		return
	}
	m.log.Warn("the leader is stale and does not answer: asking it to step down", "leader", view.Leader,
		"epoch", view.Epoch, "error", err)
	reason := fmt.Sprintf("last_seen_ts stands still and %d calls got no answer", pingTries)
	if err := m.cluster.AskToStepDown(ctx, view.Epoch, m.self.ID, reason); err != nil {
		m.log.Warn("asking the leader to step down failed", "error", err)
	}
}

func (m *membership) pingLeader(ctx context.Context, view cluster.View) error {
	address, err := m.cluster.Address(ctx, view.Leader)
	if err != nil {
		return err
	}
	leader, err := m.peers.Worker(address)
	if err != nil {
		return err
	}
	for range pingTries {
		try, cancel := context.WithTimeout(ctx, pingTimeout)
		_, err = leader.Ping(try, &workerpb.PingRequest{CallerRole: string(scheduler.SubLeader), LeaderEpoch: view.Epoch},
			grpc.WaitForReady(true))
		cancel()
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	return err
}
