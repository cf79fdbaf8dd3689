//go:build linux

package node_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// The test's own program serves as the shim and as nodes that get killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "run-shim":
		os.Exit(node.RunShim(os.Args[2:]))
	case len(os.Args) > 1 && os.Args[1] == "run-node":
		runNode()
	}
	// Tests wait for their cluster far longer than they compute.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	servertest.MainWithoutLeaks(m, link.Leftovers()...)
}

const nodeConfig = "TEST_NODE_CONFIG"

func runNode() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var config node.Config
	if err := json.Unmarshal([]byte(os.Getenv(nodeConfig)), &config); err != nil {
		panic(err)
	}
	n, err := node.New(config)
	if err == nil {
		err = n.Run(ctx)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(0)
}

// testCluster is a database and a Redis for nodes that beat ten times as fast as usual. What they promise each other
// holds as long as usual, so that a slow machine changes nothing, unless a test asks for haste.
type testCluster struct {
	t     testing.TB
	pg    *pgxpool.Pool
	redis redis.UniversalClient
	base  node.Config
	ca    *testcert.Pair
	cert  *testcert.Pair
}

func newCluster(t testing.TB) *testCluster {
	t.Helper()
	url := servertest.Redis(t)
	return newClusterOn(t, url, servertest.RedisClient(t, url))
}

func newClusterOn(t testing.TB, redisURL string, client redis.UniversalClient) *testCluster {
	t.Helper()
	postgres := servertest.Database(t)
	c := &testCluster{t: t, pg: servertest.Pool(t, postgres), redis: client}
	if err := node.Migrate(t.Context(), c.pg); err != nil {
		t.Fatal(err)
	}
	c.ca = testcert.Issue(t, nil)
	c.cert = testcert.Issue(t, c.ca, testcert.For("127.0.0.1"))
	c.base = node.Config{
		NodeID: "host", PostgresURL: postgres, RedisURL: redisURL,
		TLSCert: c.cert.CertFile, TLSKey: c.cert.KeyFile, TLSCA: c.ca.CertFile,
		CommandTemplate: []string{"/bin/sh", "-c", "{command}"}, Shim: []string{os.Args[0], "run-shim"},
		Tick: 100 * time.Millisecond, KillAfter: 300 * time.Millisecond, StopGrace: 300 * time.Millisecond,
	}
	return c
}

// hasten shortens what has to run out before the dead are missed.
func (c *testCluster) hasten() {
	c.t.Helper()
	c.base.LockTTL, c.base.HeartbeatTTL = 1500*time.Millisecond, 2*time.Second
	c.set("SCHEDULER_REASSIGN_ASSIGNED_AFTER_SECONDS", 1)
	c.set("SCHEDULER_CONTINUATION_CONFIRM_SECONDS", 1)
}

// lookAhead has runs of the next minute assigned at once, whatever the second that a test begins in: the leader looks
// ahead by whole minutes, so with the default of 60 seconds it may see one second or sixty.
func (c *testCluster) lookAhead() {
	c.t.Helper()
	c.set("SCHEDULER_ASSIGN_AHEAD_SECONDS", 180)
}

// on is the same cluster for a subtest.
func (c *testCluster) on(t testing.TB) *testCluster {
	part := *c
	part.t = t
	return &part
}

// start runs a node in this process until the test ends.
func (c *testCluster) start(id string, change ...func(*node.Config)) *node.Node {
	c.t.Helper()
	config := c.base
	config.ID = id
	config.Log = slog.New(slog.NewTextHandler(testLog{c.t}, nil))
	for _, f := range change {
		f(&config)
	}
	n, err := node.New(config)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := n.Start(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { c.stop(n) })
	return n
}

func (c *testCluster) stop(n *node.Node) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := n.Stop(ctx); err != nil {
		c.t.Errorf("stop %s: %v", n.ID(), err)
	}
}

// spawn runs a node in a process of its own, which may be killed.
func (c *testCluster) spawn(id string, change ...func(*node.Config)) *exec.Cmd {
	c.t.Helper()
	config := c.base
	config.ID = id
	for _, f := range change {
		f(&config)
	}
	text, err := json.Marshal(struct {
		node.Config
		Log, Now *struct{} // not to be sent
	}{Config: config})
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.Command(os.Args[0], "run-node")
	command.Env = append(os.Environ(), nodeConfig+"="+string(text))
	command.Stderr = testLog{c.t}
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGCONT)
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	c.eventually(id+" is alive", func() bool { return c.redis.Exists(c.t.Context(), "scheduler:worker:"+id+":heartbeat").Val() == 1 })
	return command
}

func (c *testCluster) kill(process *exec.Cmd) {
	c.t.Helper()
	if err := process.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	_ = process.Wait()
}

// crew waits until the leader knows that many workers.
func (c *testCluster) crew(n int64) {
	c.t.Helper()
	c.eventually("everybody is there", func() bool { return c.redis.SCard(c.t.Context(), "scheduler:workers:set").Val() == n })
	for range 2 { // the tick that is going on may have looked before
		last := c.get("scheduler:leader:last_seen_ts")
		c.eventually("the leader's next tick", func() bool { return c.get("scheduler:leader:last_seen_ts") != last })
	}
}

// leader waits until somebody leads in PostgreSQL's eyes too.
func (c *testCluster) leader() (id string, epoch int64) {
	c.t.Helper()
	c.eventually("somebody leads", func() bool {
		id = c.get("scheduler:leader:lock")
		var holder string
		err := c.pg.QueryRow(c.t.Context(), `select worker_id, epoch from opsdeck_node.term_current`).Scan(&holder, &epoch)
		return err == nil && id != "" && holder == id && c.get("scheduler:leader:epoch") == strconv.FormatInt(epoch, 10)
	})
	return id, epoch
}

func (c *testCluster) get(key string) string { return c.redis.Get(c.t.Context(), key).Val() }

func (c *testCluster) hash(id string) map[string]string {
	return c.redis.HGetAll(c.t.Context(), "scheduler:worker:"+id).Val()
}

func (c *testCluster) set(key string, value any) {
	c.t.Helper()
	text, err := json.Marshal(map[string]any{"value": value})
	if err != nil {
		c.t.Fatal(err)
	}
	c.exec(`insert into scheduler_settings (key, value_json, updated_at) values ($1, $2, now())
		on conflict (key) do update set value_json = excluded.value_json`, key, text)
}

func (c *testCluster) exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.pg.Exec(c.t.Context(), sql, args...); err != nil {
		c.t.Fatal(err)
	}
}

func value[T any](c *testCluster, sql string, args ...any) T {
	c.t.Helper()
	rows, err := c.pg.Query(c.t.Context(), sql, args...)
	if err != nil {
		c.t.Fatal(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

func (c *testCluster) eventually(what string, condition func() bool) {
	c.t.Helper()
	c.within(30*time.Second, what, condition)
}

func (c *testCluster) within(limit time.Duration, what string, condition func() bool) {
	c.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); !condition(); <-tick.C {
		if time.Now().After(deadline) {
			c.t.Fatalf("not in time: %s", what)
		}
	}
}

// testLog shows what nodes log when the test fails.
type testLog struct{ t testing.TB }

var logging sync.Mutex

func (l testLog) Write(p []byte) (int, error) {
	logging.Lock()
	defer logging.Unlock()
	l.t.Log(string(bytes.TrimSpace(p)))
	return len(p), nil
}
