// Package certs makes the certificates of a sandbox: an authority of its own, one certificate for each process, with the
// names they are dialled by. They prove nothing outside of the sandbox's folder.
package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

const (
	validFor = 365 * 24 * time.Hour
	renewAt  = 30 * 24 * time.Hour // before the end
	domain   = "opsdeck-sandbox"
)

// Pair is a process's certificate and key, with the authority that vouches for its peers: three PEM files.
type Pair struct{ Cert, Key, CA string }

// Read gives the texts of the files in their place.
func (p Pair) Read() (texts Pair, err error) {
	for file, text := range map[string]*string{p.Cert: &texts.Cert, p.Key: &texts.Key, p.CA: &texts.CA} {
		b, err := os.ReadFile(file)
		if err != nil {
			return Pair{}, err
		}
		*text = string(b)
	}
	return texts, nil
}

// Names of the URI in a certificate, which tells what its holder may ask of a worker.
const (
	Node     = "node"
	Viewer   = "ops/viewer"
	Operator = "ops/operator"
)

// Ensure makes sure that dir holds a certificate for every process, good for a month at least from now. rights maps a
// process's name, which becomes its file names, to Node, Viewer or Operator. What is near its end, damaged or missing makes all
// of them be made anew: they are only good together.
func Ensure(dir string, rights map[string]string, now time.Time) (map[string]Pair, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	pairs := map[string]Pair{}
	for name := range rights {
		pairs[name] = Pair{
			Cert: filepath.Join(dir, name+".crt"), Key: filepath.Join(dir, name+".key"), CA: filepath.Join(dir, "ca.crt"),
		}
	}
	if good(pairs, rights, now) {
		return pairs, nil
	}
	return pairs, issueAll(pairs, rights, now)
}

func issueAll(pairs map[string]Pair, rights map[string]string, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	authority := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "Opsdeck sandbox"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(validFor),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	if err != nil {
		return err
	}
	for name, pair := range pairs {
		if err := issue(pair, rights[name], name, authority, key, now); err != nil {
			return fmt.Errorf("certificate of %s: %w", name, err)
		}
		// The authority's key is kept nowhere: nobody can add a process later.
		if err := writePEM(pair.CA, "CERTIFICATE", der); err != nil {
			return err
		}
	}
	return nil
}

func issue(pair Pair, right, name string, authority *x509.Certificate, signer *ecdsa.PrivateKey, now time.Time) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(validFor),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		URIs:        []*url.URL{{Scheme: "spiffe", Host: domain, Path: "/" + right}},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, authority, key.Public(), signer)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return errors.Join(writePEM(pair.Key, "PRIVATE KEY", secret), writePEM(pair.Cert, "CERTIFICATE", der))
}

// good tells whether every certificate is there, vouched for by the one authority, for the right holder, and lasts.
func good(pairs map[string]Pair, rights map[string]string, now time.Time) bool {
	for name, pair := range pairs {
		ca, caErr := read(pair.CA)
		cert, certErr := read(pair.Cert)
		_, keyErr := os.Stat(pair.Key)
		if caErr != nil || certErr != nil || keyErr != nil {
			return false
		}
		roots := x509.NewCertPool()
		roots.AddCert(ca)
		_, err := cert.Verify(x509.VerifyOptions{
			Roots: roots, CurrentTime: now.Add(renewAt), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
		})
		if err != nil || len(cert.URIs) != 1 || cert.URIs[0].Path != "/"+rights[name] {
			return false
		}
	}
	return true
}

func read(path string) (*x509.Certificate, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s is no PEM: %w", path, fs.ErrInvalid)
	}
	return x509.ParseCertificate(block.Bytes)
}

func writePEM(path, kind string, der []byte) error {
	b := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err // a file that is there would keep its permissions
	}
	return os.WriteFile(path, b, 0o600)
}

func serial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b) // it can't fail: crypto/rand ends the program first
	return new(big.Int).SetBytes(b)
}
