// Package jumphost gives tests an SSH server on loopback that forwards connections and nothing else.
package jumphost

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Passphrase locks what LockedKey gives.
const Passphrase = "a jump host's passphrase" //nolint:gosec // of a key that lives as long as a test

// Server is a running jump host. Its user is "jump".
type Server struct {
	Address    string
	KnownHosts string // the line that knows it
	Key        string // PEM of the private key that it lets in
	Private    ed25519.PrivateKey

	t          testing.TB
	names      map[string]string // host:port that only this server resolves, and where it is
	known      ssh.PublicKey
	attempts   atomic.Int64
	logins     atomic.Int64
	forwarded  atomic.Int64
	forbidding atomic.Bool
	all        sync.WaitGroup

	mu       sync.Mutex
	config   *ssh.ServerConfig
	listener net.Listener
	open     map[net.Conn]struct{}
}

// Start starts a jump host that runs until the test ends. names are addresses that nobody else can resolve.
func Start(t testing.TB, names map[string]string) *Server {
	t.Helper()
	s := &Server{t: t, names: names, open: map[net.Conn]struct{}{}}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(t, err)
	plain, err := ssh.MarshalPrivateKey(private, "")
	check(t, err)
	s.Key, s.Private = string(pem.EncodeToMemory(plain)), private
	s.known, err = ssh.NewPublicKey(public)
	check(t, err)
	s.listen("127.0.0.1:0")
	s.NewHostKey()
	s.all.Go(s.accept)
	t.Cleanup(func() { s.Stop(); s.all.Wait() })
	return s
}

// NewHostKey gives the server another identity, for connections that come.
func (s *Server) NewHostKey() {
	s.t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	check(s.t, err)
	host, err := ssh.NewSignerFromKey(private)
	check(s.t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	config := &ssh.ServerConfig{PublicKeyCallback: s.letIn}
	config.AddHostKey(host)
	s.config, s.KnownHosts = config, knownhosts.Line([]string{s.Address}, host.PublicKey())
}

func (s *Server) letIn(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	if c.User() != "jump" || string(key.Marshal()) != string(s.known.Marshal()) {
		return nil, errors.New("unknown")
	}
	return nil, nil
}

func (s *Server) listen(address string) {
	s.t.Helper()
	listener, err := net.Listen("tcp", address)
	check(s.t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Address, s.listener = listener.Addr().String(), listener
}

func (s *Server) accept() {
	s.mu.Lock()
	listener := s.listener
	s.mu.Unlock()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		s.all.Go(func() { s.serve(conn) })
	}
}

// Stop ends the server and all connections. Start it anew with Restart.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.listener.Close()
	for conn := range s.open {
		_ = conn.Close()
	}
}

// Restart lets a stopped server listen where it did.
func (s *Server) Restart() {
	s.t.Helper()
	s.listen(s.Address)
	s.all.Go(s.accept)
}

// Forbid lets it refuse to forward anything, or not.
func (s *Server) Forbid(yes bool) { s.forbidding.Store(yes) }

// LockedKey is Key under Passphrase.
func (s *Server) LockedKey() string {
	s.t.Helper()
	locked, err := ssh.MarshalPrivateKeyWithPassphrase(s.Private, "", []byte(Passphrase))
	check(s.t, err)
	return string(pem.EncodeToMemory(locked))
}

// Attempts counts connections to it, whatever came of them.
func (s *Server) Attempts() int64 { return s.attempts.Load() }

// Logins counts how often somebody was let in.
func (s *Server) Logins() int64 { return s.logins.Load() }

// Forwarded counts connections that were opened through it.
func (s *Server) Forwarded() int64 { return s.forwarded.Load() }

// Open counts the SSH connections that it has.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

func (s *Server) serve(conn net.Conn) {
	s.attempts.Add(1)
	s.mu.Lock()
	config := s.config
	s.open[conn] = struct{}{}
	s.mu.Unlock()
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.open, conn)
		s.mu.Unlock()
	}()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	s.logins.Add(1)
	s.all.Go(func() { ssh.DiscardRequests(requests) })
	for channel := range channels {
		s.all.Go(func() { s.forward(channel) })
	}
}

// forward opens what RFC 4254, 7.2 asks for.
func (s *Server) forward(asked ssh.NewChannel) {
	var wanted struct {
		Host     string
		Port     uint32
		From     string
		FromPort uint32
	}
	if asked.ChannelType() != "direct-tcpip" || ssh.Unmarshal(asked.ExtraData(), &wanted) != nil {
		_ = asked.Reject(ssh.UnknownChannelType, "only forwarding")
		return
	}
	if s.forbidding.Load() {
		_ = asked.Reject(ssh.Prohibited, "administratively prohibited")
		return
	}
	address := net.JoinHostPort(wanted.Host, strconv.Itoa(int(wanted.Port)))
	if there, named := s.names[address]; named {
		address = there
	}
	far, err := net.Dial("tcp", address) //nolint:noctx // on loopback it is there or not
	if err != nil {
		_ = asked.Reject(ssh.ConnectionFailed, "connect failed")
		return
	}
	channel, requests, err := asked.Accept()
	if err != nil {
		_ = far.Close()
		return
	}
	s.forwarded.Add(1)
	s.all.Go(func() { ssh.DiscardRequests(requests) })
	s.all.Go(func() { _, _ = io.Copy(far, channel); _ = far.Close(); _ = channel.Close() })
	_, _ = io.Copy(channel, far)
	_ = channel.Close()
	_ = far.Close()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
