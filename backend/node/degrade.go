package node

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
)

// retreat is the time in which a leader that was asked to step down does not stand: until another has led, or the
// request has expired. The zero value is over.
type retreat struct {
	epoch int64     // that it led in
	until time.Time // by the monotonic clock
}

func (r retreat) lasts(view cluster.View, self string) bool {
	anotherLed := view.Epoch > r.epoch || view.Leader != "" && view.Leader != self
	return time.Now().Before(r.until) && !anotherLed
}

// inherited is a request without an epoch that was there before this node took office: it was another leader's.
type inherited struct {
	text  string
	until time.Time
}

// renewedBy is what a clock and a round trip may add to what is left of a request. More is a new request.
const renewedBy = time.Second

func (i inherited) is(d cluster.Degrade) bool {
	return i.text != "" && i.text == d.Text && time.Until(i.until)+renewedBy >= d.TTL
}

// mustStepDown tells whether somebody asks the leader of this node's term to step down.
func (m *membership) mustStepDown(view cluster.View) bool {
	asked := view.Degrade
	switch {
	case asked.Text == "":
		return false
	case asked.Epoch != 0:
		return asked.Epoch == view.Epoch
	}
	return !m.inherited.is(asked)
}

// retreatFromOffice obeys a request: the last write is over before the lock is free.
func (m *membership) retreatFromOffice(ctx context.Context, view cluster.View) {
	m.log.Warn("asked to step down", "epoch", view.Epoch, "by", view.Degrade.By, "reason", view.Degrade.Reason)
	m.stepDown()
	m.retreat = retreat{epoch: view.Epoch, until: time.Now().Add(view.Degrade.TTL)}
	m.release(ctx, cluster.LeaderLock)
}

// retire keeps a leader that stepped down from being in the way of the next.
func (m *membership) retire(ctx context.Context, view cluster.View) {
	if view.Leader == m.self.ID {
		m.release(ctx, cluster.LeaderLock)
	}
	if view.SubLeader == m.self.ID {
		m.release(ctx, cluster.SubLeaderLock)
	}
	m.isSub = false
	m.isNodeSub = m.keep(ctx, cluster.NodeSubLeaderLock(m.self.NodeID), view.NodeSubLeader)
}
