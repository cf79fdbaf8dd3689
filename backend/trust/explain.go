package trust

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Explain says why a TLS connection to a part's server was not made; nil where TLS isn't to blame. own are our certificates.
func Explain(part, address string, own []tls.Certificate, err error) *scheduler.Error {
	e := explainServer(part, address, err)
	if e == nil {
		e = explainOwn(part, address, own, err)
	}
	if e == nil {
		return nil
	}
	return e.With("part", part).With("address", address).Because(err)
}

// explainServer is about the server's certificate, which we judge.
func explainServer(part, address string, err error) *scheduler.Error {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		from, until := Term(invalid.Cert)
		return scheduler.Errorf(scheduler.Unavailable, "trust.expired",
			"The certificate of %s at %s is valid from %s to %s only. Have it renewed; if it looks right, check this machine's clock.", part, address, from, until).
			With("from", from).With("until", until)
	}
	if name, ok := errors.AsType[x509.HostnameError](err); ok {
		names := strings.Join(append(name.Certificate.DNSNames, addressesOf(name.Certificate)...), ", ")
		return scheduler.Errorf(scheduler.Unavailable, "trust.wrong_name",
			"%s at %s shows a certificate for other names (%s). Use one of them as the address, or have the name added to the certificate.", part, address, names).
			With("names", names)
	}
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, verification := errors.AsType[*tls.CertificateVerificationError](err)
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case unknown, verification, invalid:
		return scheduler.Errorf(scheduler.Unavailable, "trust.untrusted",
			"%s at %s shows a certificate that this profile does not trust. Give the profile the CA certificate that signed it; if there is one, somebody may be in between.",
			part, address)
	case strings.Contains(err.Error(), "first record does not look like a TLS handshake"):
		return scheduler.Errorf(scheduler.Unavailable, "trust.not_tls",
			"%s at %s does not speak TLS. Check the port, or turn TLS off in the profile if that is meant.", part, address)
	}
	return nil
}

// explainOwn is about our certificate, which the server has judged: an alert says no more than that.
func explainOwn(part, address string, own []tls.Certificate, err error) *scheduler.Error {
	if !isAlert(err) {
		return nil
	}
	if from, until, out := OutOfDate(own, time.Now()); out {
		return scheduler.Errorf(scheduler.Forbidden, "trust.own_expired",
			"%s at %s refused our client certificate, which is valid from %s to %s only. Put a new one into the profile; if it looks right, check this machine's clock.",
			part, address, from, until).With("from", from).With("until", until)
	}
	if len(own) == 0 {
		return scheduler.Errorf(scheduler.Forbidden, "trust.own_missing",
			"%s at %s wants a client certificate. Put one with its key into the profile.", part, address)
	}
	return scheduler.Errorf(scheduler.Forbidden, "trust.own_refused",
		"%s at %s does not accept our client certificate. Check that it was signed by the CA that the server trusts.", part, address)
}

// OutOfDate tells whether one of our certificates has run out or is not valid yet, and when it is valid.
func OutOfDate(own []tls.Certificate, now time.Time) (from, until string, out bool) {
	for _, pair := range own {
		if pair.Leaf != nil && (now.Before(pair.Leaf.NotBefore) || now.After(pair.Leaf.NotAfter)) {
			from, until = Term(pair.Leaf)
			return from, until, true
		}
	}
	return "", "", false
}

// Term is when a certificate is valid, as errors name it.
func Term(c *x509.Certificate) (from, until string) {
	return c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339)
}

func addressesOf(c *x509.Certificate) []string {
	var texts []string
	for _, ip := range c.IPAddresses {
		texts = append(texts, ip.String())
	}
	return texts
}
