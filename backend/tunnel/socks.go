package tunnel

import (
	"context"
	"errors"
	"net"
	"strings"

	"golang.org/x/net/proxy"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// socks goes through a SOCKS5 proxy, which resolves names.
type socks struct {
	address string
	dialer  proxy.ContextDialer
}

func newSOCKS(c Config) (*socks, error) {
	if err := checkAddress(c.Address); err != nil {
		return nil, err
	}
	var auth *proxy.Auth
	if c.User != "" {
		auth = &proxy.Auth{User: c.User, Password: c.Password}
	}
	dialer, err := proxy.SOCKS5("tcp", c.Address, auth, toProxy{})
	if err != nil {
		return nil, err
	}
	return &socks{address: c.Address, dialer: dialer.(proxy.ContextDialer)}, nil
}

// toProxy is the way to the proxy itself.
type toProxy struct{}

func (p toProxy) Dial(network, address string) (net.Conn, error) {
	return p.DialContext(context.Background(), network, address)
}

func (toProxy) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return direct{}.dial(ctx, "SOCKS5", network, address)
}

func (s *socks) dial(ctx context.Context, part, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout+silence)
	defer cancel()
	conn, err := s.dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, s.explain(ctx, part, address, err)
	}
	return conn, nil
}

// explain reads the library's texts: it has no other way to say what the proxy answered.
func (s *socks) explain(ctx context.Context, part, address string, err error) error {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e // on the way to the proxy
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	_, answer, answered := strings.Cut(err.Error(), "unknown error ")
	var e *scheduler.Error
	switch {
	case strings.Contains(err.Error(), "authentication"):
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.socks_auth",
			"The SOCKS5 proxy at %s refused the login. Check the user and the password of the profile's proxy.", s.address)
	case strings.Contains(answer, "not allowed"):
		e = scheduler.Errorf(scheduler.Forbidden, "tunnel.socks_forbidden",
			"The SOCKS5 proxy at %s does not allow connections to %s (%s). Ask for a rule that lets them pass.", s.address, address, part)
	case answered:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.socks_refused",
			"The SOCKS5 proxy at %s can't reach %s (%s): %s. Check that address as it is seen from the proxy.", s.address, address, part, answer).
			With("answer", answer)
	case ctx.Err() != nil:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.socks_no_answer",
			"The SOCKS5 proxy at %s did not open a connection to %s (%s) in time.", s.address, address, part)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.not_socks",
			"What answers at %s is no SOCKS5 proxy, or it broke off. Check the address of the profile's proxy.", s.address)
	}
	return e.With("proxy", s.address).With("address", address).With("part", part).Because(err)
}

func (s *socks) check(ctx context.Context) error {
	conn, err := toProxy{}.DialContext(ctx, "tcp", s.address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (*socks) drop()  {}
func (*socks) close() {}

// checkAddress refuses what isn't host:port.
func checkAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" {
		return scheduler.Errorf(scheduler.Invalid, "tunnel.bad_address",
			"%q is no address of a jump host or proxy: write host:port.", address).With("address", address)
	}
	return nil
}
