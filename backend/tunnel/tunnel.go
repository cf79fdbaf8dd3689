// Package tunnel is the way to the servers of one environment: straight, through an SSH jump host, or through a SOCKS5 proxy.
// PostgreSQL, Redis and workers are all reached by the same Dialer, which says where the way ends and what to do about it.
package tunnel

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Kind is the way that is taken.
type Kind string

// The ways.
const (
	Direct Kind = "direct"
	SSH    Kind = "ssh"
	SOCKS5 Kind = "socks5"
)

// Config says which way to take.
type Config struct {
	Kind       Kind   // "" = Direct
	Address    string // host:port of the jump host or proxy
	User       string // there
	Agent      bool   // SSH: keys are the agent's; else Key is used
	Key        string // SSH: PEM
	Passphrase string // of Key; "" = it has none
	KnownHosts string // SSH: lines as in a known_hosts file
	Password   string // SOCKS5; "" = the proxy asks for none
}

// The time that a way may take to open, and how soon a silent network is given up.
const (
	dialTimeout = 5 * time.Second
	silence     = 10 * time.Second // unanswered data for this long ends a connection
)

// route opens connections one way. Its errors are for the operator, or a context's.
type route interface {
	dial(ctx context.Context, part, network, address string) (net.Conn, error)
	check(ctx context.Context) error
	drop() // ends what is shared by connections
	close()
}

// Dialer opens connections to the servers of one environment, and knows those that are open. It is safe for concurrent use.
type Dialer struct {
	way   route
	far   bool // names are resolved at the other end
	stop  context.CancelFunc
	watch sync.WaitGroup

	mu     sync.Mutex
	open   map[*held]struct{}
	closed bool
}

// New makes a Dialer; nothing is dialled yet. The caller closes it. now is the wall's clock, which goes on while the machine sleeps. A key or list of hosts that can't be read is an error at once.
func New(config Config, now func() time.Time, log *slog.Logger) (*Dialer, error) {
	d := &Dialer{open: map[*held]struct{}{}}
	switch config.Kind {
	case "", Direct:
		d.way = direct{}
	case SSH:
		way, err := newJump(config)
		if err != nil {
			return nil, err
		}
		d.way, d.far = way, true
	case SOCKS5:
		way, err := newSOCKS(config)
		if err != nil {
			return nil, err
		}
		d.way, d.far = way, true
	default:
		return nil, scheduler.Errorf(scheduler.Invalid, "tunnel.unknown_way", "There is no way %q to an environment.", config.Kind).
			With("way", string(config.Kind))
	}
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.watch.Go(func() {
		tick := time.NewTicker(sleepTick)
		defer tick.Stop()
		watchSleep(ctx, tick.C, now, func(gap time.Duration) {
			log.WarnContext(ctx, "this machine slept: all connections are opened anew", "for", gap.Round(time.Second))
			d.Drop()
		})
	})
	return d, nil
}

// To gives the function that opens connections to one part of the environment. Errors name the part: it is a proper name such as
// "PostgreSQL", the same in every language.
func (d *Dialer) To(part string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := d.way.dial(ctx, part, network, address)
		if err != nil {
			return nil, err
		}
		return d.hold(conn, network, address)
	}
}

// Check goes the way as far as it is the same for every server: to the jump host, past its door, or to the proxy.
func (d *Dialer) Check(ctx context.Context) error { return d.way.check(ctx) }

// LookupHost gives the addresses of a host. Where names are resolved at the other end it is the name itself.
func (d *Dialer) LookupHost(ctx context.Context, host string) ([]string, error) {
	if d.far {
		return []string{host}, nil
	}
	addresses, err := net.DefaultResolver.LookupHost(ctx, host)
	return addresses, explainLookup(host, err)
}

// Drop ends every open connection, and with them the calls that use them. What is dialled after it is new.
func (d *Dialer) Drop() {
	d.mu.Lock()
	open := d.open
	d.open = map[*held]struct{}{}
	d.mu.Unlock()
	d.way.drop()
	for conn := range open {
		_ = conn.Conn.Close() // its user meets the error
	}
}

// Close ends everything that is open. Calling it again does nothing.
func (d *Dialer) Close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.watch.Wait()
	d.Drop()
	d.way.close()
}

func (d *Dialer) hold(conn net.Conn, network, address string) (net.Conn, error) {
	h := &held{Conn: conn, dialer: d, peer: conn.RemoteAddr()}
	if d.far {
		h.peer = target{network, address}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	d.open[h] = struct{}{}
	if system, ok := conn.(syscall.Conn); ok {
		return heldSocket{h, system}, nil
	}
	return h, nil
}

// held is an open connection that the Dialer can end.
type held struct {
	net.Conn
	dialer *Dialer
	peer   net.Addr
}

// heldSocket is held for a connection of the system's own: pools look at its socket to see whether it still lives.
type heldSocket struct {
	*held
	syscall.Conn
}

func (h *held) Close() error {
	h.dialer.mu.Lock()
	delete(h.dialer.open, h)
	h.dialer.mu.Unlock()
	return h.Conn.Close()
}

// RemoteAddr is what was dialled, so that the same server can be dialled again.
func (h *held) RemoteAddr() net.Addr { return h.peer }

// target is an address at the other end of a tunnel.
type target struct{ network, address string }

func (t target) Network() string { return t.network }
func (t target) String() string  { return t.address }
