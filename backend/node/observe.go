package node

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// stuckAfter is when a node that does not go its rounds counts as dead. Each wait inside a round is far shorter.
	stuckAfter    = 30 * time.Second
	headerTimeout = 5 * time.Second
)

// observer tells what the node does, under whichever worker id it does it.
type observer struct {
	metrics *metrics.Metrics
	board   *metrics.Board
	health  func() metrics.Health

	mu       sync.Mutex
	listener net.Listener // nil: nobody asked for metrics
	server   *http.Server
	serving  sync.WaitGroup
}

func (n *Node) newObserver() *observer {
	o := &observer{board: metrics.NewBoard(n.config.Log), health: n.health}
	o.metrics = metrics.New(metrics.Sources{
		WorkerID: n.ID,
		Settings: func() settings.Values {
			if m := n.member.Load(); m != nil {
				return m.settings.Values()
			}
			return n.config.settings()
		},
		CurrentRuns: func() []string {
			if m := n.member.Load(); m != nil {
				return m.worker.InHand()
			}
			return nil
		},
		LeaderKnown: func() bool { m := n.member.Load(); return m != nil && m.membership.knownLeader() != "" },
		Problems: func() map[string]int {
			counts := o.board.Counts()
			if m := n.member.Load(); m != nil {
				counts[metrics.BadSetting] = len(m.settings.Problems())
			}
			return counts
		},
	})
	return o
}

// wrongKey tells of a Redis key whose type is wrong, or right again.
func (o *observer) wrongKey(key string, err error) {
	if err == nil {
		o.board.Clear(metrics.BadKey, key)
		return
	}
	o.metrics.WrongKey()
	o.board.Report(metrics.BadKey, key, "somebody has written something else there; it is taken for absent, and replaced where it is this node's: "+err.Error())
}

// health judges the node. While it rejoins it is alive and not ready.
func (n *Node) health() metrics.Health {
	h := metrics.Health{WorkerID: n.ID(), Alive: true, Problems: n.observer.board.Problems()}
	m := n.member.Load()
	if m == nil {
		return h
	}
	standing := m.membership.Standing()
	h.Role, h.LastBeat = standing.Role, standing.LastBeat
	for _, p := range m.settings.Problems() {
		h.Problems = append(h.Problems, metrics.Problem{Kind: metrics.BadSetting, What: p.Key, Message: p.Message})
	}
	h.Alive = time.Since(m.membership.lastStep()) < stuckAfter
	beats := time.Since(standing.LastBeat) < m.settings.Values().HeartbeatTTL
	h.Ready = beats && m.tuner.answers() && !standing.Detached && !m.worker.Draining()
	return h
}

// listen serves metrics and health at an address; an empty one means nowhere.
func (o *observer) listen(address string, log *slog.Logger) error {
	if address == "" {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return scheduler.Errorf(scheduler.Unavailable, "node.no_metrics_address",
			"metrics can't be served at %s: give another address", address).With("address", address).Because(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.listener = listener
	o.server = &http.Server{
		Handler: o.metrics.Handler(o.health), ReadHeaderTimeout: headerTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	o.serving.Go(func() {
		if err := o.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("serving metrics ended", "error", err)
		}
	})
	return nil
}

func (o *observer) address() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.listener == nil {
		return ""
	}
	return o.listener.Addr().String()
}

func (o *observer) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.server == nil {
		return nil
	}
	err := o.server.Close()
	o.serving.Wait()
	o.listener, o.server = nil, nil
	return err
}

// MetricsAddr is where metrics and health are served, "" where they are not.
func (n *Node) MetricsAddr() string { return n.observer.address() }
