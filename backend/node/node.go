package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/leader"
	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/node/internal/worker"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// farewell bounds what Stop does after the run in hand has ended.
const farewell = 5 * time.Second

// Node is one scheduler process. Start it once; Stop may be repeated.
type Node struct {
	config   Config
	identity peer.Identity

	lifecycle sync.Mutex // held by Start and Stop
	running   atomic.Pointer[running]
}

// running is what a started node owns.
type running struct {
	store      *store.Store
	cluster    *cluster.Client
	peers      *peer.Pool // the leader's, to everybody
	followed   *peer.Pool // to the leader
	settings   *settings.Keeper
	worker     *worker.Worker
	membership *membership
	tuner      *tuner
	server     *grpc.Server
	address    string

	endMembership context.CancelFunc
	goroutines    sync.WaitGroup
}

// New checks the configuration. Nothing is connected yet.
func New(config Config) (*Node, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	identity, err := peer.Load(peer.Files{Cert: config.TLSCert, Key: config.TLSKey, CA: config.TLSCA})
	if err != nil {
		return nil, err
	}
	return &Node{config: config, identity: identity}, nil
}

// ID is the worker id, which may have been made at random.
func (n *Node) ID() string { return n.config.ID }

// Addr is where the gRPC service listens, "" while the node does not run.
func (n *Node) Addr() string {
	if r := n.running.Load(); r != nil {
		return r.address
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
func (n *Node) Start(ctx context.Context) (err error) {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	if n.running.Load() != nil {
		return errors.New("the node runs already")
	}
	r := &running{}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	if r.store, err = store.Open(ctx, n.config.PostgresURL, "opsdeck-node "+n.config.ID); err != nil {
		return err
	}
	if err := r.store.CheckVersion(ctx); err != nil {
		return err
	}
	if r.cluster, err = cluster.Open(ctx, n.config.RedisURL); err != nil {
		return err
	}
	listener, err := listen(n.config.GRPCHost, n.config.GRPCPortStart, n.config.GRPCPortEnd)
	if err != nil {
		return err
	}
	n.assemble(r, listener)
	n.running.Store(r)
	n.config.Log.Info("node started", "node", n.config.NodeID, "address", r.address)
	return nil
}

// assemble puts the parts together and starts the node's two goroutines.
func (n *Node) assemble(r *running, listener *net.TCPListener) {
	r.address = listener.Addr().String()
	self := cluster.Self{
		ID: n.config.ID, NodeID: n.config.NodeID,
		Host: n.config.GRPCHost, Port: listener.Addr().(*net.TCPAddr).Port,
	}
	r.peers = peer.NewPool(n.identity)
	r.settings = settings.NewKeeper(n.config.settings(), n.config.Log)
	r.tuner = &tuner{store: r.store, settings: r.settings}
	r.followed = peer.NewPool(n.identity)
	r.membership = newMembership(n.config, r.cluster, r.followed, self)
	r.worker = worker.New(worker.Config{
		ID: n.config.ID, NodeID: n.config.NodeID, Store: r.store,
		Standing: r.membership.Standing, Changed: r.membership.Wake, Reload: r.tuner.reload,
		Template: n.config.CommandTemplate, Env: n.config.Env, Shim: n.config.Shim, KillAfter: n.config.KillAfter,
		Log: n.config.Log, Now: n.config.Now,
	})
	r.membership.worker = r.worker
	r.membership.tuning, r.membership.timing = r.tuner.tuning, r.settings.Values
	r.membership.leader = leader.New(leader.Config{
		ID: n.config.ID, Store: r.store, Cluster: r.cluster, Peers: r.peers, Settings: r.settings,
		Log: n.config.Log, Now: n.config.Now,
	})
	r.server = grpc.NewServer(grpc.Creds(n.identity.Server()))
	workerpb.RegisterWorkerServiceServer(r.server, r.worker)

	ctx, cancel := context.WithCancel(context.Background())
	r.endMembership = cancel
	r.goroutines.Go(func() {
		if err := r.server.Serve(listener); err != nil {
			n.config.Log.Error("the gRPC service ended", "error", err)
		}
	})
	r.goroutines.Go(func() { r.membership.run(ctx) })
	r.goroutines.Go(func() { r.tuner.run(ctx) })
}

// Stop leaves the cluster: it gives its locks up, lets the run in hand go on for StopGrace, kills it and records it
// FAILED if that was not enough, and removes what it told the cluster about itself. When ctx ends first, the rest is
// left to the locks' and heartbeats' expiry. Stopping a stopped node does nothing.
func (n *Node) Stop(ctx context.Context) error {
	n.lifecycle.Lock()
	defer n.lifecycle.Unlock()
	r := n.running.Swap(nil)
	if r == nil {
		return nil
	}
	close(r.membership.leave)
	r.worker.Stop(ctx, n.config.StopGrace)
	select {
	case <-r.membership.left:
	case <-ctx.Done():
	case <-time.After(farewell): // Redis is away
	}
	r.endMembership()
	r.server.Stop()
	r.goroutines.Wait()

	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := r.cluster.Leave(last, n.config.ID)
	if err != nil {
		err = fmt.Errorf("the node's keys in Redis expire by themselves: %w", err)
	}
	n.config.Log.Info("node stopped")
	return errors.Join(err, r.close())
}

// close ends connections, in a node that never got all of them too.
func (r *running) close() error {
	var errs []error
	for _, pool := range []*peer.Pool{r.peers, r.followed} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if r.cluster != nil {
		errs = append(errs, r.cluster.Close())
	}
	if r.store != nil {
		r.store.Close()
	}
	return errors.Join(errs...)
}
