package redisstore

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/trust"
)

func init() { redis.SetLogger(silent{}) }

// silent is what the library may say for itself: to the terminal, and nothing that our errors don't.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// part is how errors name what this package reaches.
const part = "Redis"

// Config is how a cluster's Redis is reached.
type Config struct {
	Profile          profile.Redis
	Password         profile.Secret
	SentinelPassword profile.Secret
	ClientKey        profile.Secret

	// Dial is the way there; nil goes straight.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

const (
	// connections is how many a server may cost.
	connections = 4
	// dialTimeout leaves time for the handshake with a jump host.
	dialTimeout = 5 * time.Second
)

// How often a client tries again what the network may have lost.
const (
	tryOnce  = -1
	tryTwice = 1
)

// client makes a client that has dialled nothing yet. A Cluster's follows redirections in any case, and may try again by that.
func (c Config) client(dial dialFunc, retries int) redis.UniversalClient {
	p := c.Profile
	quiet := &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	switch p.Mode {
	case profile.Sentinel:
		return redis.NewFailoverClient(&redis.FailoverOptions{
			MasterName: p.MasterName, SentinelAddrs: p.Addresses, SentinelUsername: p.SentinelUser, SentinelPassword: c.SentinelPassword.Reveal(),
			Username: p.User, Password: c.Password.Reveal(), DB: p.Database, Dialer: dial,
			DialTimeout: dialTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout, ContextTimeoutEnabled: true,
			MaxRetries: retries, DialerRetries: 1, PoolSize: connections, DisableIdentity: true,
		})
	case profile.Cluster:
		return redis.NewClusterClient(&redis.ClusterOptions{
			Addrs: p.Addresses, Username: p.User, Password: c.Password.Reveal(), Dialer: dial,
			DialTimeout: dialTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout, ContextTimeoutEnabled: true,
			MaxRedirects: 3, MaxRetries: retries, DialerRetries: 1, PoolSize: connections, DisableIdentity: true, MaintNotificationsConfig: quiet,
		})
	}
	network := "tcp"
	if strings.HasPrefix(p.Addresses[0], "/") {
		network = "unix"
	}
	return redis.NewClient(&redis.Options{
		Network: network, Addr: p.Addresses[0], Username: p.User, Password: c.Password.Reveal(), DB: p.Database, Dialer: dial,
		DialTimeout: dialTimeout, ReadTimeout: callTimeout, WriteTimeout: callTimeout, ContextTimeoutEnabled: true,
		MaxRetries: retries, DialerRetries: 1, PoolSize: connections,
		DisableIdentity:          true, // a viewer's ACL need not allow CLIENT
		MaintNotificationsConfig: quiet,
	})
}

// dialError is an attempt to connect that failed: nothing was asked of Redis by then.
type dialError struct{ error }

func (e dialError) Unwrap() error { return e.error }

// dialer gives the way to every server, with TLS where the profile says so. The name that a certificate must have is the one that is
// dialled: that of a Sentinel, or what a Sentinel or a Cluster says of its servers.
func (c Config) dialer() (dialFunc, []tls.Certificate, error) {
	dial := c.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	roots, err := trust.Roots(part, c.Profile.ServerCA)
	if err != nil {
		return nil, nil, err
	}
	own, err := trust.Pair(part, c.Profile.ClientCertificate, c.ClientKey.Reveal())
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, dialError{err}
		}
		if !c.Profile.TLS {
			return conn, nil
		}
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			host = address
		}
		secure := tls.Client(conn, &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, RootCAs: roots, Certificates: own})
		if err := secure.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, dialError{err}
		}
		return heard{secure}, nil
	}, own, nil
}

// heard is a connection that tells why the server doesn't take it.
type heard struct{ *tls.Conn }

func (h heard) Write(b []byte) (int, error) {
	n, err := h.Conn.Write(b)
	return n, trust.Alert(h.Conn, err)
}
