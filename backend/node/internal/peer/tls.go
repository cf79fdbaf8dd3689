// Package peer is how nodes meet each other over gRPC: mutual TLS in both deployments of the contract, one shared
// certificate or a company's CA, and kept connections.
package peer

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Files are PEM files. Without CA the certificate is its own root, as where all workers share one.
type Files struct {
	Cert, Key, CA string
}

// Identity is how a node proves itself and whom it trusts. The zero value speaks plaintext.
type Identity struct {
	keeper *keeper
	auth   Auth
}

// Load reads the files. No files at all mean plaintext.
func Load(files Files, auth Auth, log *slog.Logger) (Identity, error) {
	if files == (Files{}) {
		if auth == SPIFFE {
			return Identity{}, scheduler.Errorf(scheduler.Invalid, "node.spiffe_without_tls",
				"peers can't be told apart by spiffe without certificates: give this node a certificate, its key and the CA's")
		}
		return Identity{}, nil
	}
	keeper, err := newKeeper(files, log)
	return Identity{keeper: keeper, auth: auth}, err
}

func (id Identity) plaintext() bool { return id.keeper == nil }

// Server demands a client certificate that the trusted ones vouch for.
func (id Identity) Server() credentials.TransportCredentials {
	if id.plaintext() {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			m := id.keeper.material()
			return &tls.Config{
				MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{m.certificate}, NextProtos: []string{"h2"},
				ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: m.roots,
			}, nil
		},
	})
}

// Client verifies the server at host itself: Go refuses a certificate without names, which is what clusters with one
// shared certificate have.
func (id Identity) Client(host string) credentials.TransportCredentials {
	if id.plaintext() {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS12,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			m := id.keeper.material()
			return &m.certificate, nil
		},
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection does it
		VerifyConnection:   func(state tls.ConnectionState) error { return id.verify(state, host) },
	})
}

// verify accepts a trusted certificate itself, and one that a trusted one vouches for: under the name that was called
// if it has names at all. The connection's own ServerName is empty for addresses.
func (id Identity) verify(state tls.ConnectionState, host string) error {
	leaf, m := state.PeerCertificates[0], id.keeper.material()
	if id.auth == SPIFFE && !may(leaf, "") { // an operator's certificate makes nobody a worker
		return fmt.Errorf("the certificate %s is no node's", name(leaf))
	}
	for _, pin := range m.pins {
		if bytes.Equal(leaf.Raw, pin) {
			return nil
		}
	}
	options := x509.VerifyOptions{Roots: m.roots, Intermediates: x509.NewCertPool()}
	for _, certificate := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(certificate)
	}
	if len(leaf.DNSNames)+len(leaf.IPAddresses) > 0 {
		options.DNSName = host
	}
	_, err := leaf.Verify(options)
	return err
}
