package tunnel_test

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh/agent"

	"github.com/opsdeck/opsdeck/backend/servertest/jumphost"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

// through is the way through a jump host with its key.
func through(s *jumphost.Server) tunnel.Config {
	return tunnel.Config{Kind: tunnel.SSH, Address: s.Address, User: "jump", Key: s.Key, KnownHosts: s.KnownHosts}
}

func TestJumpHost(t *testing.T) {
	t.Parallel()
	server := jumphost.Start(t, map[string]string{"echo.internal:7": echo(t)})
	d := open(t, through(server))
	if addresses, err := d.LookupHost(t.Context(), "echo.internal"); err != nil || addresses[0] != "echo.internal" {
		t.Errorf("names are resolved here: %q, %v", addresses, err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			conn, err := d.To("Echo")(t.Context(), "tcp", "echo.internal:7")
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			if err := says(conn); err != nil {
				t.Error(err)
			}
			if peer := conn.RemoteAddr(); peer.Network() != "tcp" || peer.String() != "echo.internal:7" {
				t.Errorf("the peer is %s", peer)
			}
		})
	}
	all.Wait()
	if server.Logins() != 1 || server.Forwarded() != 8 {
		t.Errorf("%d logins for %d connections", server.Logins(), server.Forwarded())
	}
}

func TestJumpHostConnectionsHaveDeadlines(t *testing.T) {
	t.Parallel()
	d := open(t, through(jumphost.Start(t, map[string]string{"echo.internal:7": echo(t)})))
	conn := dial(t, d, "echo.internal:7")
	if err := conn.SetReadDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("reading past the deadline: %v", err)
	}
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	answers(t, conn)
}

func TestJumpHostRefusals(t *testing.T) {
	t.Parallel()
	server := jumphost.Start(t, nil)
	other := jumphost.Start(t, nil)
	silent := listen(t)
	t.Cleanup(func() { _ = silent.Close() })
	noSSH := echo(t)
	for name, test := range map[string]struct {
		change func(*tunnel.Config)
		want   string
		args   map[string]string
	}{
		"another user": {func(c *tunnel.Config) { c.User = "root" }, "tunnel.ssh_auth", map[string]string{"user": "root", "jump": server.Address}},
		"another key":  {func(c *tunnel.Config) { c.Key = other.Key }, "tunnel.ssh_auth", nil},
		"an unknown host": {func(c *tunnel.Config) { c.KnownHosts = "" }, "tunnel.host_key_unknown",
			map[string]string{"line": server.KnownHosts, "jump": server.Address}},
		"a changed host key": {func(c *tunnel.Config) {
			c.KnownHosts = strings.Replace(other.KnownHosts, port(other.Address), port(server.Address), 1)
		}, "tunnel.host_key_changed", nil},
		"a revoked host key": {func(c *tunnel.Config) { c.KnownHosts = "@revoked " + server.KnownHosts }, "tunnel.host_key_revoked", nil},
		"nothing listens":    {func(c *tunnel.Config) { c.Address = nobody(t) }, "tunnel.refused", map[string]string{"part": "SSH"}},
		"no SSH":             {func(c *tunnel.Config) { c.Address = noSSH }, "tunnel.ssh_handshake", nil},
		"an unknown name":    {func(c *tunnel.Config) { c.Address = "no-such-host.invalid:22" }, "tunnel.unresolved", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := through(server)
			test.change(&config)
			e := refused(t, open(t, config), "echo.internal:7")
			if e.Reason != test.want {
				t.Errorf("got %v, want %s", e, test.want)
			}
			for name, value := range test.args {
				if e.Args[name] != value {
					t.Errorf("%s is %q, not %q", name, e.Args[name], value)
				}
			}
		})
	}
	t.Run("the target is out of its reach", func(t *testing.T) {
		t.Parallel()
		closed := nobody(t)
		e := refused(t, open(t, through(server)), closed)
		if e.Reason != "tunnel.channel_refused" || e.Args["address"] != closed || e.Args["part"] != "Echo" {
			t.Errorf("%+v", e)
		}
	})
	t.Run("it forwards nothing", func(t *testing.T) {
		t.Parallel()
		strict := jumphost.Start(t, nil)
		strict.Forbid(true)
		if e := refused(t, open(t, through(strict)), echo(t)); e.Reason != "tunnel.forwarding_forbidden" {
			t.Errorf("%+v", e)
		}
	})
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

