package certs_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/sandbox/certs"
)

var rights = map[string]string{"node-a-1": certs.Node, "console": certs.Viewer}

func TestProcessesKnowEachOtherByAddress(t *testing.T) {
	t.Parallel()
	pairs := ensure(t, t.TempDir(), time.Now())
	for _, name := range []string{"127.0.0.1", "localhost"} {
		if err := handshake(t, pairs["node-a-1"], pairs["console"], name); err != nil {
			t.Errorf("dialled as %s: %v", name, err)
		}
	}
	if err := handshake(t, pairs["node-a-1"], pairs["console"], "example.com"); err == nil {
		t.Error("the certificate is good for a stranger's name")
	}
	strangers := ensure(t, t.TempDir(), time.Now())
	mixed := pairs["console"]
	mixed.Cert, mixed.Key = strangers["console"].Cert, strangers["console"].Key
	if err := handshake(t, pairs["node-a-1"], mixed, "127.0.0.1"); err == nil {
		t.Error("another sandbox's console was let in")
	}
}

func TestFilesAreKeptUntilTheyAreNearTheirEndOrDamaged(t *testing.T) {
	t.Parallel()
	dir, now := t.TempDir(), time.Now()
	first := content(t, ensure(t, dir, now)["console"].Cert)
	if again := content(t, ensure(t, dir, now.AddDate(0, 3, 0))["console"].Cert); again != first {
		t.Error("a good certificate was made anew")
	}
	late := content(t, ensure(t, dir, now.AddDate(0, 11, 15))["console"].Cert)
	if late == first {
		t.Error("a certificate with two weeks to live was kept")
	}
	pairs := ensure(t, dir, now.AddDate(0, 11, 15))
	if err := os.WriteFile(pairs["node-a-1"].Cert, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ensure(t, dir, now.AddDate(0, 11, 15)); content(t, pairs["console"].Cert) == late {
		t.Error("a damaged certificate was kept")
	}
}

func TestKeysAreTheOwnersOnly(t *testing.T) {
	t.Parallel()
	for _, pair := range ensure(t, t.TempDir(), time.Now()) {
		info, err := os.Stat(pair.Key)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", pair.Key, info.Mode(), err)
		}
	}
}

func ensure(t *testing.T, dir string, now time.Time) map[string]certs.Pair {
	t.Helper()
	pairs, err := certs.Ensure(dir, rights, now)
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// handshake lets client dial server under a name, each trusting its own authority, and reports who refused.
func handshake(t *testing.T, server, client certs.Pair, name string) error {
	t.Helper()
	load := func(p certs.Pair) (tls.Certificate, *x509.CertPool) {
		cert, err := tls.LoadX509KeyPair(p.Cert, p.Key)
		if err != nil {
			t.Fatal(err)
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(content(t, p.CA)))
		return cert, pool
	}
	serverCert, clientCAs := load(server)
	clientCert, roots := load(client)
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	answer := make(chan error, 1)
	go func() {
		s := tls.Server(a, &tls.Config{
			Certificates: []tls.Certificate{serverCert}, ClientCAs: clientCAs, ClientAuth: tls.RequireAndVerifyClientCert,
		})
		err := s.Handshake()
		if err == nil {
			_, err = s.Write([]byte("x"))
		}
		a.Close()
		answer <- err
	}()
	c := tls.Client(b, &tls.Config{Certificates: []tls.Certificate{clientCert}, RootCAs: roots, ServerName: name})
	// With TLS 1.3 a refused client learns it from its first read.
	_, err := io.ReadFull(c, make([]byte, 1))
	b.Close()
	if serverErr := <-answer; err == nil {
		return serverErr
	}
	return err
}
