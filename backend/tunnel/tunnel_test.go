package tunnel_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/tunnel"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is a server that says what it hears, until the test ends.
func echo(t *testing.T) string {
	t.Helper()
	listener := listen(t)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { _, _ = io.Copy(conn, conn); _ = conn.Close() })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return listener.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// nobody is an address where nothing listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener := listen(t)
	defer listener.Close()
	return listener.Addr().String()
}

func open(t *testing.T, c tunnel.Config) *tunnel.Dialer {
	t.Helper()
	d, err := tunnel.New(c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// dial opens a connection that closes when the test ends.
func dial(t *testing.T, d *tunnel.Dialer, address string) net.Conn {
	t.Helper()
	conn, err := d.To("Echo")(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// answers checks that what is said is heard.
func answers(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := says(conn); err != nil {
		t.Fatal(err)
	}
}

func says(conn net.Conn) error {
	words := strings.Repeat("around the corner ", 10_000) // more than any buffer on the way
	done := make(chan error, 1)
	go func() { _, err := io.WriteString(conn, words); done <- err }()
	heard := make([]byte, len(words))
	_, err := io.ReadFull(conn, heard)
	if err = errors.Join(err, <-done); err != nil {
		return err
	}
	if string(heard) != words {
		return errors.New("something else came back")
	}
	return nil
}

func reason(err error) string {
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Reason
	}
	return ""
}

// refused dials in vain and gives the reason.
func refused(t *testing.T, d *tunnel.Dialer, address string) *scheduler.Error {
	t.Helper()
	conn, err := d.To("Echo")(t.Context(), "tcp", address)
	if err == nil {
		_ = conn.Close()
		t.Fatalf("%s was reached", address)
	}
	e, ok := errors.AsType[*scheduler.Error](err)
	if !ok {
		t.Fatalf("nobody could be told: %v", err)
	}
	return e
}

func TestDirect(t *testing.T) {
	t.Parallel()
	d := open(t, tunnel.Config{})
	answers(t, dial(t, d, echo(t)))

	closed := nobody(t)
	if e := refused(t, d, closed); e.Reason != "tunnel.refused" || e.Args["address"] != closed || e.Args["part"] != "Echo" {
		t.Errorf("%+v", e)
	}
	if e := refused(t, d, "no-such-host.invalid:5432"); e.Reason != "tunnel.unresolved" || e.Args["host"] != "no-such-host.invalid" {
		t.Errorf("%+v", e)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if _, err := d.To("Echo")(late, "tcp", echo(t)); reason(err) != "tunnel.no_answer" {
		t.Errorf("past its deadline: %v", err)
	}
	cancel()
	withdrawn, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.To("Echo")(withdrawn, "tcp", echo(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("withdrawn: %v", err)
	}
	if addresses, err := d.LookupHost(t.Context(), "localhost"); err != nil || len(addresses) == 0 || addresses[0] == "localhost" {
		t.Errorf("localhost is %q, %v", addresses, err)
	}
}

func TestUnknownWay(t *testing.T) {
	t.Parallel()
	if _, err := tunnel.New(tunnel.Config{Kind: "pigeon"}, time.Now, slog.New(slog.DiscardHandler)); reason(err) != "tunnel.unknown_way" {
		t.Errorf("%v", err)
	}
}

func TestDropEndsWhatIsOpenAndCloseAllowsNothingMore(t *testing.T) {
	t.Parallel()
	d, address := open(t, tunnel.Config{}), echo(t)
	before := dial(t, d, address)
	answers(t, before)
	d.Drop()
	if err := says(before); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a dropped connection: %v", err)
	}
	after := dial(t, d, address)
	answers(t, after)
	d.Close()
	d.Close()
	if err := says(after); err == nil {
		t.Error("a connection outlived its dialer")
	}
	if _, err := d.To("Echo")(t.Context(), "tcp", address); !errors.Is(err, net.ErrClosed) {
		t.Errorf("dialled after the end: %v", err)
	}
}

// A pool looks at the socket of an idle connection, and a cancel request dials the same server again.
func TestConnectionsStayWhatDriversExpect(t *testing.T) {
	t.Parallel()
	d, address := open(t, tunnel.Config{}), echo(t)
	conn := dial(t, d, address)
	if _, ok := conn.(syscall.Conn); !ok {
		t.Error("the socket can't be looked at")
	}
	if got := conn.RemoteAddr().String(); got != address {
		t.Errorf("the peer is %s, not %s", got, address)
	}
}
