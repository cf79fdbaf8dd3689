//go:build linux

package connect_test

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// boundCall is what the window gives a question. Whatever the network does, an answer or a reason comes before.
const boundCall = 15 * time.Second

// site is a cluster whose servers are each reached by a link of its own.
type site struct {
	*testing.T
	access                  profile.Access
	postgres, redis, worker *link.Link
	cache                   *servertest.OwnRedis
	obedient                *obedient
	slept                   atomic.Int64 // what the wall's clock is ahead by
}

// newSite makes the links to a database, and a Redis and a worker that nobody else has.
func newSite(t *testing.T, database string) *site {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{T: t, cache: servertest.StartOwnRedis(t), obedient: &obedient{}}
	s.postgres = link.To(t, "unix", filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")))
	s.redis = link.To(t, "tcp", s.cache.Address)
	s.worker = link.To(t, "tcp", s.obedient.serve(t))
	s.access = servertest.Access(t, database, "redis://"+s.redis.Address+"/"+consoleDB)
	s.access.Profile.Postgres.Hosts, s.access.Profile.Postgres.SSLMode = []string{s.postgres.Address}, "disable"

	host, port, _ := net.SplitHostPort(s.worker.Address)
	pipe := s.cache.Client.Pipeline()
	pipe.Do(t.Context(), "select", consoleDB)
	pipe.Set(t.Context(), "scheduler:worker:w-1:heartbeat", time.Now().Unix(), time.Hour)
	pipe.HSet(t.Context(), "scheduler:worker:w-1:info", "worker_id", "w-1", "node_id", "n", "grpc_host", host, "grpc_port", port)
	pipe.HSet(t.Context(), "scheduler:worker:w-1", "node_id", "n", "grpc_host", host, "grpc_port", port, "capabilities", "drain")
	pipe.SAdd(t.Context(), "scheduler:workers:set", "w-1")
	pipe.Set(t.Context(), "scheduler:leader:epoch", 7, 0)
	pipe.Set(t.Context(), "scheduler:detach:w-gone", "1", 0)
	pipe.Do(t.Context(), "select", 0)
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// consoleDB is the console's database in Redis, by which its connections are known there.
const consoleDB = "3"

// open connects over the links.
func (s *site) open() *connect.Connection {
	s.Helper()
	now := func() time.Time { return time.Now().Add(time.Duration(s.slept.Load())) }
	c, err := connect.Open(s.Context(), s.access.Profile, s.access.Secrets, now, slog.New(slog.DiscardHandler))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(c.Close)
	return c
}

// commands counts how often Redis was told something.
func (s *site) commands(name string) (calls int) {
	s.Helper()
	for line := range strings.Lines(s.cache.Client.Info(s.Context(), "commandstats").Val()) {
		if rest, ok := strings.CutPrefix(line, "cmdstat_"+name+":calls="); ok {
			for _, digit := range rest {
				if digit < '0' || digit > '9' {
					break
				}
				calls = calls*10 + int(digit-'0')
			}
		}
	}
	return calls
}

// deserted fails the test unless every connection of the console has ended, at both ends.
func (s *site) deserted() {
	s.Helper()
	expect.Soon(s.T, "every link is free", func() bool { return s.postgres.Open()+s.redis.Open()+s.worker.Open() == 0 })
	expect.Soon(s.T, "Redis has no client of ours", func() bool {
		clients, err := s.cache.Client.ClientList(s.Context()).Result()
		return err == nil && !strings.Contains(clients, " db="+consoleDB+" ")
	})
	expect.Soon(s.T, "the worker has no caller", func() bool { return s.obedient.callers.Load() == 0 })
}

// obedient is a worker that answers, drains when it is told, and counts what it is told.
type obedient struct {
	workerpb.UnimplementedWorkerServiceServer
	draining atomic.Bool
	orders   atomic.Int64
	callers  atomic.Int64
}

func (o *obedient) Ping(context.Context, *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	return &workerpb.PingResponse{WorkerId: "w-1", NodeId: "n", ObservedLeaderEpoch: 7, NowUnixMs: time.Now().UnixMilli()}, nil
}

func (o *obedient) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	return &workerpb.GetStatusResponse{WorkerId: "w-1", NodeId: "n", ObservedLeaderEpoch: 7, Draining: o.draining.Load()}, nil
}

func (o *obedient) Drain(_ context.Context, r *workerpb.DrainRequest) (*workerpb.DrainResponse, error) {
	o.orders.Add(1)
	o.draining.Store(r.GetEnable())
	return &workerpb.DrainResponse{Draining: r.GetEnable()}, nil
}

// serve lets it be called until the test ends.
func (o *obedient) serve(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	workerpb.RegisterWorkerServiceServer(server, o)
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(counted{listener, &o.callers}) })
	t.Cleanup(func() { server.Stop(); serving.Wait() })
	return listener.Addr().String()
}

// counted counts the connections that a listener has accepted and that stand.
type counted struct {
	net.Listener
	standing *atomic.Int64
}

func (c counted) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c.standing.Add(1)
	return &countedConn{Conn: conn, end: sync.OnceFunc(func() { c.standing.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	end func()
}

func (c *countedConn) Close() error {
	c.end()
	return c.Conn.Close()
}
