package workerrpc

import (
	"container/list"
	"errors"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
)

const (
	// maxKept bounds the connections that are kept. One costs some 100 kB on each end.
	maxKept = 200
	// idleAfter lets an unused connection go; the next call dials again.
	idleAfter = 2 * time.Minute
)

// pool keeps a connection an address, the least recently used one goes first. A connection in use is never closed.
type pool struct {
	credentials credentialsFor

	mu     sync.Mutex
	byAddr map[string]*list.Element // of *kept, most recently used in front
	order  *list.List
	closed bool
}

var errClosed = errors.New("the client is closed")

type kept struct {
	address string
	conn    *grpc.ClientConn
	users   int
}

func newPool(c credentialsFor) *pool {
	return &pool{credentials: c, byAddr: map[string]*list.Element{}, order: list.New()}
}

// borrow lends the connection to an address until giveBack is called.
func (p *pool) borrow(address string) (conn *grpc.ClientConn, giveBack func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errClosed
	}
	element, ok := p.byAddr[address]
	if !ok {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, nil, err
		}
		// "passthrough" hands the address to the dialer as it is: host:port, nothing else.
		conn, err := grpc.NewClient("passthrough:///"+address,
			grpc.WithTransportCredentials(p.credentials(host)), grpc.WithIdleTimeout(idleAfter), grpc.WithDisableServiceConfig())
		if err != nil {
			return nil, nil, err
		}
		element = p.order.PushFront(&kept{address: address, conn: conn})
		p.byAddr[address] = element
	}
	p.order.MoveToFront(element)
	k := element.Value.(*kept)
	k.users++
	p.trim()
	return k.conn, func() { p.giveBack(k) }, nil
}

func (p *pool) giveBack(k *kept) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k.users--
	p.trim()
}

// trim closes what is beyond the bound, or everything once closed, but for connections in use.
func (p *pool) trim() {
	bound := maxKept
	if p.closed {
		bound = 0
	}
	for e := p.order.Back(); e != nil && p.order.Len() > bound; {
		older := e.Prev()
		if k := e.Value.(*kept); k.users == 0 {
			p.order.Remove(e)
			delete(p.byAddr, k.address)
			_ = k.conn.Close() // fails only for a connection that is closed already
		}
		e = older
	}
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.trim()
}