func TestKeysAndHostsAreReadBeforeAnythingIsDialled(t *testing.T) {
	t.Parallel()
	server := jumphost.Start(t, nil)
	locked := server.LockedKey()
	for name, test := range map[string]struct {
		change func(*tunnel.Config)
		want   string
	}{
		"a key with its passphrase":          {func(c *tunnel.Config) { c.Key, c.Passphrase = locked, jumphost.Passphrase }, ""},
		"a passphrase that nobody asked for": {func(c *tunnel.Config) { c.Passphrase = "secret words" }, ""},
		"a locked key":                       {func(c *tunnel.Config) { c.Key = locked }, "tunnel.no_passphrase"},
		"the wrong passphrase":               {func(c *tunnel.Config) { c.Key, c.Passphrase = locked, "secret words" }, "tunnel.wrong_passphrase"},
		"no key":                             {func(c *tunnel.Config) { c.Key = "" }, "tunnel.no_key"},
		"something else":                     {func(c *tunnel.Config) { c.Key = "secret words" }, "tunnel.bad_key"},
		"half a key":                         {func(c *tunnel.Config) { c.Key = server.Key[:100] }, "tunnel.bad_key"},
		"no line of known hosts":             {func(c *tunnel.Config) { c.KnownHosts = "# a remark\n\nsecret words" }, "tunnel.bad_known_hosts"},
		"no address":                         {func(c *tunnel.Config) { c.Address = "jump.example" }, "tunnel.bad_address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := through(server)
			test.change(&config)
			d, err := tunnel.New(config, time.Now, slog.New(slog.DiscardHandler))
			if err == nil {
				d.Close()
			}
			if reason(err) != test.want || (err == nil) != (test.want == "") {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret words") {
				t.Errorf("the error quotes what it can't read: %v", err)
			}
		})
	}
	if server.Logins() != 0 {
		t.Errorf("%d logins", server.Logins())
	}
}

func TestJumpHostWithAgent(t *testing.T) {
	server := jumphost.Start(t, map[string]string{"echo.internal:7": echo(t)})
	config := through(server)
	config.Key, config.Agent = "", true

	t.Setenv("SSH_AUTH_SOCK", "")
	if e := refused(t, open(t, config), "echo.internal:7"); e.Reason != "tunnel.no_agent" {
		t.Errorf("without an agent: %v", e)
	}
	keys := agent.NewKeyring()
	t.Setenv("SSH_AUTH_SOCK", serveAgent(t, keys))
	if e := refused(t, open(t, config), "echo.internal:7"); e.Reason != "tunnel.agent_empty" {
		t.Errorf("with an empty agent: %v", e)
	}
	if err := keys.Add(agent.AddedKey{PrivateKey: server.Private}); err != nil {
		t.Fatal(err)
	}
	answers(t, dial(t, open(t, config), "echo.internal:7"))
}

func serveAgent(t *testing.T, keys agent.Agent) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "agent")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { _ = agent.ServeAgent(keys, conn); _ = conn.Close() })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return socket
}

func TestLostJumpHostIsConnectedToAgain(t *testing.T) {
	t.Parallel()
	server := jumphost.Start(t, map[string]string{"echo.internal:7": echo(t)})
	d := open(t, through(server))
	conn := dial(t, d, "echo.internal:7")
	answers(t, conn)
	server.Stop()
	if err := says(conn); err == nil {
		t.Error("the connection outlived its jump host")
	}
	first := refused(t, d, "echo.internal:7")
	if first.Reason != "tunnel.refused" {
		t.Errorf("%v", first)
	}
	second := refused(t, d, "echo.internal:7")
	if third := refused(t, d, "echo.internal:7"); third != second {
		t.Errorf("it was tried again at once: %v", third)
	}
	server.Restart()
	d.Drop() // as after sleep: it doesn't wait for the pause to end
	answers(t, dial(t, d, "echo.internal:7"))
	if server.Logins() != 2 {
		t.Errorf("%d logins", server.Logins())
	}
}

func TestRefusedKeyIsNotTriedAgainAtOnce(t *testing.T) {
	t.Parallel()
	server := jumphost.Start(t, nil)
	config := through(server)
	config.User = "root"
	d := open(t, config)
	first := refused(t, d, "echo.internal:7")
	for range 10 {
		if e := refused(t, d, "echo.internal:7"); e != first {
			t.Errorf("a login that was refused is repeated: %v", e)
		}
	}
	if n := server.Attempts(); n != 1 {
		t.Errorf("%d connections", n)
	}
}
