package peer_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhoTrustsWhom(t *testing.T) {
	t.Parallel()
	shared := testcert.Issue(t, nil)
	other := testcert.Issue(t, nil)
	ca := testcert.Issue(t, nil)
	local := testcert.Issue(t, ca, testcert.For("127.0.0.1"))
	nameless := testcert.Issue(t, ca)
	elsewhere := testcert.Issue(t, ca, testcert.For("192.0.2.1"))
	stranger := testcert.Issue(t, other, testcert.For("127.0.0.1"))

	tests := []struct {
		name           string
		server, client peer.Files
		works          bool
	}{
		{"one shared certificate without names", files(shared, ""), files(shared, ""), true},
		{"another shared certificate", files(other, ""), files(shared, ""), false},
		{"a company's CA", files(local, ca.CertFile), files(local, ca.CertFile), true},
		{"the CA vouches for a certificate without names", files(nameless, ca.CertFile), files(local, ca.CertFile), true},
		{"the name is another host's", files(elsewhere, ca.CertFile), files(local, ca.CertFile), false},
		{"the server is another CA's", files(stranger, ca.CertFile), files(local, ca.CertFile), false},
		{"the client is another CA's", files(local, ca.CertFile), files(stranger, ca.CertFile), false},
		{"plaintext where both want it", peer.Files{}, peer.Files{}, true},
		{"a client without a certificate", files(local, ca.CertFile), peer.Files{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := ping(t, load(t, tt.server), load(t, tt.client))
			if (err == nil) != tt.works {
				t.Errorf("ping: %v", err)
			}
		})
	}
}

func TestUnusableFiles(t *testing.T) {
	t.Parallel()
	one, two := testcert.Issue(t, nil), testcert.Issue(t, nil)
	for _, files := range []peer.Files{
		{Cert: "/no/such/file", Key: one.KeyFile}, {Cert: one.CertFile, Key: two.KeyFile}, {Cert: one.CertFile, Key: one.KeyFile, CA: one.KeyFile},
	} {
		_, err := peer.Load(files, peer.Shared, slog.New(slog.DiscardHandler))
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "tls.unreadable" {
			t.Errorf("%v: got %v", files, err)
		}
	}
}

type service struct {
	workerpb.UnimplementedWorkerServiceServer
}

func (service) Ping(context.Context, *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	return &workerpb.PingResponse{}, nil
}

func ping(t *testing.T, server, client peer.Identity) error {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(grpc.Creds(server.Server()))
	workerpb.RegisterWorkerServiceServer(s, service{})
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	defer func() { s.Stop(); <-served }()

	pool := peer.NewPool(client)
	defer func() { _ = pool.Close() }()
	worker, err := pool.Worker(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err = worker.Ping(ctx, &workerpb.PingRequest{})
	return err
}

func files(p *testcert.Pair, ca string) peer.Files {
	return peer.Files{Cert: p.CertFile, Key: p.KeyFile, CA: ca}
}

func load(t *testing.T, files peer.Files) peer.Identity {
	t.Helper()
	id, err := peer.Load(files, peer.Shared, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return id
}
