package workerrpc_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
	"github.com/opsdeck/opsdeck/backend/trust"
	"github.com/opsdeck/opsdeck/backend/workerpb"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// worker answers calls like one whose clock is an hour ahead.
type worker struct {
	workerpb.UnimplementedWorkerServiceServer

	calls atomic.Int64
	hang  atomic.Int64 // how many calls get no answer before the first that does
}

func (w *worker) Ping(ctx context.Context, req *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	if w.calls.Add(1) <= w.hang.Load() {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return &workerpb.PingResponse{
		WorkerId: "417", NodeId: "from " + req.GetCallerRole(), ObservedLeaderEpoch: 9,
		NowUnixMs: time.Now().Add(time.Hour).UnixMilli(),
	}, nil
}

func (w *worker) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	return &workerpb.GetStatusResponse{
		WorkerId: "417", NodeId: "node-a", Role: "subleader", Draining: true, Load: 1, CurrentJobRunId: "88",
		ObservedLeaderEpoch: 9, LastHeartbeatUnixMs: 1_700_000_000_000,
	}, nil
}

// serve runs a worker on loopback until the test ends and gives its address.
func serve(t *testing.T, w workerpb.WorkerServiceServer, c credentials.TransportCredentials) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(grpc.Creds(c))
	workerpb.RegisterWorkerServiceServer(server, w)
	var done sync.WaitGroup
	done.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() { server.Stop(); done.Wait() })
	return listener.Addr().String()
}

// mutual makes a worker's side of mTLS, which demands a certificate that clients chains to.
func mutual(t *testing.T, own *testcert.Pair, clients *testcert.Pair) credentials.TransportCredentials {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(own.CertFile, own.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(clients.Certificate)
	return credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12,
	})
}

