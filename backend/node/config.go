package node

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Config is what a node needs to know. Zero values mean what the comments say.
type Config struct {
	ID     string // random; an id given by hand must not run twice
	NodeID string // the host name; workers of one node id share a SubLeader

	PostgresURL string // required; the scheduler's login
	RedisURL    string // required

	GRPCHost                    string // 127.0.0.1; the node listens there, and others call it there
	GRPCPortStart, GRPCPortEnd  int    // the first free port in between; both 0: any
	TLSCert, TLSKey, TLSCA      string // PEM files; none: plaintext; no CA: the certificate is its own root
	PeerAuth                    string // shared, which is also the default, or spiffe; see docs/node.md
	CommandTemplate             []string
	Env                         []string // of every command, before what the contract adds; nil: this process's but for EnvPrefix
	Shim                        []string // argv that ends in [RunShim]; this program with "run-shim"
	HeartbeatTTL, LockTTL, Tick time.Duration
	KillAfter, StopGrace        time.Duration
	// MetricsAddr is where /metrics, /livez, /readyz and /health are served (host:port); empty: nowhere.
	MetricsAddr string
	// MaxLogBytes is how much of a run's output is kept: the beginning, and the very end.
	MaxLogBytes int64
	Log         *slog.Logger
	Now         func() time.Time
}

// EnvPrefix begins the environment variables that configure a node. They hold addresses with passwords, so commands
// don't inherit them.
const EnvPrefix = "OPSDECK_NODE_"

// The times of the schedulers in the field, and the port range they look for each other in.
const (
	DefaultHeartbeatTTL  = 15 * time.Second
	DefaultLockTTL       = 10 * time.Second
	DefaultTick          = time.Second
	DefaultKillAfter     = 5 * time.Second
	DefaultStopGrace     = 10 * time.Second
	DefaultMaxLogBytes   = 256 << 20
	DefaultGRPCPortStart = 50051
	DefaultGRPCPortEnd   = 50150
)

// complete fills in what was left out.
func (c Config) complete() (Config, error) {
	for _, missing := range []struct {
		is   bool
		what string
	}{
		{c.PostgresURL == "", "the PostgreSQL address"},
		{c.RedisURL == "", "the Redis address"},
		{len(c.CommandTemplate) == 0, "the command template"},
	} {
		if missing.is {
			return c, scheduler.Errorf(scheduler.Invalid, "node.incomplete",
				"the node can't start: %s is missing", missing.what).With("what", missing.what)
		}
	}
	if c.NodeID == "" {
		host, err := os.Hostname()
		if err != nil {
			return c, fmt.Errorf("no node id was given and this host has no name: %w", err)
		}
		c.NodeID = host
	}
	if c.Shim == nil {
		program, err := os.Executable()
		if err != nil {
			return c, fmt.Errorf("find this program: %w", err)
		}
		c.Shim = []string{program, "run-shim"}
	}
	if c.Env == nil {
		c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, EnvPrefix) })
	}
	if c.GRPCHost == "" {
		c.GRPCHost = "127.0.0.1"
	}
	c.HeartbeatTTL = orElse(c.HeartbeatTTL, DefaultHeartbeatTTL)
	c.LockTTL = orElse(c.LockTTL, DefaultLockTTL)
	c.Tick = orElse(c.Tick, DefaultTick)
	c.KillAfter = orElse(c.KillAfter, DefaultKillAfter)
	c.StopGrace = orElse(c.StopGrace, DefaultStopGrace)
	if c.MaxLogBytes <= 0 {
		c.MaxLogBytes = DefaultMaxLogBytes
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// DescribeSettings lists the keys of scheduler_settings that a node obeys while it runs, a line each.
func DescribeSettings() string { return settings.Describe() }

// settings are what holds while neither the table nor the environment say anything else.
func (c Config) settings() settings.Values {
	v := settings.Standard()
	v.HeartbeatInterval, v.HeartbeatTTL, v.LeaderLockTTL = c.Tick, c.HeartbeatTTL, c.LockTTL
	return v
}

func randomID() string {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

// anotherID is for a node that rejoins. It shows the id that was given by hand, if one was.
func (c Config) anotherID() string {
	if c.ID == "" {
		return randomID()
	}
	return c.ID + "-" + randomID()
}

func orElse(d, standard time.Duration) time.Duration {
	if d <= 0 {
		return standard
	}
	return d
}
