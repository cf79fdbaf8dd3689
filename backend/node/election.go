package node

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/leader"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// office is the time in which this node holds the leader's lock. Its context ends before the lock can, by the
// monotonic clock: a leader that can't renew stops acting.
type office struct {
	end    context.CancelFunc
	expire *time.Timer
	done   chan struct{}

	mu  sync.Mutex
	err error
}

// margin is how long before the lock's expiry an office ends. What was sent to PostgreSQL by then is fenced by the
// term, what was sent to workers by the epoch.
func margin(ttl time.Duration) time.Duration { return min(time.Second, ttl/5) }

// enterOffice lets l lead. The lock was taken or renewed for ttl at the moment of asked or later.
func enterOffice(ctx context.Context, l *leader.Leader, epoch int64, fresh bool, asked time.Time, ttl time.Duration, over func()) *office {
	ctx, cancel := context.WithCancel(ctx)
	o := &office{end: cancel, done: make(chan struct{})}
	o.expire = time.AfterFunc(time.Until(asked.Add(ttl-margin(ttl))), cancel)
	go func() {
		defer over()
		defer close(o.done)
		err := l.Lead(ctx, epoch, fresh)
		o.mu.Lock()
		o.err = err
		o.mu.Unlock()
	}()
	return o
}

// renewed prolongs the office. One that has ended stays so.
func (o *office) renewed(asked time.Time, ttl time.Duration) {
	if o.expire.Stop() {
		o.expire.Reset(time.Until(asked.Add(ttl - margin(ttl))))
	}
}

// over tells whether the leader has stopped acting, and whether because another term began.
func (o *office) over() (over, replaced bool) {
	select {
	case <-o.done:
		o.mu.Lock()
		defer o.mu.Unlock()
		return true, errors.Is(o.err, store.ErrTermOver)
	default:
		return false, false
	}
}

// close waits until the leader has stopped acting.
func (o *office) close() {
	o.expire.Stop()
	o.end()
	<-o.done
}

// stayInOffice renews the lock, or steps down at once.
func (m *membership) stayInOffice(ctx context.Context, view cluster.View) {
	over, replaced := m.office.over()
	if replaced {
		m.log.Warn("another leader's term has begun")
		m.stepDown()
		m.release(ctx, cluster.LeaderLock)
		return
	}
	if over || view.Leader != m.self.ID {
		m.stepDown()
		return
	}
	if !m.hears() {
		m.log.Warn("PostgreSQL does not answer this leader: leaving the office to whom it answers")
		m.stepDown()
		m.release(ctx, cluster.LeaderLock)
		return
	}
	if view.Detached && view.SubLeader != "" && view.SubLeader != m.self.ID {
		m.log.Info("a detached leader hands its office over", "to", view.SubLeader)
		m.stepDown()
		m.release(ctx, cluster.LeaderLock)
		return
	}
	if m.mustStepDown(view) {
		m.retreatFromOffice(ctx, view)
		return
	}
	asked := time.Now()
	held, err := m.cluster.Renew(ctx, cluster.LeaderLock, m.self.ID, m.timing().LeaderLockTTL)
	switch {
	case err != nil:
		m.log.Warn("renewing the leader's lock failed", "error", err) // the office goes on until its time is over
	case held:
		m.office.renewed(asked, m.timing().LeaderLockTTL)
	default:
		m.stepDown()
	}
}

// takeOffice starts to lead with a lock that is this node's.
func (m *membership) takeOffice(ctx context.Context, view cluster.View, epoch int64, fresh bool) {
	asked := time.Now()
	held, err := m.cluster.Renew(ctx, cluster.LeaderLock, m.self.ID, m.timing().LeaderLockTTL)
	if err != nil || !held {
		return // the next step sees whose it is
	}
	m.retreat = retreat{}
	m.inherited = inherited{text: view.Degrade.Text, until: asked.Add(view.Degrade.TTL)}
	m.office = enterOffice(ctx, m.leader, epoch, fresh, asked, m.timing().LeaderLockTTL, m.Wake)
	m.releaseSubLocks(ctx)
}

// stand keeps or tries the SubLeaders' locks, and tries the leader's if this is the SubLeader and it is free.
func (m *membership) stand(ctx context.Context, view cluster.View) time.Duration {
	m.isSub = m.standAsSub(ctx, view)
	m.isNodeSub = m.keep(ctx, cluster.NodeSubLeaderLock(m.self.NodeID), view.NodeSubLeader)
	if m.isSub && view.Leader == "" {
		m.tryOffice(ctx, view)
	}
	// Whoever waits for a lock comes back at its end, not at some later tick.
	awaited := view.SubLeaderTTL
	if m.isSub {
		awaited = view.LeaderTTL
	}
	if awaited > 0 {
		return min(m.timing().HeartbeatInterval, awaited+afterExpiry)
	}
	return m.timing().HeartbeatInterval
}

func (m *membership) tryOffice(ctx context.Context, view cluster.View) {
	won, err := m.cluster.Acquire(ctx, cluster.LeaderLock, m.self.ID, m.timing().LeaderLockTTL)
	if err != nil || !won {
		return
	}
	epoch, err := m.cluster.RaiseEpoch(ctx, 1)
	if err != nil {
		return // the next step finds the lock its own, and the term not: that raises the epoch
	}
	m.takeOffice(ctx, view, epoch, true)
}

// keep renews a lock of this node's and takes a free one.
func (m *membership) keep(ctx context.Context, lock, holder string) bool {
	var held bool
	var err error
	switch holder {
	case m.self.ID:
		held, err = m.cluster.Renew(ctx, lock, m.self.ID, m.timing().LeaderLockTTL)
	case "":
		held, err = m.cluster.Acquire(ctx, lock, m.self.ID, m.timing().LeaderLockTTL)
	}
	return held && err == nil
}

// stepDown ends the office, if there is one; its lock is not touched.
func (m *membership) stepDown() {
	if m.office == nil {
		return
	}
	m.office.close()
	m.office = nil
	m.log.Info("no longer leading")
}

// giveUpOnce lets every lock go and says so. The leader's goes after the last write.
func (m *membership) giveUpOnce(ctx context.Context) {
	if m.hasReleased {
		return
	}
	m.stepDown()
	if m.release(ctx, cluster.LeaderLock) && m.releaseSubLocks(ctx) {
		m.hasReleased = true
		close(m.left)
	}
}

func (m *membership) releaseSubLocks(ctx context.Context) bool {
	m.isSub, m.isNodeSub = false, false
	first := m.release(ctx, cluster.SubLeaderLock)
	second := m.release(ctx, cluster.NodeSubLeaderLock(m.self.NodeID))
	return first && second
}

// release gives a lock back if it is this node's. If Redis is away, it expires.
func (m *membership) release(ctx context.Context, lock string) bool {
	err := m.cluster.Release(ctx, lock, m.self.ID)
	if err != nil {
		m.log.Warn("giving a lock up failed", "lock", lock, "error", err)
	}
	return err == nil
}
