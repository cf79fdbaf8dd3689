package node

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
)

// farewell bounds what Stop does after the run in hand has ended.
const farewell = 5 * time.Second

// rejoinTimeout bounds one try to join again.
const rejoinTimeout = 15 * time.Second

// Node is one scheduler process. Start it once; Stop may be repeated.
type Node struct {
	config   Config // without a worker's id
	identity peer.Identity
	auth     peer.Auth

	lifecycle sync.Mutex // held by Start and Stop
	member    atomic.Pointer[member]
	id        atomic.Pointer[string]
	stop      context.CancelFunc // of the goroutine that rejoins; nil: not started
	rejoins   sync.WaitGroup
	observer  *observer
}

// New checks the configuration. Nothing is connected yet.
func New(config Config) (*Node, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	auth, err := peer.ParseAuth(config.PeerAuth)
	if err != nil {
		return nil, err
	}
	identity, err := peer.Load(peer.Files{Cert: config.TLSCert, Key: config.TLSKey, CA: config.TLSCA}, auth, config.Log)
	if err != nil {
		return nil, err
	}
	n := &Node{config: config, identity: identity, auth: auth}
	id := config.ID
	if id == "" {
		id = randomID()
	}
	n.id.Store(&id)
	n.observer = n.newObserver()
	return n, nil
}

// ID is the worker id. It may have been made at random, and changes when the node was detached and rejoins.
func (n *Node) ID() string { return *n.id.Load() }

// Addr is where the gRPC service listens, "" while the node does not run.
func (n *Node) Addr() string {
	if m := n.member.Load(); m != nil {
		return m.address
	}
	return ""
}

// Run starts the node and stops it when ctx ends.
func (n *Node) Run(ctx context.Context) error {
	if err := n.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	n.config.Log.Info("stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), n.config.StopGrace+n.config.KillAfter+farewell)
	defer cancel()
	return n.Stop(stopping)
}

// Start connects, joins the cluster and returns. ctx bounds only the start.
func (n *Node) Start(ctx context.Context) error {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	if n.stop != nil {
		return errors.New("the node runs already")
	}
	if err := n.observer.listen(n.config.MetricsAddr, n.config.Log); err != nil {
		return err
	}
	m, err := n.join(ctx, false)
	if err != nil {
		return errors.Join(err, n.observer.close())
	}
	n.member.Store(m)
	rejoining, stop := context.WithCancel(context.Background())
	n.stop = stop
	n.rejoins.Go(func() { n.keepRejoining(rejoining, m) })
	return nil
}

// Stop leaves the cluster: it gives its locks up, lets the run in hand go on for StopGrace, kills it and hands it over
// to another worker if that was not enough, and removes what it told the cluster about itself. When ctx ends first, the
// rest is left to the locks' and heartbeats' expiry. Stopping a stopped node does nothing.
func (n *Node) Stop(ctx context.Context) error {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	if n.stop == nil {
		return nil
	}
	n.stop()
	n.stop = nil
	n.rejoins.Wait()
	m := n.member.Swap(nil)
	if m == nil { // it was about to rejoin
		return n.observer.close()
	}
	return errors.Join(m.leave(ctx, n.config.StopGrace), n.observer.close())
}

// keepRejoining brings a detached worker back under a new id, until ctx ends.
func (n *Node) keepRejoining(ctx context.Context, m *member) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-m.membership.departed:
		}
		draining := m.worker.Draining()
		n.member.Store(nil)
		id := n.config.anotherID()
		n.config.Log.Info("leaving to rejoin under a new id", "worker", m.id, "new", id)
		if err := m.leave(context.WithoutCancel(ctx), 0); err != nil {
			n.config.Log.Warn("leaving was not complete", "worker", m.id, "error", err)
		}
		n.id.Store(&id)
		var err error
		if m, err = n.rejoin(ctx, draining); err != nil {
			return
		}
		n.member.Store(m)
	}
}

// rejoin tries until it works or ctx ends: a server may be away just now.
func (n *Node) rejoin(ctx context.Context, draining bool) (*member, error) {
	for {
		bounded, cancel := context.WithTimeout(ctx, rejoinTimeout)
		m, err := n.join(bounded, draining)
		cancel()
		if err == nil {
			return m, nil
		}
		n.config.Log.Warn("rejoining failed; trying again", "error", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(n.config.Tick):
		}
	}
}
