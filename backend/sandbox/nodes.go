package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ReasonNodeFailed is why a sandbox has no cluster: a node process ended while it started.
const ReasonNodeFailed = "sandbox.node_failed"

const (
	nodeLogLimit = 4 << 20
	// nodeGrace is how long a node waits for the run in hand when the sandbox stops, before it ends the run.
	nodeGrace = time.Second
	// nodePatience is how long a node may take for that, and for leaving the cluster, before it is killed.
	nodePatience = 12 * time.Second
	electionTime = 30 * time.Second

	epochKey        = "scheduler:leader:epoch"
	postgresURLFile = "postgres-url"
	redisURLFile    = "redis-url"
)

// slot is the place of a node process. Whoever fills it after a death has a new worker id.
type slot struct {
	name string // node-a-1: its certificate, its log
	node string // node-a
}

func slots(nodeIDs []string) []slot {
	var all []slot
	count := map[string]int{}
	for _, id := range nodeIDs {
		count[id]++
		all = append(all, slot{name: id + "-" + strconv.Itoa(count[id]), node: id})
	}
	return all
}

// nodes are the node processes, each with a goroutine that puts a new one in its place when it dies.
type nodes struct {
	sandbox *Sandbox
	redis   *redis.Client
	argv    []string // of every node, before what is its own

	cancel  context.CancelFunc
	keepers sync.WaitGroup

	mu  sync.Mutex
	ids map[string]bool // every worker id ever given here
}

// running is one node process.
type running struct {
	id      string
	process *child.Process
	log     *child.Log
	stdin   *os.File // the end of it tells the node to stop
}

func (s *Sandbox) startNodes(ctx context.Context) error {
	s.progress(Progress{Step: StepNodes})
	argv, err := s.nodeArgv()
	if err != nil {
		return err
	}
	options, err := redis.ParseURL(s.redis.URL(0))
	if err != nil {
		return err
	}
	keeping, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s.nodes = &nodes{sandbox: s, redis: redis.NewClient(options), argv: argv, cancel: cancel, ids: map[string]bool{}}
	if err := s.nodes.forgetCluster(ctx); err != nil {
		return fmt.Errorf("clear the last cluster's keys: %w", err)
	}
	var started []*running
	for _, place := range slots(s.config.Nodes) {
		node, err := s.nodes.start(place)
		if err != nil {
			return err
		}
		started = append(started, node)
		s.nodes.keepers.Go(func() { s.nodes.keep(keeping, place, node) })
	}
	return s.nodes.waitElected(ctx, started)
}

// nodeArgv writes the files that hold secrets: a command line can be read by every user of the machine.
func (s *Sandbox) nodeArgv() ([]string, error) {
	if err := os.MkdirAll(s.layout.nodes(), 0o700); err != nil {
		return nil, s.layout.explain(err)
	}
	files := map[string]string{postgresURLFile: s.logins.ownerURL(s.postgres), redisURLFile: s.redis.URL(0)}
	for name, secret := range files {
		if err := os.WriteFile(filepath.Join(s.layout.nodes(), name), []byte(secret), 0o600); err != nil {
			return nil, s.layout.explain(err)
		}
	}
	template, err := json.Marshal(s.config.JobCommand)
	if err != nil {
		return nil, err
	}
	return append(append([]string{}, s.config.NodeCommand...),
		"--postgres-url-file", filepath.Join(s.layout.nodes(), postgresURLFile),
		"--redis-url-file", filepath.Join(s.layout.nodes(), redisURLFile),
		"--grpc-host", "127.0.0.1",
		"--grpc-port-start", strconv.Itoa(s.config.PortStart), "--grpc-port-end", strconv.Itoa(s.config.PortEnd),
		"--command-template", string(template),
		"--stop-grace", nodeGrace.String(), "--exit-with-stdin", "--log-format", "json",
	), nil
}

// forgetCluster removes what a killed cluster left in Redis: its locks would hold the election up. The epoch stays, it
// must only ever grow.
func (n *nodes) forgetCluster(ctx context.Context) error {
	keys, err := n.redis.Keys(ctx, "scheduler:*").Result()
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key == epochKey {
			continue
		}
		if err := n.redis.Del(ctx, key).Err(); err != nil {
			return err
		}
	}
	return n.redis.SetNX(ctx, epochKey, n.sandbox.logins.lastEpoch, 0).Err()
}

