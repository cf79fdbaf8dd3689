// Package peer is how nodes meet each other over gRPC: mutual TLS in both deployments of the contract, one shared
// certificate or a company's CA, and kept connections.
package peer

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"

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
	certificate tls.Certificate
	roots       *x509.CertPool
	pins        [][]byte // DER of every trusted certificate
}

// Load reads the files. No files at all mean plaintext.
func Load(files Files) (Identity, error) {
	if files == (Files{}) {
		return Identity{}, nil
	}
	certificate, err := tls.LoadX509KeyPair(files.Cert, files.Key)
	if err != nil {
		return Identity{}, unreadable(files.Cert+" and "+files.Key, err)
	}
	trusted := files.CA
	if trusted == "" {
		trusted = files.Cert
	}
	text, err := os.ReadFile(trusted)
	if err != nil {
		return Identity{}, unreadable(trusted, err)
	}
	id := Identity{certificate: certificate, roots: x509.NewCertPool()}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return Identity{}, unreadable(trusted, err)
		}
		id.roots.AddCert(root)
		id.pins = append(id.pins, root.Raw)
	}
	if len(id.pins) == 0 {
		return Identity{}, unreadable(trusted, errors.New("no certificate in it"))
	}
	return id, nil
}

func unreadable(files string, cause error) error {
	return scheduler.Errorf(scheduler.Invalid, "tls.unreadable",
		"the TLS files can't be used: %s: they must be PEM, and the key must fit the certificate", files).
		With("files", files).Because(cause)
}

func (id Identity) plaintext() bool { return id.roots == nil }

// Server demands a client certificate that the trusted ones vouch for.
func (id Identity) Server() credentials.TransportCredentials {
	if id.plaintext() {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{id.certificate},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: id.roots,
	})
}

// Client verifies the server at host itself: Go refuses a certificate without names, which is what clusters with one
// shared certificate have.
func (id Identity) Client(host string) credentials.TransportCredentials {
	if id.plaintext() {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(&tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{id.certificate},
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection does it
		VerifyConnection:   func(state tls.ConnectionState) error { return id.verify(state, host) },
	})
}

// verify accepts a trusted certificate itself, and one that a trusted one vouches for: under the name that was called
// if it has names at all. The connection's own ServerName is empty for addresses.
func (id Identity) verify(state tls.ConnectionState, host string) error {
	leaf := state.PeerCertificates[0]
	for _, pin := range id.pins {
		if bytes.Equal(leaf.Raw, pin) {
			return nil
		}
	}
	options := x509.VerifyOptions{Roots: id.roots, Intermediates: x509.NewCertPool()}
	for _, certificate := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(certificate)
	}
	if len(leaf.DNSNames)+len(leaf.IPAddresses) > 0 {
		options.DNSName = host
	}
	_, err := leaf.Verify(options)
	return err
}
