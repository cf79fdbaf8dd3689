// Package profile says what an environment is: where its servers are, how to reach its workers, and what kind it is.
package profile

import (
	"fmt"
	"log/slog"
	"net/url"
)

// Kind is how careful the console has to be. It is a policy, not a label.
type Kind string

// The kinds, from the least to the most careful.
const (
	Sandbox     Kind = "sandbox"
	Development Kind = "development"
	Staging     Kind = "staging"
	Production  Kind = "production"
)

// Profile is one environment. Its URLs hold passwords: print it only through String or slog, which hide them.
type Profile struct {
	ID          string // stable, for files and events
	Name        string // for people
	Kind        Kind
	PostgresURL string
	RedisURL    string
	Workers     WorkerTLS
}

// WorkerTLS is how the console proves itself to workers and knows them. The files are PEM.
type WorkerTLS struct {
	CertFile  string // "" = the console calls no worker
	KeyFile   string
	TrustFile string // the CA, or the certificate that all workers share
	Plaintext bool   // no TLS at all; marked on screen
}

// String names the environment and its servers without their passwords.
func (p Profile) String() string {
	return fmt.Sprintf("%s (%s, PostgreSQL %s, Redis %s)", p.Name, p.Kind, redacted(p.PostgresURL), redacted(p.RedisURL))
}

// GoString keeps %#v from printing the passwords.
func (p Profile) GoString() string { return p.String() }

// LogValue is what a log may keep.
func (p Profile) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("id", p.ID), slog.String("name", p.Name), slog.String("kind", string(p.Kind)),
		slog.String("postgres", redacted(p.PostgresURL)), slog.String("redis", redacted(p.RedisURL)),
	)
}

// redacted is a URL without its password, wherever it stands: both servers also take it as a parameter.
func redacted(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" {
		return "(not a URL)"
	}
	q := u.Query()
	for _, name := range []string{"password", "sslpassword"} {
		if q.Has(name) {
			q.Set(name, "xxxxx")
		}
	}
	u.RawQuery = q.Encode()
	return u.Redacted()
}
