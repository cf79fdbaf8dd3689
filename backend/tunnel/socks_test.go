package tunnel_test

import (
	"net"
	"testing"

	"github.com/opsdeck/opsdeck/backend/servertest/socksproxy"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

func TestSOCKS(t *testing.T) {
	t.Parallel()
	server := socksproxy.Start(t, map[string]net.IP{"echo.internal": net.IPv4(127, 0, 0, 1)})
	d := open(t, tunnel.Config{Kind: tunnel.SOCKS5, Address: server.Address, User: socksproxy.User, Password: socksproxy.Password})
	address := net.JoinHostPort("echo.internal", port(echo(t)))
	conn := dial(t, d, address)
	answers(t, conn)
	if got := conn.RemoteAddr().String(); got != address {
		t.Errorf("the peer is %s", got)
	}
	if server.Connected() != 1 {
		t.Errorf("the proxy opened %d connections", server.Connected())
	}
}

func TestSOCKSRefusals(t *testing.T) {
	t.Parallel()
	server, strict := socksproxy.Start(t, nil), socksproxy.Start(t, nil)
	strict.Forbid(true)
	noProxy := echo(t)
	for name, test := range map[string]struct {
		change  func(*tunnel.Config)
		address string
		want    string
	}{
		"a wrong password":     {func(c *tunnel.Config) { c.Password = "secret words" }, noProxy, "tunnel.socks_auth"},
		"no login":             {func(c *tunnel.Config) { c.User = "" }, noProxy, "tunnel.socks_auth"},
		"a rule":               {func(c *tunnel.Config) { c.Address = strict.Address }, noProxy, "tunnel.socks_forbidden"},
		"an unknown name":      {func(*tunnel.Config) {}, "no-such-host.invalid:7", "tunnel.socks_refused"},
		"nothing listens":      {func(*tunnel.Config) {}, nobody(t), "tunnel.socks_refused"},
		"something else there": {func(c *tunnel.Config) { c.Address = noProxy }, noProxy, "tunnel.not_socks"},
		"no proxy":             {func(c *tunnel.Config) { c.Address = nobody(t) }, noProxy, "tunnel.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := tunnel.Config{Kind: tunnel.SOCKS5, Address: server.Address, User: socksproxy.User, Password: socksproxy.Password}
			test.change(&config)
			if e := refused(t, open(t, config), test.address); e.Reason != test.want {
				t.Errorf("got %v, want %s", e, test.want)
			}
		})
	}
}
