// Package socksproxy gives tests a SOCKS5 proxy on loopback that asks for a user and a password.
package socksproxy

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	socks5 "github.com/armon/go-socks5"
)

// What the proxy lets in.
const (
	User     = "socks"
	Password = "a proxy's password" //nolint:gosec // of a proxy that lives as long as a test
)

// Server is a running proxy.
type Server struct {
	Address    string
	forbidding atomic.Bool
	connected  atomic.Int64
}

// Start starts a proxy that runs until the test ends. names are hosts that nobody else can resolve.
func Start(t testing.TB, names map[string]net.IP) *Server {
	t.Helper()
	s := &Server{}
	server, err := socks5.New(&socks5.Config{
		Credentials: socks5.StaticCredentials{User: Password}, Rules: rules{s}, Resolver: resolver(names), Logger: log.New(io.Discard, "", 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Address = listener.Addr().String()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { _ = server.ServeConn(conn) }) // its errors are the client's
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return s
}

// Forbid lets it refuse every address, or not.
func (s *Server) Forbid(yes bool) { s.forbidding.Store(yes) }

// Connected counts what was asked for and allowed.
func (s *Server) Connected() int64 { return s.connected.Load() }

type rules struct{ server *Server }

func (r rules) Allow(ctx context.Context, _ *socks5.Request) (context.Context, bool) {
	if r.server.forbidding.Load() {
		return ctx, false
	}
	r.server.connected.Add(1)
	return ctx, true
}

type resolver map[string]net.IP

func (r resolver) Resolve(ctx context.Context, name string) (context.Context, net.IP, error) {
	ip, known := r[name]
	if !known {
		return ctx, nil, errors.New("no such host")
	}
	return ctx, ip, nil
}
