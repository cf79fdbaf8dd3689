package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/archive"
	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/leader"
	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/node/internal/sweep"
	"github.com/opsdeck/opsdeck/backend/node/internal/worker"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// member is the node under one worker id, from joining the cluster to leaving it.
type member struct {
	id         string
	config     Config
	store      *store.Store
	cluster    *cluster.Client
	peers      *peer.Pool // the leader's, to everybody
	followed   *peer.Pool // to the leader and the SubLeader
	settings   *settings.Keeper
	observer   *observer
	worker     *worker.Worker
	membership *membership
	tuner      *tuner
	server     *grpc.Server
	address    string

	endMembership context.CancelFunc
	goroutines    sync.WaitGroup
}

// join makes the node a member under its current id.
func (n *Node) join(ctx context.Context, draining bool) (_ *member, err error) {
	config := n.config
	config.ID = n.ID()
	config.Log = config.Log.With("worker", config.ID)
	m := &member{id: config.ID, config: config, observer: n.observer}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	if m.store, err = store.Open(ctx, config.PostgresURL, "opsdeck-node "+config.ID); err != nil {
		return nil, err
	}
	if err := m.store.CheckVersion(ctx); err != nil {
		return nil, err
	}
	if m.cluster, err = cluster.Open(ctx, config.RedisURL); err != nil {
		return nil, err
	}
	m.cluster.OnWrongKey(m.observer.wrongKey)
	listener, err := listen(config.GRPCHost, config.GRPCPortStart, config.GRPCPortEnd)
	if err != nil {
		return nil, err
	}
	m.assemble(n, listener, draining)
	config.Log.Info("node started", "node", config.NodeID, "address", m.address)
	return m, nil
}

// assemble puts the parts together and starts the member's goroutines.
func (m *member) assemble(n *Node, listener *net.TCPListener, draining bool) {
	m.address = listener.Addr().String()
	self := cluster.Self{
		ID: m.id, NodeID: m.config.NodeID, Host: m.config.GRPCHost, Port: listener.Addr().(*net.TCPAddr).Port,
	}
	m.peers, m.followed = peer.NewPool(n.identity), peer.NewPool(n.identity)
	m.settings = settings.NewKeeper(m.config.settings(), m.config.Log)
	m.tuner = &tuner{store: m.store, settings: m.settings, board: m.observer.board, metrics: m.observer.metrics, now: m.config.Now}
	opened := time.Now()
	m.tuner.heard.Store(&opened)
	m.membership = newMembership(m.config, m.cluster, m.followed, self)
	m.membership.timing, m.membership.metrics = m.settings.Values, m.observer.metrics
	m.worker = worker.New(worker.Config{
		ID: m.id, NodeID: m.config.NodeID, Store: m.store, Draining: draining,
		Standing: m.membership.Standing, Changed: m.membership.Wake, Reload: m.tuner.reload,
		Grace:    func() time.Duration { return m.settings.Values().Confirm },
		Slots:    func() int { return m.settings.Values().MaxJobsPerWorker },
		Template: m.config.CommandTemplate, Env: m.config.Env, Shim: m.config.Shim, KillAfter: m.config.KillAfter,
		MaxLogBytes: m.config.MaxLogBytes, Metrics: m.observer.metrics,
		Log: m.config.Log, Now: m.config.Now,
	})
	m.membership.worker, m.membership.hears = m.worker, m.tuner.hears
	m.membership.leader = leader.New(leader.Config{
		ID: m.id, Store: m.store, Cluster: m.cluster, Peers: m.peers, Settings: m.settings,
		Metrics: m.observer.metrics, Board: m.observer.board, Log: m.config.Log, Now: m.config.Now,
	})
	m.server = grpc.NewServer(grpc.Creds(n.identity.Server()), grpc.UnaryInterceptor(peer.Authorize(n.auth)))
	workerpb.RegisterWorkerServiceServer(m.server, m.worker)

	ctx, cancel := context.WithCancel(context.Background())
	m.endMembership = cancel
	m.goroutines.Go(func() {
		if err := m.server.Serve(listener); err != nil {
			m.config.Log.Error("the gRPC service ended", "error", err)
		}
	})
	m.goroutines.Go(func() { m.membership.run(ctx) })
	m.goroutines.Go(func() { m.tuner.run(ctx) })
	archiver := &archive.Archiver{
		Store: m.store, Settings: m.settings, Metrics: m.observer.metrics, Board: m.observer.board, Log: m.config.Log,
	}
	m.goroutines.Go(func() { archiver.Run(ctx) })
	sweeper := &sweep.Sweeper{
		Store: m.store, Settings: m.settings, Leads: func() bool { return m.membership.knownLeader() == m.id }, Log: m.config.Log,
	}
	m.goroutines.Go(func() { sweeper.Run(ctx) })
}

// leave ends the membership. The run in hand has grace to finish.
func (m *member) leave(ctx context.Context, grace time.Duration) error {
	close(m.membership.leave)
	m.worker.Stop(ctx, grace)
	select {
	case <-m.membership.left:
	case <-ctx.Done():
	case <-time.After(farewell): // Redis is away
	}
	m.endMembership()
	m.server.Stop()
	m.goroutines.Wait()

	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := m.cluster.Leave(last, m.id)
	if err != nil {
		err = fmt.Errorf("the node's keys in Redis expire by themselves: %w", err)
	}
	m.config.Log.Info("node stopped")
	return errors.Join(err, m.close())
}

// close ends connections, in a member that never got all of them too.
func (m *member) close() error {
	var errs []error
	for _, pool := range []*peer.Pool{m.peers, m.followed} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if m.cluster != nil {
		errs = append(errs, m.cluster.Close())
	}
	if m.store != nil {
		m.store.Close()
	}
	return errors.Join(errs...)
}
