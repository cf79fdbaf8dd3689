// Package trust reads the certificates and keys that a profile holds as PEM texts, and says what is wrong with a TLS connection.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Certificates reads every certificate of a text.
func Certificates(text string) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
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

// Roots are the authorities that vouch for a part's servers; "" gives nil, which stands for the system's.
func Roots(part, text string) (*x509.CertPool, error) {
	if text == "" {
		return nil, nil
	}
	found, err := Certificates(text)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "trust.bad_ca",
			"The CA certificate for %s can't be read: it is PEM, from BEGIN CERTIFICATE to END CERTIFICATE.", part).With("part", part).Because(err)
	}
	pool := x509.NewCertPool()
	for _, c := range found {
		pool.AddCert(c)
	}
	return pool, nil
}

// Pair is what we prove ourselves with to a part's servers; no certificate gives none. Its errors never quote the key.
func Pair(part, certificate, key string) ([]tls.Certificate, error) {
	if certificate == "" {
		return nil, nil
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "trust.bad_pair",
			"The client certificate for %s and its key can't be used: check that both are there, are PEM and belong together.", part).
			With("part", part).Because(err)
	}
	return []tls.Certificate{pair}, nil
}