func (n *nodes) start(place slot) (*running, error) {
	id := n.newID()
	cert := n.sandbox.certs[place.name]
	log, err := child.OpenLog(filepath.Join(n.sandbox.layout.nodes(), place.name+".log"), nodeLogLimit)
	if err != nil {
		return nil, n.sandbox.layout.explain(err)
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	defer theirs.Close()
	process, err := child.Start(child.Config{
		Argv: append(append([]string{}, n.argv...), "--id", id, "--node-id", place.node,
			"--tls-cert", cert.Cert, "--tls-key", cert.Key, "--tls-ca", cert.CA),
		Dir: n.sandbox.layout.nodes(), Output: log, Stdin: theirs, DeathSignal: syscall.SIGKILL,
	})
	if err != nil {
		return nil, errors.Join(nodeFailed(place).Because(err), ours.Close(), log.Close())
	}
	pidFile := filepath.Join(n.sandbox.layout.nodes(), place.name+".pid")
	if err := os.WriteFile(pidFile, []byte(strconv.Itoa(process.PID())), 0o600); err != nil {
		return nil, errors.Join(n.sandbox.layout.explain(err), process.Stop(context.Background(), os.Kill, 0), ours.Close(), log.Close())
	}
	n.sandbox.config.Log.Info("sandbox node started", "worker", id, "node", place.node, "pid", process.PID())
	return &running{id: id, process: process, log: log, stdin: ours}, nil
}

// newID draws a three-digit number that nobody here has had, as the schedulers of the field draw theirs.
func (n *nodes) newID() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	for limit := 900; ; limit *= 10 { // after some hundred deaths the ids get longer
		for range 100 {
			id := strconv.Itoa(100 + rand.IntN(limit))
			if !n.ids[id] {
				n.ids[id] = true
				return id
			}
		}
	}
}

// keep owns a place until the sandbox stops.
func (n *nodes) keep(ctx context.Context, place slot, node *running) {
	for {
		select {
		case <-node.process.Done():
			n.sandbox.config.Log.Warn("sandbox node has died; another takes its place", "worker", node.id, "node", place.node,
				"after", n.sandbox.config.RestartAfter, "why", node.process.Err())
		case <-ctx.Done():
		}
		n.end(place, node)
		for {
			select {
			case <-time.After(n.sandbox.config.RestartAfter):
			case <-ctx.Done():
				return
			}
			next, err := n.start(place)
			if err == nil {
				node = next
				break
			}
			n.sandbox.config.Log.Error("sandbox node can't be started", "node", place.node, "err", err)
		}
	}
}

// end tells a node to stop, if it still runs, and waits until it has.
func (n *nodes) end(place slot, node *running) {
	_ = node.stdin.Close() // whoever does not know signals learns it from this
	if err := node.process.Stop(context.Background(), syscall.SIGTERM, nodePatience); err != nil {
		n.sandbox.config.Log.Error("sandbox node can't be ended", "worker", node.id, "err", err)
	}
	_ = node.log.Close()
	_ = os.Remove(filepath.Join(n.sandbox.layout.nodes(), place.name+".pid"))
}

// waitElected waits until every node is alive and one of them leads.
func (n *nodes) waitElected(ctx context.Context, started []*running) error {
	ctx, cancel := context.WithTimeout(ctx, electionTime)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	wanted := []string{"scheduler:leader:lock"}
	for _, node := range started {
		wanted = append(wanted, "scheduler:worker:"+node.id+":heartbeat")
	}
	for {
		there, err := n.redis.Exists(ctx, wanted...).Result()
		if err == nil && int(there) == len(wanted) {
			return nil
		}
		n.sandbox.progress(Progress{Step: StepNodes, Done: there, Total: int64(len(wanted))})
		for i, node := range started {
			select {
			case <-node.process.Done():
				return nodeFailed(slots(n.sandbox.config.Nodes)[i]).Because(errors.New(node.log.Tail()))
			default:
			}
		}
		select {
		case <-ctx.Done():
			return scheduler.Errorf(scheduler.Unavailable, ReasonFailed,
				"the sandbox's nodes have not elected a leader in %s; their logs are in %s", electionTime, n.sandbox.layout.nodes()).
				With("dir", n.sandbox.layout.nodes()).Because(errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

func nodeFailed(place slot) *scheduler.Error {
	return scheduler.Errorf(scheduler.Internal, ReasonNodeFailed,
		"the sandbox's node process %s ended while it started; its last words are in its log in the sandbox's folder", place.name).
		With("node", place.name)
}

// stop ends all nodes at once and returns when they are gone.
func (n *nodes) stop(ctx context.Context) error {
	n.cancel()
	gone := make(chan struct{})
	go func() {
		n.keepers.Wait()
		close(gone)
	}()
	var err error
	select {
	case <-gone:
	case <-ctx.Done():
		err = fmt.Errorf("stop the sandbox's nodes: %w", ctx.Err())
	}
	for _, secret := range []string{postgresURLFile, redisURLFile} {
		_ = os.Remove(filepath.Join(n.sandbox.layout.nodes(), secret)) // of no use any more: the next start makes others
	}
	return errors.Join(err, n.redis.Close())
}
