package tunnel

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/opsdeck/opsdeck/backend/patience"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// handshakeTimeout is an SSH handshake's. Keys of an agent may wait for somebody to touch a token.
const (
	handshakeTimeout      = 10 * time.Second
	agentHandshakeTimeout = 40 * time.Second
)

// jump goes through an SSH server, which resolves names. All connections share one SSH connection, which is made when it is
// first wanted, and again when it is lost.
type jump struct {
	address string
	user    string
	keys    keySource
	hosts   *hostKeys
	life    context.Context
	end     context.CancelFunc
	all     sync.WaitGroup // goroutines
	backoff patience.Patience

	mu      sync.Mutex
	current *attempt // nil = there is none
}

// attempt is an SSH connection that is being made, or was.
type attempt struct {
	ready  chan struct{} // closed when one of the others is set
	client *ssh.Client
	err    error
}

func newJump(c Config) (*jump, error) {
	if err := checkAddress(c.Address); err != nil {
		return nil, err
	}
	hosts, err := readHostKeys(c.KnownHosts)
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(c)
	if err != nil {
		return nil, err
	}
	j := &jump{address: c.Address, user: c.User, keys: keys, hosts: hosts}
	j.life, j.end = context.WithCancel(context.Background())
	return j, nil
}

func (j *jump) dial(ctx context.Context, part, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, agentHandshakeTimeout+dialTimeout)
	defer cancel()
	var err error
	for range 2 { // the shared connection may turn out to be dead, and nothing was sent to anybody then
		var a *attempt
		if a, err = j.connection(ctx); err != nil {
			return nil, err
		}
		var conn net.Conn
		if conn, err = j.channel(ctx, a.client, network, address); err == nil {
			return j.withDeadlines(conn)
		}
		if _, refused := errors.AsType[*ssh.OpenChannelError](err); refused || ctx.Err() != nil {
			break
		}
		j.forget(a)
	}
	return nil, j.explainChannel(ctx, part, address, err)
}

func (j *jump) check(ctx context.Context) error {
	_, err := j.connection(ctx)
	return err
}

func (j *jump) channel(ctx context.Context, client *ssh.Client, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	return client.DialContext(ctx, network, address)
}

// connection gives the shared connection. It is made beyond the patience of whoever asks first, for the next who does.
func (j *jump) connection(ctx context.Context) (*attempt, error) {
	j.mu.Lock()
	if j.life.Err() != nil {
		j.mu.Unlock()
		return nil, net.ErrClosed
	}
	a := j.current
	if a == nil {
		if err := j.backoff.Blocked(); err != nil {
			j.mu.Unlock()
			return nil, err
		}
		a = &attempt{ready: make(chan struct{})}
		j.current = a
		j.all.Go(func() { j.connect(a) })
	}
	j.mu.Unlock()
	select {
	case <-a.ready:
		return a, a.err
	case <-ctx.Done():
		return nil, j.explainWait(ctx)
	}
}

func (j *jump) connect(a *attempt) {
	client, err := j.handshake()
	j.mu.Lock()
	a.client, a.err = client, err
	dropped := j.current != a
	switch {
	case err != nil:
		j.backoff.Failed(err, scheduler.CodeOf(err) == scheduler.Forbidden)
		if !dropped {
			j.current = nil
		}
	default:
		j.backoff.Succeeded()
	}
	j.mu.Unlock()
	close(a.ready)
	if err != nil {
		return
	}
	if dropped {
		_ = client.Close()
	}
	j.keep(client)
	j.forget(a)
}

// keep asks the server from time to time whether it is still there, until the connection ends. One that doesn't answer is ended.
func (j *jump) keep(client *ssh.Client) {
	defer context.AfterFunc(j.life, func() { _ = client.Close() })()
	over := make(chan struct{})
	j.all.Go(func() { _ = client.Wait(); close(over) })
	tick := time.NewTicker(silence)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
		}
		silent := time.AfterFunc(silence, func() { _ = client.Close() })
		_, _, err := client.SendRequest("keepalive@openssh.com", true, nil)
		silent.Stop()
		if err != nil {
			_ = client.Close()
		}
	}
}

// forget lets the next who asks make a new connection, and ends this one.
func (j *jump) forget(a *attempt) {
	j.mu.Lock()
	if j.current == a {
		j.current = nil
	}
	j.mu.Unlock()
	_ = a.client.Close() // its only error is that it is closed
}

func (j *jump) drop() {
	j.mu.Lock()
	a := j.current
	j.current = nil
	j.backoff.Succeeded()
	j.mu.Unlock()
	if a == nil {
		return
	}
	select {
	case <-a.ready:
		if a.client != nil {
			_ = a.client.Close()
		}
	default: // connect sees that it was dropped
	}
}

func (j *jump) close() {
	j.mu.Lock() // no attempt begins once it has ended
	j.end()
	j.mu.Unlock()
	j.drop()
	j.all.Wait()
}

// withDeadlines gives a channel what other connections have: drivers bound their waiting by deadlines.
func (j *jump) withDeadlines(channel net.Conn) (net.Conn, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.life.Err() != nil {
		_ = channel.Close()
		return nil, net.ErrClosed
	}
	near, far := net.Pipe()
	j.all.Go(func() { join(far, channel) })
	j.all.Go(func() { join(channel, far) })
	return near, nil
}
