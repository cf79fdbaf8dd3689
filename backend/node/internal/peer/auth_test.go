package peer_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// serve lends a service that implements nothing: what a caller may do is answered with Unimplemented.
func serve(t *testing.T, id peer.Identity, auth peer.Auth) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(grpc.Creds(id.Server()), grpc.UnaryInterceptor(peer.Authorize(auth)))
	workerpb.RegisterWorkerServiceServer(s, workerpb.UnimplementedWorkerServiceServer{})
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	t.Cleanup(func() { s.Stop(); <-served })
	return listener.Addr().String()
}

// allowed lists the calls that a worker does not refuse. It finds them by itself, so that a new one has to be placed.
func allowed(t *testing.T, client peer.Identity, address string) []string {
	t.Helper()
	pool := peer.NewPool(client)
	defer func() { _ = pool.Close() }()
	worker, err := pool.Worker(address)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var calls []string
	for _, method := range workerpb.WorkerService_ServiceDesc.Methods {
		call := reflect.ValueOf(worker).MethodByName(method.MethodName)
		request := reflect.New(call.Type().In(1).Elem())
		err, _ := call.Call([]reflect.Value{reflect.ValueOf(ctx), request})[1].Interface().(error)
		switch status.Code(err) {
		case codes.Unimplemented:
			calls = append(calls, method.MethodName)
		case codes.PermissionDenied:
		default:
			t.Errorf("%s: %v", method.MethodName, err)
		}
	}
	slices.Sort(calls)
	return calls
}

func TestRights(t *testing.T) {
	t.Parallel()
	ca := testcert.Issue(t, nil)
	everything := "CancelJob ConfirmContinuation Drain GetStatus Ping ReloadConfig StartJob"
	server := testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.URI("spiffe://corp/scheduler/node"))
	address := serve(t, identity(t, server, ca, peer.SPIFFE), peer.SPIFFE)
	open := serve(t, identity(t, server, ca, peer.Shared), peer.Shared)
	for _, tt := range []struct {
		uris []string
		want string
	}{
		{[]string{"spiffe://corp/scheduler/node"}, everything},
		{[]string{"spiffe://corp/prod/ops/operator"}, "CancelJob Drain GetStatus Ping"},
		{[]string{"spiffe://corp/prod/ops/viewer"}, "GetStatus Ping"},
		{[]string{"spiffe://corp/prod/ops/admin"}, ""},
		{[]string{"spiffe://corp/prod/ops/viewer/"}, ""},
		{[]string{"spiffe://corp/notanode"}, ""},
		{[]string{"https://corp/node"}, ""},
		{[]string{"spiffe://corp/ops/viewer", "spiffe://corp/node"}, ""},
		{nil, ""},
	} {
		t.Run(strings.Join(tt.uris, " "), func(t *testing.T) {
			t.Parallel()
			client := identity(t, testcert.Issue(t, ca, testcert.URI(tt.uris...)), ca, peer.SPIFFE)
			if got := strings.Join(allowed(t, client, address), " "); got != tt.want {
				t.Errorf("allowed: %s; want %s", got, tt.want)
			}
			if got := strings.Join(allowed(t, client, open), " "); got != everything {
				t.Errorf("where all are equal: %s", got)
			}
		})
	}
}

func TestOperatorsCertificateMakesNoWorker(t *testing.T) {
	t.Parallel()
	ca := testcert.Issue(t, nil)
	operator := testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.URI("spiffe://corp/ops/operator"))
	node := testcert.Issue(t, ca, testcert.For("127.0.0.1"), testcert.URI("spiffe://corp/node"))
	if err := ping(t, identity(t, operator, ca, peer.SPIFFE), identity(t, node, ca, peer.SPIFFE)); err == nil {
		t.Error("a node called it")
	}
	if err := ping(t, identity(t, node, ca, peer.SPIFFE), identity(t, node, ca, peer.SPIFFE)); err != nil {
		t.Error(err)
	}
}

func TestPeersWithoutTLSCannotBeToldApart(t *testing.T) {
	t.Parallel()
	_, err := peer.Load(peer.Files{}, peer.SPIFFE, slog.New(slog.DiscardHandler))
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "node.spiffe_without_tls" {
		t.Errorf("got %v", err)
	}
	_, err = peer.ParseAuth("none")
	if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "node.bad_peer_auth" {
		t.Errorf("got %v", err)
	}
	if auth, err := peer.ParseAuth(""); auth != peer.Shared || err != nil {
		t.Errorf("got %s, %v", auth, err)
	}
}

func TestRenewedCertificatesAreTakenOver(t *testing.T) {
	t.Parallel()
	former, next := testcert.Issue(t, nil), testcert.Issue(t, nil)
	cert, key := copied(t, former.CertFile), copied(t, former.KeyFile)
	var log lines
	id, err := peer.Load(peer.Files{Cert: cert, Key: key}, peer.Shared, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	address := serve(t, id, peer.Shared)
	works := func(with *testcert.Pair) bool {
		t.Helper()
		client, err := peer.Load(files(with, ""), peer.Shared, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		pool := peer.NewPool(client)
		defer func() { _ = pool.Close() }()
		worker, err := pool.Worker(address)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err = worker.Ping(ctx, &workerpb.PingRequest{})
		return status.Code(err) == codes.Unimplemented
	}
	until := func(what string, condition func() bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !condition(); {
			if time.Now().After(deadline) {
				t.Fatal("not in time: " + what)
			}
		}
	}
	if !works(former) || works(next) {
		t.Fatal("the first certificate is not in force")
	}
	replace(t, cert, next.CertFile) // and its key has not come yet
	until("the change was noticed", func() bool { works(former); return strings.Contains(log.String(), "former ones stay") })
	if !works(former) {
		t.Error("half a change has put the former certificate out of force")
	}
	replace(t, key, next.KeyFile)
	until("the next certificate is in force", func() bool { return works(next) })
	if works(former) {
		t.Error("so is the former")
	}
}

// lines is a log that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func copied(t *testing.T, file string) string {
	t.Helper()
	to := t.TempDir() + "/pem"
	replace(t, to, file)
	return to
}

func replace(t *testing.T, to, from string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to+".new", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(to+".new", to); err != nil {
		t.Fatal(err)
	}
}

func identity(t *testing.T, pair, ca *testcert.Pair, auth peer.Auth) peer.Identity {
	t.Helper()
	id, err := peer.Load(files(pair, ca.CertFile), auth, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return id
}
