//go:build linux

package node_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// bridge gives a server's Unix socket a TCP address, until the test ends.
func bridge(t *testing.T, socket string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	all.Go(func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { connect(here, socket) })
		}
	})
	return listener.Addr().String()
}

// connect joins a connection and a socket until either ends.
func connect(here net.Conn, socket string) {
	defer here.Close()
	there, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer there.Close()
	var both sync.WaitGroup
	both.Go(func() { _, _ = io.Copy(there, here); _ = there.Close() })
	both.Go(func() { _, _ = io.Copy(here, there); _ = here.Close() })
	both.Wait()
}

// postgresSocket is the socket of a test's database.
func postgresSocket(t *testing.T, databaseURL string) (socket string, u *url.URL) {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")), u
}

// postgresAt is a test's database at other addresses.
func postgresAt(t *testing.T, databaseURL string, hosts ...string) string {
	t.Helper()
	_, u := postgresSocket(t, databaseURL)
	return "postgres://" + u.User.String() + "@" + strings.Join(hosts, ",") + u.Path + "?sslmode=disable"
}
