package servertest

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// OwnRedis is a Redis of one test's own on loopback, which may be killed.
type OwnRedis struct {
	Address string
	CA      *testcert.Pair // that signed its certificate, and whose certificates it takes; nil = it speaks no TLS
	Client  *redis.Client  // for whoever looks after it

	t       testing.TB
	argv    []string
	process *child.Process
}

// StartOwnRedis starts a server that runs until the test ends, with more of what redis-server takes.
func StartOwnRedis(t testing.TB, more ...string) *OwnRedis {
	t.Helper()
	s := &OwnRedis{t: t, Address: freeAddress(t)}
	_, port, _ := net.SplitHostPort(s.Address)
	s.argv = s.arguments(append([]string{"--port", port}, more...))
	s.Client = redis.NewClient(&redis.Options{Addr: s.Address})
	s.begin()
	return s
}

// StartSecureRedis starts a server that speaks TLS only, and wants client certificates. Its own is for 127.0.0.1 and these names.
func StartSecureRedis(t testing.TB, names ...string) *OwnRedis {
	t.Helper()
	s := &OwnRedis{t: t, Address: freeAddress(t), CA: testcert.Issue(t, nil)}
	_, port, _ := net.SplitHostPort(s.Address)
	own := testcert.Issue(t, s.CA, testcert.For("127.0.0.1"), testcert.Named(names...))
	s.argv = s.arguments([]string{"--port", "0", "--tls-port", port, "--tls-cert-file", own.CertFile, "--tls-key-file", own.KeyFile,
		"--tls-ca-cert-file", s.CA.CertFile})
	s.Client = redis.NewClient(&redis.Options{Addr: s.Address, TLSConfig: own.ClientTLS(t, s.CA)})
	s.begin()
	return s
}

// startSentinel starts a Sentinel that watches a master under a name.
func startSentinel(t testing.TB, name string, master *OwnRedis) *OwnRedis {
	t.Helper()
	s := &OwnRedis{t: t, Address: freeAddress(t)}
	_, port, _ := net.SplitHostPort(s.Address)
	_, masterPort, _ := net.SplitHostPort(master.Address)
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("sentinel monitor %[1]s 127.0.0.1 %[2]s 1\nsentinel down-after-milliseconds %[1]s 500\nsentinel failover-timeout %[1]s 3000\n", name, masterPort)
	check(t, os.WriteFile(file, []byte(text), 0o600))
	s.argv = []string{"redis-server", file, "--port", port, "--bind", "127.0.0.1", "--sentinel"}
	s.Client = redis.NewClient(&redis.Options{Addr: s.Address})
	s.begin()
	return s
}

// StartWatchedRedis starts a master with a replica, which a Sentinel knows under a name.
func StartWatchedRedis(t testing.TB, name string) (master, replica, sentinel *OwnRedis) {
	t.Helper()
	master = StartOwnRedis(t)
	replica = StartOwnRedis(t, "--replicaof", strings.ReplaceAll(master.Address, ":", " "))
	wait(t, "the replica follows", func() bool {
		return strings.Contains(replica.Client.Info(t.Context(), "replication").Val(), "master_link_status:up")
	})
	sentinel = startSentinel(t, name, master)
	wait(t, "the Sentinel knows both", func() bool {
		return strings.Contains(sentinel.Client.Info(t.Context(), "sentinel").Val(), "slaves=1")
	})
	return master, replica, sentinel
}

// StartRedisCluster starts masters that share the slots of one Redis Cluster.
func StartRedisCluster(t testing.TB, masters int) []*OwnRedis {
	t.Helper()
	const slots = 16384
	var all []*OwnRedis
	for i := range masters {
		_, bus, _ := net.SplitHostPort(freeAddress(t))
		s := StartOwnRedis(t, "--cluster-enabled", "yes", "--cluster-port", bus)
		check(t, s.Client.ClusterAddSlotsRange(t.Context(), i*slots/masters, (i+1)*slots/masters-1).Err())
		all = append(all, s)
	}
	for _, s := range all[1:] {
		host, port, _ := net.SplitHostPort(s.Address)
		bus := s.Client.ConfigGet(t.Context(), "cluster-port").Val()["cluster-port"]
		check(t, all[0].Client.Do(t.Context(), "cluster", "meet", host, port, bus).Err())
	}
	for _, s := range all {
		wait(t, "the Redis Cluster is whole", func() bool {
			info := s.Client.ClusterInfo(t.Context()).Val()
			return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:"+strconv.Itoa(masters))
		})
	}
	return all
}

// Certify gives a server that speaks TLS another certificate for its connections to come. Its own Client stands.
func (s *OwnRedis) Certify(own *testcert.Pair) {
	s.t.Helper()
	check(s.t, s.Client.Do(s.t.Context(), "config", "set", "tls-cert-file", own.CertFile, "tls-key-file", own.KeyFile).Err())
}

// Kill ends the server at once.
func (s *OwnRedis) Kill() {
	_ = s.process.Signal(syscall.SIGKILL)
	<-s.process.Done()
}

// Freeze stops the server, which keeps its connections and says nothing more.
func (s *OwnRedis) Freeze() { _ = s.process.Signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *OwnRedis) Thaw() { _ = s.process.Signal(syscall.SIGCONT) }

func (s *OwnRedis) arguments(more []string) []string {
	return append([]string{"redis-server", "--bind", "127.0.0.1", "--save", "", "--dir", s.t.TempDir()}, more...)
}

func (s *OwnRedis) begin() {
	s.t.Helper()
	var err error
	s.process, err = child.Start(child.Config{Argv: s.argv, DeathSignal: syscall.SIGKILL})
	if err != nil {
		s.t.Fatalf("this test needs redis-server: %v", err)
	}
	s.t.Cleanup(func() { s.Thaw(); s.Kill(); _ = s.Client.Close() })
	own := fmt.Sprintf("process_id:%d\r\n", s.process.PID())
	wait(s.t, "Redis answers", func() bool {
		return strings.Contains(s.Client.Info(s.t.Context(), "server").Val(), own) // and not another that has got the same port
	})
}

// given are the addresses that freeAddress has given away: the system would give one again before its server has begun to listen.
var given sync.Map

func freeAddress(t testing.TB) string {
	t.Helper()
	for {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		check(t, err)
		address := listener.Addr().String()
		check(t, listener.Close())
		if _, taken := given.LoadOrStore(address, true); !taken {
			return address
		}
	}
}

// wait waits until something is so.
func wait(t testing.TB, what string, is func() bool) {
	t.Helper()
	patience, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-patience.Done():
			t.Fatalf("%s: not within 20 seconds", what)
		}
	}
}

// PlainWay is an address that leads to a server which speaks TLS for whoever can't, until the test ends.
func PlainWay(t testing.TB, s *OwnRedis) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	config := testcert.Issue(t, s.CA).ClientTLS(t, s.CA)
	config.ServerName = "127.0.0.1"
	var all sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer here.Close()
				there, err := tls.Dial("tcp", s.Address, config) //nolint:noctx // on loopback it is there or not
				if err != nil {
					return
				}
				defer there.Close()
				var both sync.WaitGroup
				both.Go(func() { _, _ = io.Copy(there, here); _ = there.Close() })
				both.Go(func() { _, _ = io.Copy(here, there); _ = here.Close() })
				both.Wait()
			})
		}
	})
	return listener.Addr().String()
}