func client(t *testing.T, own, trusted *testcert.Pair) *workerrpc.Client {
	t.Helper()
	c, err := workerrpc.New(workerrpc.Config{Certificate: own.CertPEM, Key: own.KeyPEM, Trust: trusted.CertPEM}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func reason(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}

func TestWhoIsTrusted(t *testing.T) {
	t.Parallel()
	shared, stranger, ca := testcert.Issue(t, nil), testcert.Issue(t, nil), testcert.Issue(t, nil)
	local, ended := testcert.Issue(t, ca, testcert.For("127.0.0.1")), testcert.Issue(t, nil, testcert.Expired)
	for name, test := range map[string]struct {
		worker, clients *testcert.Pair // the worker's certificate, and what it wants clients to have
		own, trusted    *testcert.Pair
		want            string
	}{
		"one shared certificate without a name":   {shared, shared, shared, shared, ""},
		"a CA and a name":                         {local, ca, local, ca, ""},
		"the CA vouches for one without a name":   {testcert.Issue(t, ca), ca, local, ca, ""},
		"the certificate itself is trusted":       {testcert.Issue(t, stranger, testcert.For("192.0.2.1")), ca, local, nil, ""},
		"the name is another host's":              {testcert.Issue(t, ca, testcert.For("192.0.2.1")), ca, local, ca, "worker.untrusted"},
		"another CA":                              {testcert.Issue(t, stranger, testcert.For("127.0.0.1")), ca, local, ca, "worker.untrusted"},
		"another shared certificate":              {stranger, shared, shared, shared, "worker.untrusted"},
		"expired":                                 {testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.Expired), ca, local, ca, "worker.certificate_expired"},
		"the shared certificate expired":          {ended, ended, ended, ended, "worker.certificate_expired"},
		"not valid yet":                           {testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.NotYet), ca, local, ca, "worker.certificate_expired"},
		"our certificate is not valid yet":        {local, ca, testcert.Issue(t, ca, testcert.NotYet), ca, "worker.own_expired"},
		"our certificate expired":                 {local, ca, testcert.Issue(t, ca, testcert.Expired), ca, "worker.own_expired"},
		"the worker doesn't want our certificate": {local, stranger, local, ca, "worker.refused_certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trusted := test.trusted
			if trusted == nil {
				trusted = test.worker
			}
			address := serve(t, &worker{}, mutual(t, test.worker, test.clients))
			_, err := client(t, test.own, trusted).Ping(t.Context(), address)
			if reason(err) != test.want || (err == nil) != (test.want == "") {
				t.Errorf("got %v, want %q", err, test.want)
			}
			blamed := map[string]*testcert.Pair{"worker.certificate_expired": test.worker, "worker.own_expired": test.own}[test.want]
			if e, _ := errors.AsType[*scheduler.Error](err); blamed != nil && e != nil {
				if from, until := trust.Term(blamed.Certificate); e.Args["from"] != from || e.Args["until"] != until || !strings.Contains(e.Message, until) {
					t.Errorf("it does not say from when until when: %v %v", e, e.Args)
				}
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	shared := testcert.Issue(t, nil)
	address := serve(t, &worker{}, mutual(t, shared, shared))
	c := client(t, shared, shared)
	pong, err := c.Ping(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if pong.WorkerID != "417" || pong.NodeID != "from console" || pong.ObservedEpoch != 9 {
		t.Errorf("Ping answered %+v", pong)
	}
	// The worker takes its time between our two looks at the clock, to the millisecond.
	if off := pong.ClockOffset() - time.Hour; off.Abs() > pong.RoundTrip/2+time.Millisecond {
		t.Errorf("the clock is off by %s more than it can be", off)
	}
	status, err := c.Status(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if status.Role != scheduler.SubLeader || !status.Draining || status.CurrentRun != "88" || status.LastHeartbeat.Unix() != 1_700_000_000 {
		t.Errorf("GetStatus answered %+v", status)
	}
	shown, err := c.Certificate(t.Context(), address)
	if err != nil || shown == nil || !shown.NotAfter.Equal(shared.Certificate.NotAfter) || len(shown.SHA256) != 64 {
		t.Errorf("the certificate is %+v, %v", shown, err)
	}
}

func TestLostCallIsRepeated(t *testing.T) {
	t.Parallel()
	shared := testcert.Issue(t, nil)
	for name, test := range map[string]struct {
		hang int64
		want string
	}{
		"answered the third time": {2, ""},
		"never answered":          {9, "worker.timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &worker{}
			c, address := client(t, shared, shared), serve(t, w, mutual(t, shared, shared))
			if _, err := c.Ping(t.Context(), address); err != nil { // a handshake may take longer than a try
				t.Fatal(err)
			}
			w.calls.Store(0)
			w.hang.Store(test.hang)
			_, err := c.Ping(t.Context(), address)
			if reason(err) != test.want || w.calls.Load() != 3 {
				t.Errorf("after %d calls: %v", w.calls.Load(), err)
			}
		})
	}
}

func TestUnreachableWorkers(t *testing.T) {
	t.Parallel()
	shared := testcert.Issue(t, nil)
	c := client(t, shared, shared)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := listener.Addr().String()
	_ = listener.Close()
	for name, test := range map[string]struct{ address, want string }{
		"nobody listens":    {nobody, "worker.unreachable"},
		"no address at all": {"", "worker.unreachable"},
		"not an address":    {"\x00evil\u202e:1", "worker.unreachable"},
		"plaintext":         {serve(t, &worker{}, insecure.NewCredentials()), "worker.plaintext"},
		"no worker":         {serve(t, workerpb.UnimplementedWorkerServiceServer{}, mutual(t, shared, shared)), "worker.unimplemented"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := c.Ping(t.Context(), test.address); reason(err) != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestPlaintextWhereTheProfileSaysSo(t *testing.T) {
	t.Parallel()
	c, err := workerrpc.New(workerrpc.Config{Plaintext: true}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	address := serve(t, &worker{}, insecure.NewCredentials())
	if _, err := c.Ping(t.Context(), address); err != nil {
		t.Error(err)
	}
	if shown, err := c.Certificate(t.Context(), address); err != nil || shown != nil {
		t.Errorf("got %+v, %v; there is no certificate in plaintext", shown, err)
	}
}

func TestUnusableCertificates(t *testing.T) {
	t.Parallel()
	one, two := testcert.Issue(t, nil), testcert.Issue(t, nil)
	for name, test := range map[string]struct {
		config workerrpc.Config
		want   string
	}{
		"nothing":          {workerrpc.Config{}, "worker.bad_key_pair"},
		"another's key":    {workerrpc.Config{Certificate: one.CertPEM, Key: two.KeyPEM, Trust: one.CertPEM}, "worker.bad_key_pair"},
		"no trust":         {workerrpc.Config{Certificate: one.CertPEM, Key: one.KeyPEM}, "worker.bad_trust"},
		"trust in nothing": {workerrpc.Config{Certificate: one.CertPEM, Key: one.KeyPEM, Trust: "none"}, "worker.bad_trust"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := workerrpc.New(test.config, time.Now); reason(err) != test.want {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestManyAddressesKeepFewConnections(t *testing.T) {
	t.Parallel()
	shared := testcert.Issue(t, nil)
	c := client(t, shared, shared)
	const addresses = 300
	port, accepted := serveEverywhere(t, addresses, mutual(t, shared, shared))
	askAll := func() {
		var calls sync.WaitGroup
		gate := make(chan struct{}, 4) // so that a busy machine still makes each handshake in time
		for i := range addresses {
			gate <- struct{}{}
			calls.Go(func() {
				defer func() { <-gate }()
				if _, err := c.Ping(t.Context(), net.JoinHostPort(loopback(i), port)); err != nil {
					t.Errorf("%s: %v", loopback(i), err)
				}
			})
		}
		calls.Wait()
	}
	askAll()
	if kept := workerrpc.Kept(c); kept != 200 {
		t.Errorf("%d connections are kept", kept)
	}
	before := accepted.Load()
	askAll()
	if again := accepted.Load() - before; again > 100 {
		t.Errorf("asking all again took %d new connections, though 200 were kept", again)
	}
	c.Close()
	c.Close()
	if kept := workerrpc.Kept(c); kept != 0 {
		t.Errorf("%d connections are left after the end", kept)
	}
	if _, err := c.Ping(t.Context(), "127.0.0.1:1"); err == nil {
		t.Error("a closed client still calls")
	}
}

// loopback is one of many addresses that reach this machine.
func loopback(i int) string { return net.IPv4(127, 0, byte(1+i/250), byte(1+i%250)).String() }

// serveEverywhere runs a worker on one port of n addresses, and counts the connections that are made to it.
func serveEverywhere(t *testing.T, n int, c credentials.TransportCredentials) (port string, accepted *atomic.Int64) {
	t.Helper()
	first, err := net.Listen("tcp4", net.JoinHostPort(loopback(0), "0"))
	if err != nil {
		t.Fatal(err)
	}
	port, accepted = portOf(t, first.Addr().String()), new(atomic.Int64)
	listeners := []net.Listener{first}
	for i := 1; i < n; i++ {
		l, err := net.Listen("tcp4", net.JoinHostPort(loopback(i), port))
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, l)
	}
	server := grpc.NewServer(grpc.Creds(c))
	workerpb.RegisterWorkerServiceServer(server, &worker{})
	var done sync.WaitGroup
	for _, l := range listeners {
		done.Go(func() { _ = server.Serve(counting{l, accepted}) })
	}
	t.Cleanup(func() { server.Stop(); done.Wait() })
	return port, accepted
}

type counting struct {
	net.Listener
	accepted *atomic.Int64
}

func (c counting) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	if err == nil {
		c.accepted.Add(1)
	}
	return conn, err
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
