package node

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/leader"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/worker"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// afterExpiry is how long after a lock's end it is tried: Redis rounds to milliseconds.
const afterExpiry = 5 * time.Millisecond

// capabilities are what operators may ask of this node.
var capabilities = []scheduler.Capability{
	scheduler.CanDetach, scheduler.CanDrain, scheduler.CanDegrade, scheduler.CanContinuation, scheduler.CanArgs,
}

// membership keeps the node in the cluster: with every step it beats, looks who leads, and stands for election in the
// way of the schedulers in the field. Only the SubLeader tries the leader's lock, and only when it has just seen it
// free. All of it happens in one goroutine, run.
type membership struct {
	cluster *cluster.Client
	leader  *leader.Leader
	worker  *worker.Worker
	peers   *peer.Pool // to the leader and the SubLeader that this node follows
	self    cluster.Self
	config  Config
	log     *slog.Logger
	timing  func() settings.Values
	hears   func() bool // PostgreSQL answers
	metrics *metrics.Metrics

	wake   chan struct{}
	leave  chan struct{} // closed: give up every lock and take none
	left   chan struct{} // closed once that is done
	silent bool          // the last beat failed

	departed   chan struct{} // closed when this worker was detached, and may leave now
	departures sync.WaitGroup

	// What run's goroutine knows.
	office      *office // nil: not leading
	retreat     retreat
	inherited   inherited
	candidacy   candidacy
	watch       watch
	departure   *departure // nil: not detached
	role        scheduler.Role
	isSub       bool
	isNodeSub   bool
	goodbye     bool
	hasReleased bool

	stepped     atomic.Pointer[time.Time] // when the last round began
	mu          sync.Mutex
	standing    worker.Standing
	leaderID    string
	subLeaderID string
}

func newMembership(config Config, client *cluster.Client, peers *peer.Pool, self cluster.Self) *membership {
	return &membership{
		cluster: client, peers: peers, self: self, config: config, log: config.Log, role: scheduler.Plain,
		standing: worker.Standing{Role: scheduler.Plain},
		wake:     make(chan struct{}, 1), leave: make(chan struct{}), left: make(chan struct{}),
		departed: make(chan struct{}),
	}
}

// Standing is what the last beat saw.
func (m *membership) Standing() worker.Standing {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.standing
}

// lastStep is when the last round began.
func (m *membership) lastStep() time.Time {
	if at := m.stepped.Load(); at != nil {
		return *at
	}
	return time.Time{}
}

// knownLeader is who led when the node last looked, "" for nobody.
func (m *membership) knownLeader() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.leaderID
}

// Wake makes the next step come at once.
func (m *membership) Wake() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run steps until ctx ends, and leaves the locks to expire unless leave was closed before.
func (m *membership) run(ctx context.Context) {
	defer m.watch.checks.Wait()
	defer m.departures.Wait()
	defer m.stepDown()
	leave := m.leave
	for {
		rest := m.step(ctx)
		timer := time.NewTimer(rest)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-leave:
			m.goodbye, leave = true, nil
		case <-m.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// step is one beat and what follows from it. It tells when the next is due.
func (m *membership) step(ctx context.Context) time.Duration {
	stepped := time.Now()
	m.stepped.Store(&stepped)
	view, err := m.beat(ctx)
	if err != nil {
		return m.timing().HeartbeatInterval // an office ends by itself before its lock can expire
	}
	m.heedDetachFlag(ctx, view)
	before := m.role
	rest := m.timing().HeartbeatInterval
	switch {
	case m.goodbye:
		m.giveUpOnce(ctx)
	case m.office != nil:
		m.stayInOffice(ctx, view)
	case view.Detached, !m.hears():
		m.standAside(ctx, view)
	case m.retreat.lasts(view, m.self.ID):
		m.retire(ctx, view)
	case view.Leader == m.self.ID:
		m.takeOffice(ctx, view, view.Epoch, false) // a restart under the same id
	default:
		rest = m.stand(ctx, view)
	}
	m.role = m.currentRole()
	m.watchLeader(ctx, view)
	if m.role != before {
		m.log.Info("role changed", "role", string(m.role))
		m.metrics.RoleChanged(m.role)
		return 0 // tell the others
	}
	return rest
}

func (m *membership) currentRole() scheduler.Role {
	switch {
	case m.office != nil:
		return scheduler.Leader
	case m.isSub, m.isNodeSub:
		return scheduler.SubLeader
	}
	return scheduler.Plain
}

// beat says that the node lives and remembers what it sees.
func (m *membership) beat(ctx context.Context) (cluster.View, error) {
	m.mu.Lock()
	now := cluster.Condition{
		Role: m.role, Detached: m.standing.Detached, Leader: m.leaderID, Epoch: m.standing.Epoch,
		Capabilities: capabilities,
	}
	m.mu.Unlock()
	now.Runs, now.Draining, now.Slots = m.worker.InHand(), m.worker.Draining(), m.timing().MaxJobsPerWorker
	at, sent, ttl := m.config.Now(), time.Now(), m.timing().HeartbeatTTL
	view, err := m.cluster.Beat(ctx, m.self, now, at, ttl)
	if silent := err != nil; silent != m.silent && ctx.Err() == nil {
		m.silent = silent
		if silent {
			m.log.Warn("Redis does not answer", "error", err)
		} else {
			m.log.Info("Redis answers again")
		}
	}
	if err != nil {
		return view, err
	}
	m.worker.Beaten(sent, ttl, now.Runs)
	if view.Leader != now.Leader {
		view.LeaderNode = "" // that was its predecessor's
		m.peers.Keep(nil)
		m.Wake()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.leaderID, m.subLeaderID = view.Leader, view.SubLeader
	m.standing = worker.Standing{Role: m.role, Epoch: view.Epoch, Detached: view.Detached, LastBeat: at}
	return view, nil
}
