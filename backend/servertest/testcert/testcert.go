// Package testcert issues throw-away certificates for tests of who trusts whom.
package testcert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Pair is a certificate with its key, in PEM, and in files of it that go with the test.
type Pair struct {
	Certificate *x509.Certificate
	CertFile    string
	KeyFile     string
	CertPEM     string // what the files hold
	KeyPEM      string

	key *ecdsa.PrivateKey
}

// Option changes a certificate before it is signed.
type Option func(*x509.Certificate)

// For gives the certificate IP addresses as its names.
func For(addresses ...string) Option {
	return func(c *x509.Certificate) {
		for _, a := range addresses {
			c.IPAddresses = append(c.IPAddresses, net.ParseIP(a))
		}
	}
}

// Named gives the certificate host names.
func Named(hosts ...string) Option {
	return func(c *x509.Certificate) { c.DNSNames = append(c.DNSNames, hosts...) }
}

// URI gives the certificate URIs as its names.
func URI(texts ...string) Option {
	return func(c *x509.Certificate) {
		for _, text := range texts {
			uri, err := url.Parse(text)
			if err != nil {
				panic(err) // a fault of the test
			}
			c.URIs = append(c.URIs, uri)
		}
	}
}

// Expired lets the certificate have ended an hour ago.
func Expired(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
}

// NotYet lets the certificate begin in an hour.
func NotYet(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
}

// Issue makes a certificate that issuer signs. A nil issuer makes one that signs itself and may sign others, which is
// both a CA and what clusters share among their processes; without For it has no name but its CN.
func Issue(t testing.TB, issuer *Pair, options ...Option) *Pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	check(t, err)
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "scheduler-grpc"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: issuer == nil, BasicConstraintsValid: true,
	}
	if issuer != nil {
		template.Subject.CommonName = "process" // OpenSSL takes a certificate whose issuer has its own name for self-signed
	}
	for _, o := range options {
		o(template)
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.Certificate, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	check(t, err)
	p := &Pair{key: key}
	p.Certificate, err = x509.ParseCertificate(der)
	check(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	check(t, err)
	p.CertPEM, p.KeyPEM = text("CERTIFICATE", der), text("PRIVATE KEY", keyDER)
	p.CertFile, p.KeyFile = write(t, p.CertPEM), write(t, p.KeyPEM)
	return p
}

// ClientTLS is what a client with this certificate uses towards servers that ca vouches for.
func (p *Pair) ClientTLS(t testing.TB, ca *Pair) *tls.Config {
	t.Helper()
	pair, err := tls.X509KeyPair([]byte(p.CertPEM), []byte(p.KeyPEM))
	check(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(ca.Certificate)
	return &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: pool, MinVersion: tls.VersionTLS12}
}

func text(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func write(t testing.TB, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "pem")
	check(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
