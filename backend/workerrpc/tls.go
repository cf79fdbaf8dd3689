package workerrpc

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Config says how the console proves itself to workers and knows them. The texts are PEM.
type Config struct {
	Certificate string
	Key         string
	Trust       string // the CA, or the certificate that all workers share
	Plaintext   bool   // no TLS at all
}

// credentialsFor makes the credentials of a connection to one host. They differ by host because Go tells a
// VerifyConnection function the called name only where it goes into the handshake, and IP addresses don't.
type credentialsFor func(host string) credentials.TransportCredentials

func (c Config) credentials(now func() time.Time) (credentialsFor, error) {
	if c.Plaintext {
		return func(string) credentials.TransportCredentials { return insecure.NewCredentials() }, nil
	}
	own, err := tls.X509KeyPair([]byte(c.Certificate), []byte(c.Key))
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "worker.bad_key_pair",
			"The certificate and key for calling workers can't be used: check that both are there, are PEM and belong together.").Because(err)
	}
	trusted, err := readCertificates([]byte(c.Trust))
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "worker.bad_trust",
			"The certificates that workers are known by can't be read: they are PEM, and at least one.").Because(err)
	}
	return func(host string) credentials.TransportCredentials {
		return credentials.NewTLS(&tls.Config{
			MinVersion:   tls.VersionTLS12,
			Certificates: []tls.Certificate{own},
			// Go's own check refuses certificates without a SAN, which clusters in the field share among all their
			// processes. VerifyConnection makes the whole check instead, of every connection, resumed ones too.
			InsecureSkipVerify: true, //nolint:gosec // see above
			VerifyConnection:   verifier(trusted, host, now),
		})
	}, nil
}

func readCertificates(text []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	if len(found) == 0 {
		return nil, errors.New("no certificate in the text")
	}
	return found, nil
}

// untrusted marks our own refusal in the text of a gRPC error, which carries nothing else of it.
const untrusted = "the worker's certificate is not trusted"

// verifier accepts a certificate that is one of the trusted ones itself, whatever its names, or that chains to one of
// them under the host that was called. One without any SAN has no name to compare: the chain must do.
func verifier(trusted []*x509.Certificate, host string, now func() time.Time) func(tls.ConnectionState) error {
	roots := x509.NewCertPool()
	for _, c := range trusted {
		roots.AddCert(c)
	}
	return func(state tls.ConnectionState) error {
		leaf := state.PeerCertificates[0] // TLS servers always show one
		for _, c := range trusted {
			if bytes.Equal(c.Raw, leaf.Raw) {
				return inTime(leaf, now())
			}
		}
		options := x509.VerifyOptions{
			Roots: roots, Intermediates: x509.NewCertPool(), CurrentTime: now(),
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		for _, c := range state.PeerCertificates[1:] {
			options.Intermediates.AddCert(c)
		}
		if len(leaf.DNSNames)+len(leaf.IPAddresses)+len(leaf.URIs)+len(leaf.EmailAddresses) > 0 {
			options.DNSName = host
		}
		if _, err := leaf.Verify(options); err != nil {
			return fmt.Errorf("%s: %w", untrusted, err)
		}
		return nil
	}
}

func inTime(c *x509.Certificate, now time.Time) error {
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return fmt.Errorf("%s: it is valid from %s to %s only", untrusted, c.NotBefore.Format(time.RFC3339), c.NotAfter.Format(time.RFC3339))
	}
	return nil
}
