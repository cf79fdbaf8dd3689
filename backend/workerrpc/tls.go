package workerrpc

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"regexp"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// Config says how the console proves itself to workers and knows them. The texts are PEM.
type Config struct {
	Certificate string
	Key         string
	Trust       string // the CA, or the certificate that all workers share
	Plaintext   bool   // no TLS at all

	Rewrite []profile.Rewrite // for workers that advertise what can't be reached from here
	// Dial is the way there; nil goes straight.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// credentialsFor makes the credentials of connections to a worker that is called by these names. They differ by worker because Go
// tells a VerifyConnection function the called name only where it goes into the handshake, and IP addresses don't.
type credentialsFor func(hosts ...string) credentials.TransportCredentials

func (c Config) credentials(now func() time.Time) (credentialsFor, []tls.Certificate, error) {
	if c.Plaintext {
		return func(...string) credentials.TransportCredentials { return insecure.NewCredentials() }, nil, nil
	}
	own, err := tls.X509KeyPair([]byte(c.Certificate), []byte(c.Key))
	if err != nil {
		return nil, nil, scheduler.Errorf(scheduler.Invalid, "worker.bad_key_pair",
			"The certificate and key for calling workers can't be used: check that both are there, are PEM and belong together.").Because(err)
	}
	trusted, err := trust.Certificates(c.Trust)
	if err != nil {
		return nil, nil, scheduler.Errorf(scheduler.Invalid, "worker.bad_trust",
			"The certificates that workers are known by can't be read: they are PEM, and at least one.").Because(err)
	}
	return func(hosts ...string) credentials.TransportCredentials {
		return credentials.NewTLS(&tls.Config{
			MinVersion:   tls.VersionTLS12,
			Certificates: []tls.Certificate{own},
			// Go's own check refuses certificates without a SAN, which clusters in the field share among all their
			// processes. VerifyConnection makes the whole check instead, of every connection, resumed ones too.
			InsecureSkipVerify: true, //nolint:gosec // see above
			VerifyConnection:   verifier(trusted, hosts, now),
		})
	}, []tls.Certificate{own}, nil
}

// Our own refusals, in the text of a gRPC error, which carries nothing else of them.
const (
	untrusted = "the worker's certificate is not trusted"
	outOfDate = "the worker's certificate is not valid now"
)

// verifier accepts a certificate that is one of the trusted ones itself, whatever its names, or that chains to one of them under a
// name that the worker is called by: the one that it advertises, or the one that a rule calls instead. One without any SAN has no
// name to compare: the chain must do.
func verifier(trusted []*x509.Certificate, hosts []string, now func() time.Time) func(tls.ConnectionState) error {
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
		names := hosts
		if len(leaf.DNSNames)+len(leaf.IPAddresses)+len(leaf.URIs)+len(leaf.EmailAddresses) == 0 {
			names = []string{""}
		}
		var failed error
		for _, options.DNSName = range names {
			if _, failed = leaf.Verify(options); failed == nil {
				return nil
			}
		}
		if invalid, ok := errors.AsType[x509.CertificateInvalidError](failed); ok && invalid.Reason == x509.Expired {
			return notNow(invalid.Cert)
		}
		return fmt.Errorf("%s: %w", untrusted, failed)
	}
}

func inTime(c *x509.Certificate, now time.Time) error {
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return notNow(c)
	}
	return nil
}

func notNow(c *x509.Certificate) error {
	from, until := trust.Term(c)
	return fmt.Errorf("%s: from %s to %s", outOfDate, from, until)
}

// terms matches what notNow says.
var terms = regexp.MustCompile(outOfDate + `: from (\S+) to ([^\s"]+)`)

// termIn is when the certificate that we refused is valid.
func termIn(err error) (from, until string) {
	if found := terms.FindStringSubmatch(status.Convert(err).Message()); found != nil {
		return found[1], found[2]
	}
	return "", ""
}
