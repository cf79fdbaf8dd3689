package peer_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWhoTrustsWhom(t *testing.T) {
	t.Parallel()
	shared := issue(t, nil)
	other := issue(t, nil)
	ca := issue(t, nil)
	local := issue(t, ca, "127.0.0.1")
	nameless := issue(t, ca)
	elsewhere := issue(t, ca, "192.0.2.1")
	stranger := issue(t, other, "127.0.0.1")

	tests := []struct {
		name           string
		server, client peer.Files
		works          bool
	}{
		{"one shared certificate without names", shared.files(""), shared.files(""), true},
		{"another shared certificate", other.files(""), shared.files(""), false},
		{"a company's CA", local.files(ca.cert), local.files(ca.cert), true},
		{"the CA vouches for a certificate without names", nameless.files(ca.cert), local.files(ca.cert), true},
		{"the name is another host's", elsewhere.files(ca.cert), local.files(ca.cert), false},
		{"the server is another CA's", stranger.files(ca.cert), local.files(ca.cert), false},
		{"the client is another CA's", local.files(ca.cert), stranger.files(ca.cert), false},
		{"plaintext where both want it", peer.Files{}, peer.Files{}, true},
		{"a client without a certificate", local.files(ca.cert), peer.Files{}, false},
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
	one, two := issue(t, nil), issue(t, nil)
	for _, files := range []peer.Files{
		{Cert: "/no/such/file", Key: one.key}, {Cert: one.cert, Key: two.key}, {Cert: one.cert, Key: one.key, CA: one.key},
	} {
		_, err := peer.Load(files)
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

func load(t *testing.T, files peer.Files) peer.Identity {
	t.Helper()
	id, err := peer.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// pair is a certificate with its key, in memory and in files.
type pair struct {
	certificate *x509.Certificate
	private     *ecdsa.PrivateKey
	cert, key   string
}

func (p *pair) files(ca string) peer.Files { return peer.Files{Cert: p.cert, Key: p.key, CA: ca} }

// issue makes a certificate for addresses, signed by issuer or by itself.
func issue(t *testing.T, issuer *pair, addresses ...string) *pair {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "scheduler-grpc"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: issuer == nil, BasicConstraintsValid: true,
	}
	for _, address := range addresses {
		template.IPAddresses = append(template.IPAddresses, net.ParseIP(address))
	}
	parent, signer := template, private
	if issuer != nil {
		parent, signer = issuer.certificate, issuer.private
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &private.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{certificate: certificate, private: private}
	p.cert = write(t, "CERTIFICATE", der)
	p.key = write(t, "PRIVATE KEY", keyDER)
	return p
}

func write(t *testing.T, kind string, der []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
