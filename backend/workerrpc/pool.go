package workerrpc

import (
	"container/list"
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// maxKept bounds the connections that are kept. One costs some 100 kB on each end.
	maxKept = 200
	// idleAfter lets an unused connection go; the next call dials again.
	idleAfter = 2 * time.Minute
)

// pool keeps a connection an address. A connection in use is never closed. When there are too many, one that was idle for
// long goes; if there is none, the newest does: a look at a thousand workers in turn, again and again, would otherwise
// close each connection just before it is wanted. One over which no answer came is given up: what carries it may have forgotten it,
// which nobody is told.
type pool struct {
	credentials credentialsFor
	rules       []rule
	dial        dialFunc
	now         func() time.Time

	mu     sync.Mutex
	byAddr map[string]*list.Element // of *kept, most recently used in front
	order  *list.List
	closed bool
}

var errClosed = errors.New("the client is closed")

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

type kept struct {
	address string // as the worker advertises it
	conn    *grpc.ClientConn
	failed  atomic.Pointer[scheduler.Error] // why it could not be dialled last, which gRPC tells as a text only
	users   int
	givenUp bool      // it is closed by its last user
	used    time.Time // when it was given back last
}

func newPool(c credentialsFor, rules []rule, dial dialFunc, now func() time.Time) *pool {
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return &pool{credentials: c, rules: rules, dial: dial, now: now, byAddr: map[string]*list.Element{}, order: list.New()}
}

// borrow lends the connection to a worker that advertises an address until giveBack is called with how the call ended.
func (p *pool) borrow(address string) (lent *kept, giveBack func(ended error), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, errClosed
	}
	element, ok := p.byAddr[address]
	if !ok {
		k, err := p.open(address)
		if err != nil {
			return nil, nil, err
		}
		element = p.order.PushFront(k)
		p.byAddr[address] = element
	}
	p.order.MoveToFront(element)
	k := element.Value.(*kept)
	k.users++ // beyond the bound for as long as it is used
	return k, func(ended error) { p.giveBack(k, ended) }, nil
}

// open makes a connection that dials when it is first used.
func (p *pool) open(address string) (*kept, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	called := rewrite(p.rules, address)
	calledHost, _, err := net.SplitHostPort(called)
	if err != nil {
		return nil, err
	}
	k := &kept{address: address}
	// "passthrough" hands the address to the dialer as it is: host:port, nothing else.
	k.conn, err = grpc.NewClient("passthrough:///"+called,
		grpc.WithTransportCredentials(p.credentials(host, calledHost)), grpc.WithIdleTimeout(idleAfter), grpc.WithDisableServiceConfig(),
		grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
			conn, err := p.dial(ctx, "tcp", address)
			e, _ := errors.AsType[*scheduler.Error](err)
			k.failed.Store(e)
			return conn, err
		}))
	return k, err
}

func (p *pool) giveBack(k *kept, ended error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k.users--
	k.used = p.now()
	if status.Code(ended) == codes.DeadlineExceeded && k.conn.GetState() == connectivity.Ready {
		p.giveUp(k)
	}
	if k.givenUp && k.users == 0 {
		_ = k.conn.Close()
	}
	p.trim()
}

// giveUp lets nobody borrow a connection any more.
func (p *pool) giveUp(k *kept) {
	if element := p.byAddr[k.address]; element != nil && element.Value == k {
		p.order.Remove(element)
		delete(p.byAddr, k.address)
		k.givenUp = true
	}
}

// trim closes what is beyond the bound, or everything once closed, but for connections in use.
func (p *pool) trim() {
	bound := maxKept
	if p.closed {
		bound = 0
	}
	for p.order.Len() > bound {
		e := p.dispensable()
		if e == nil {
			return
		}
		k := p.order.Remove(e).(*kept)
		delete(p.byAddr, k.address)
		_ = k.conn.Close() // fails only for a connection that is closed already
	}
}

// dispensable is the connection to close next; nil if all are in use.
func (p *pool) dispensable() *list.Element {
	unused := func(e *list.Element, next func(*list.Element) *list.Element) *list.Element {
		for e != nil && e.Value.(*kept).users > 0 {
			e = next(e)
		}
		return e
	}
	oldest := unused(p.order.Back(), (*list.Element).Prev)
	if oldest == nil || p.now().Sub(oldest.Value.(*kept).used) > idleAfter {
		return oldest
	}
	return unused(p.order.Front(), (*list.Element).Next)
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.trim()
}
