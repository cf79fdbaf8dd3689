package redisstore

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// A pool that was closed while it waited for a server goes on waiting for a second.
func TestMain(m *testing.M) {
	servertest.MainWithoutLeaks(m, goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

// cluster is a Redis with a Store that reads it and a client that fills it.
type cluster struct {
	*testing.T
	url   string
	redis *redis.Client
	clock *atomic.Int64 // seconds since the epoch
	store *Store
}

func newCluster(t *testing.T) cluster {
	t.Helper()
	c := cluster{T: t, url: servertest.Redis(t), clock: new(atomic.Int64)}
	c.clock.Store(1_800_000_000)
	c.redis = servertest.RedisClient(t, c.url)
	c.store = c.open(c.url)
	return c
}

func (c cluster) now() time.Time { return time.Unix(c.clock.Load(), 0).UTC() }

func (c cluster) open(url string) *Store {
	c.Helper()
	store, err := Open(c.Context(), url, c.now, slog.New(slog.DiscardHandler))
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(store.Close)
	return store
}

func (c cluster) fleet() scheduler.Fleet {
	c.Helper()
	fleet, err := c.store.Fleet(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	return fleet
}

func (c cluster) do(args ...any) {
	c.Helper()
	if err := c.redis.Do(c.Context(), args...).Err(); err != nil {
		c.Fatalf("%v: %v", args, err)
	}
}

// djangoWorker publishes what the Django scheduler's processes do: no set, no state.
func (c cluster) djangoWorker(id, node string) {
	c.Helper()
	c.do("set", heartbeatKey(id), "1799999999.5", "px", 15000)
	c.do("hset", infoKey(id), "worker_id", id, "node_id", node, "grpc_host", "10.0.0.1", "grpc_port", "50051", "last_seen", "1799999999.25")
}

// ourWorker publishes what a node of ours does.
func (c cluster) ourWorker(id, node string, state ...any) {
	c.Helper()
	c.djangoWorker(id, node)
	c.do("sadd", workersSet, id)
	c.do(append([]any{"hset", stateKey(id), "node_id", node, "pid", 77, "grpc_host", "10.0.0.1", "grpc_port", 50051,
		"load", 0, "current_job_run_id", "", "detached", 0, "draining", 0, "leader_worker_id", "w-1", "epoch", 3,
		"last_heartbeat_ts", "1799999999.5", "role", "leader", "capabilities", "detach, drain"}, state...)...)
}

func ids(f scheduler.Fleet) []string {
	var list []string
	for _, w := range f.Workers {
		list = append(list, w.ID)
	}
	return list
}

func TestFleetReadsWorkersOfOurs(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.ourWorker("w-2", "node-b", "load", 1, "current_job_run_id", "4711", "detached", 1, "draining", "true")
	c.ourWorker("w-1", "node-a")
	c.do("set", detachKey("w-2"), `{"by":"ops"}`)
	c.do("set", leaderLock, "w-1", "px", 10000)
	c.do("set", subLeaderLock, "w-2", "px", 10000)
	c.do("set", nodeSubLeaderLock("node-b"), "w-2", "px", 10000)
	c.do("set", leaderEpoch, 3)
	c.do("set", leaderSeen, "1799999998")
	c.do("set", leaderDegrade, "1")

	got := c.fleet()
	for i, w := range got.Workers {
		if w.HeartbeatTTL <= 0 || w.HeartbeatTTL > 15*time.Second {
			t.Errorf("%s has %s left", w.ID, w.HeartbeatTTL)
		}
		got.Workers[i].HeartbeatTTL = 0
	}
	if ttl := got.Leadership.LockTTL; ttl <= 0 || ttl > 10*time.Second {
		t.Errorf("the lock has %s left", ttl)
	}
	got.Leadership.LockTTL = 0
	epoch, seen, beat := int64(3), time.Unix(1799999998, 0).UTC(), time.Unix(1799999999, 5e8).UTC()
	can := []scheduler.Capability{scheduler.CanDetach, scheduler.CanDrain}
	want := scheduler.Fleet{
		AsOf: c.now(),
		Leadership: scheduler.Leadership{
			LeaderID: "w-1", Epoch: &epoch, LastSeen: &seen, SubLeaderID: "w-2",
			NodeSubLeader: map[string]string{"node-b": "w-2"}, Degrading: true,
		},
		Workers: []scheduler.Worker{
			{ID: "w-1", NodeID: "node-a", Address: "10.0.0.1:50051", Role: scheduler.Leader, LastHeartbeat: beat,
				Reports: true, PID: 77, SeenLeader: "w-1", SeenEpoch: &epoch, Capabilities: can},
			{ID: "w-2", NodeID: "node-b", Address: "10.0.0.1:50051", Role: scheduler.SubLeader, LastHeartbeat: beat,
				Reports: true, PID: 77, Load: 1, CurrentRun: "4711", Detached: true, Draining: true,
				SeenLeader: "w-1", SeenEpoch: &epoch, Capabilities: can, DetachFlag: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFleetFindsWorkersThatDoNotRegister(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.djangoWorker("101", "node-a")
	c.djangoWorker("ns:102:info", "node-a") // an id may hold colons, even these
	c.do("set", leaderLock, "101", "px", 10000)
	c.clock.Add(11) // the store's first look found nobody
	got := c.fleet()
	if diff := cmp.Diff([]string{"101", "ns:102:info"}, ids(got)); diff != "" {
		t.Fatal(diff)
	}
	if w := got.Workers[0]; w.Role != scheduler.Leader || w.Reports || w.Silent() || !w.LastHeartbeat.Equal(time.Unix(1799999999, 5e8)) {
		t.Errorf("%+v", w)
	}

	c.djangoWorker("103", "node-b")
	if diff := cmp.Diff([]string{"101", "ns:102:info"}, ids(c.fleet())); diff != "" {
		t.Errorf("a sweep within ten seconds of the last\n%s", diff)
	}
	c.do("set", leaderLock, "103", "px", 10000)
	if got := c.fleet(); got.Leadership.LeaderID != "103" || len(got.Workers) != 3 {
		t.Errorf("a new leader waits for a sweep: %v", ids(got))
	}
	c.djangoWorker("104", "node-b")
	c.do("del", infoKey("101"), heartbeatKey("101"))
	c.clock.Add(11)
	if diff := cmp.Diff([]string{"ns:102:info", "103", "104"}, ids(c.fleet())); diff != "" {
		t.Errorf("after ten seconds\n%s", diff)
	}
}

func TestFleetMixesBothKindsOfWorkers(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.ourWorker("w-1", "node-a")
	c.djangoWorker("101", "node-b")
	c.djangoWorker("102", "node-b")
	c.do("set", subLeaderLock, "101", "px", 10000)
	c.clock.Add(11)
	if diff := cmp.Diff([]string{"w-1", "101", "102"}, ids(c.fleet())); diff != "" {
		t.Error(diff)
	}
}

// counter counts commands by name.
type counter struct{ scans, trips atomic.Int64 }

func (c *counter) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.trips.Add(1)
		if cmd.Name() == "scan" {
			c.scans.Add(1)
		}
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.trips.Add(1)
		return next(ctx, cmds)
	}
}

func TestASteadyClusterTakesTwoRoundTripsAndNoScan(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for i := range perPipeline {
		c.ourWorker(fmt.Sprint("w-", i), fmt.Sprint("node-", i%3))
	}
	c.do("set", leaderLock, "w-1", "px", 10000)
	c.fleet() // learns the nodes
	var count counter
	c.store.client.AddHook(&count)
	for range 3 {
		c.clock.Add(60)
		c.fleet()
	}
	if trips, scans := count.trips.Load(), count.scans.Load(); trips != 6 || scans != 0 {
		t.Errorf("three looks took %d round trips, of them %d scans", trips, scans)
	}
}

func TestABrokenWorkerDoesNotHideOthers(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.ourWorker("fine", "node-a")
	c.do("sadd", workersSet, "ghost", "list", "string", "nothing", "bytes\x00\xff")
	c.do("rpush", infoKey("list"), "not a hash")
	c.do("set", heartbeatKey("list"), "soon", "px", 15000)
	c.do("set", stateKey("string"), "not a hash either")
	c.do("rpush", heartbeatKey("string"), "not a string")
	c.do("hset", infoKey("string"), "node_id", "node-b")
	c.ourWorker("garbage", "node-\xff\x00", "pid", "1e99", "load", "many", "epoch", "99999999999999999999", "detached", "maybe",
		"grpc_port", "", "last_heartbeat_ts", "NaN", "current_job_run_id", "<img src=x>")
	c.do("set", heartbeatKey("garbage"), "inf", "px", 15000)
	c.do("hset", infoKey("garbage"), "last_seen", "-5", "worker_id", "fine", "grpc_port", "")
	c.do("hset", infoKey("bytes\x00\xff"), "node_id", "n")
	c.do("set", leaderEpoch, "one")
	c.do("set", leaderSeen, "1e300")
	c.do("rpush", leaderLock, "no lock")
	c.do("set", subLeaderLock, "fine")

	got := c.fleet()
	byID := map[string]scheduler.Worker{}
	for _, w := range got.Workers {
		byID[w.ID] = w
	}
	if len(byID) != 5 {
		t.Fatalf("workers %q", ids(got))
	}
	if w := byID["fine"]; w.NodeID != "node-a" || w.Role != scheduler.SubLeader || w.PID != 77 {
		t.Errorf("fine: %+v", w)
	}
	if w := byID["garbage"]; w.NodeID != "node-\uFFFD\uFFFD" || w.Address != "" || w.PID != 0 || w.SeenEpoch != nil ||
		!w.LastHeartbeat.IsZero() || w.Detached || w.CurrentRun != "<img src=x>" || w.Silent() {
		t.Errorf("garbage: %+v", w)
	}
	if w := byID["string"]; w.NodeID != "node-b" || !w.Silent() || w.Reports {
		t.Errorf("string: %+v", w)
	}
	if w := byID["list"]; w.Silent() {
		t.Errorf("list: %+v", w)
	}
	if _, ok := byID["bytes\uFFFD\uFFFD"]; !ok {
		t.Errorf("no worker with binary in its id: %q", ids(got))
	}
	if l := got.Leadership; l.LeaderID != "" || l.Epoch != nil || l.LastSeen != nil || l.LockTTL != 0 {
		t.Errorf("leadership: %+v", l)
	}
}

func TestASetThatIsNoneIsReadAsEmpty(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.do("set", workersSet, "not a set")
	c.djangoWorker("101", "node-a")
	c.clock.Add(11)
	if diff := cmp.Diff([]string{"101"}, ids(c.fleet())); diff != "" {
		t.Error(diff)
	}
}
