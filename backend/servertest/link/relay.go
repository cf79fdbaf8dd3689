package link

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// relay carries connections to a server.
type relay struct {
	network, server string
	listener        net.Listener
	all             sync.WaitGroup
	refuse          atomic.Bool
	dialled         atomic.Int64

	mu   sync.Mutex
	open map[*pair]struct{}
}

// pair is one connection from end to end.
type pair struct {
	here, there net.Conn
	forgotten   atomic.Bool
}

func startRelay(t testing.TB, network, server string) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{network: network, server: server, listener: listener, open: map[*pair]struct{}{}}
	r.all.Go(r.accept)
	t.Cleanup(func() { _ = listener.Close(); r.reset(); r.all.Wait() })
	return r
}

func (r *relay) address() string { return r.listener.Addr().String() }

func (r *relay) accept() {
	for {
		here, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.dialled.Add(1)
		r.all.Go(func() { r.carry(here) })
	}
}

func (r *relay) carry(here net.Conn) {
	if r.refuse.Load() {
		abort(here)
		return
	}
	there, err := net.Dial(r.network, r.server) //nolint:noctx // on this machine it is there or not
	if err != nil {
		_ = here.Close()
		return
	}
	p := &pair{here: here, there: there}
	r.mu.Lock()
	r.open[p] = struct{}{}
	r.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.up() })
	both.Go(func() { p.down() })
	both.Wait()
	r.mu.Lock()
	delete(r.open, p)
	r.mu.Unlock()
}

// up ends both when the client has gone, whatever was forgotten.
func (p *pair) up() {
	p.copy(p.there, p.here)
	_ = p.here.Close()
	_ = p.there.Close()
}

// down tells the client that the server has gone, unless nothing is told any more.
func (p *pair) down() {
	p.copy(p.here, p.there)
	_ = p.there.Close()
	if !p.forgotten.Load() {
		_ = p.here.Close()
	}
}

func (p *pair) copy(to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if p.forgotten.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (r *relay) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for p := range r.open {
		p.forgotten.Store(true)
	}
}

func (r *relay) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for p := range r.open {
		abort(p.here)
		_ = p.there.Close()
	}
}

func (r *relay) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.open)
}

// abort ends a connection without a farewell: the other end meets a reset.
func abort(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
