package logs

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Dialer makes connections, as net.Dialer's DialContext does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// own is this machine's network.
func own(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{Timeout: answerTimeout, KeepAlive: 15 * time.Second}).DialContext(ctx, network, address)
}

// errNearAddress tells that a name led to an address where no log is.
var errNearAddress = errors.New("the name leads to an address of this machine or of the link")

// guarded dials only what a log server can be: not this machine, not what only the link or a cloud's own services answer. It looks at
// the very address that is connected to, after the name was resolved: a name that resolves differently the second time gains
// nothing. Where the profile names such an address itself, it is meant.
func guarded(resolver *net.Resolver, named func(host string) bool) Dialer {
	d := &net.Dialer{Timeout: answerTimeout, KeepAlive: 15 * time.Second, Resolver: resolver, ControlContext: refuseNear}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if _, err := netip.ParseAddr(host); (host == "localhost" || err == nil) && named(host) {
			return own(ctx, network, address)
		}
		return d.DialContext(ctx, network, address)
	}
}

func refuseNear(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if near(at.Addr()) {
		return errNearAddress
	}
	return nil
}

// services are networks in which clouds and hosts answer for the machine itself.
var services = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.100.100.200/32"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("fd00:ec2::254/128"), netip.MustParsePrefix("::/96"),
}

// wrapped are networks whose addresses hold an IPv4 address, and where.
var wrapped = map[netip.Prefix]int{netip.MustParsePrefix("64:ff9b::/96"): 12, netip.MustParsePrefix("2002::/16"): 2}

func near(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	for network, at := range wrapped {
		if network.Contains(a) {
			bytes := a.As16()
			a = netip.AddrFrom4([4]byte(bytes[at : at+4]))
		}
	}
	if a.IsLoopback() || a.IsUnspecified() || a.IsLinkLocalUnicast() || a.IsMulticast() {
		return true
	}
	return slices.ContainsFunc(services, func(p netip.Prefix) bool { return p.Contains(a) })
}

func nearRefused(host string) error {
	return scheduler.Errorf(scheduler.Forbidden, "log.near_address",
		"%s leads to an address of this machine or of its closest network, where no log is read from.", host).With("host", host).Because(errNearAddress)
}
