package peer

import (
	"errors"
	"net"
	"sync"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// Pool keeps one connection an address. A connection is made when it is first used.
type Pool struct {
	identity Identity

	mu    sync.Mutex
	conns map[string]*grpc.ClientConn
}

// NewPool calls with the given identity.
func NewPool(identity Identity) *Pool {
	return &Pool{identity: identity, conns: map[string]*grpc.ClientConn{}}
}

// Worker is the service at an address (host:port).
func (p *Pool) Worker(address string) (workerpb.WorkerServiceClient, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	conn, ok := p.conns[address]
	if !ok {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		// passthrough and no proxy: the address is the one that the worker itself published.
		conn, err = grpc.NewClient("passthrough:///"+address,
			grpc.WithTransportCredentials(p.identity.Client(host)), grpc.WithNoProxy())
		if err != nil {
			return nil, err
		}
		p.conns[address] = conn
	}
	return workerpb.NewWorkerServiceClient(conn), nil
}

// Keep closes the connections to all other addresses.
func (p *Pool) Keep(addresses map[string]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, conn := range p.conns {
		if !addresses[address] {
			_ = conn.Close()
			delete(p.conns, address)
		}
	}
}

// Close ends every connection.
func (p *Pool) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for address, conn := range p.conns {
		errs = append(errs, conn.Close())
		delete(p.conns, address)
	}
	return errors.Join(errs...)
}
