package servertest

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
)

// busConfig is a message bus that starts no service by itself, so that a test has only what it started.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%s</listen>
  <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`

const (
	busVariable   = "DBUS_SESSION_BUS_ADDRESS"
	secretService = "org.freedesktop.secrets"
	busPatience   = 20 * time.Second
)

// MessageBus runs a session bus of the test's own, with nobody on it, and makes it this process's until the test ends. The test can't be
// parallel. It gives the bus's address.
func MessageBus(t *testing.T) string {
	t.Helper()
	dir := busFolder(t)
	socket, config := filepath.Join(dir, "bus"), filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, socket), 0o600); err != nil {
		t.Fatal(err)
	}
	ready, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ready.Close() }) // after the program has ended, which would die of a closed pipe
	run(t, child.Config{
		Argv:   []string{"dbus-daemon", "--config-file=" + config, "--nofork", "--nopidfile", "--print-address"},
		Output: out, Env: append(os.Environ(), "XDG_RUNTIME_DIR="+dir),
	})
	_ = out.Close() // ours; the program has its own
	if err := ready.SetReadDeadline(time.Now().Add(busPatience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAtLeast(ready, make([]byte, 512), 1); err != nil {
		t.Fatalf("the message bus did not start: %v", err)
	}
	address := "unix:path=" + socket
	UseBus(t, address)
	return address
}

// UseBus makes an address this process's session bus until the test ends, also where nobody listens.
func UseBus(t *testing.T, address string) {
	t.Helper()
	leave := func() {
		if conn, err := dbus.SessionBus(); err == nil { // the one that every library of this process shares
			_ = conn.Close()
		}
	}
	leave()
	t.Setenv(busVariable, address)
	t.Cleanup(leave)
}

// Keyring runs a Secret Service, unlocked and empty, on a message bus of the test's own, and makes it this process's until the test
// ends. The test can't be parallel. It gives the id of the process.
func Keyring(t *testing.T) (pid int) {
	t.Helper()
	address := MessageBus(t)
	dir := busFolder(t)
	stdin, password, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if _, err := password.WriteString("a password of the test's"); err != nil {
		t.Fatal(err)
	}
	if err := password.Close(); err != nil {
		t.Fatal(err)
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	owners := make(chan *dbus.Signal, 8)
	conn.Signal(owners)
	if err := conn.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, secretService)); err != nil {
		t.Fatal(err)
	}
	daemon := run(t, child.Config{
		Argv: []string{"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", "--control-directory=" + dir},
		Env:  append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_RUNTIME_DIR="+dir, "DISPLAY="), Stdin: stdin,
	})
	patience, cancel := context.WithTimeout(t.Context(), busPatience)
	defer cancel()
	for there := false; !there; {
		select {
		case signal := <-owners: // the bus has more to say, such as our own name on it
			there = len(signal.Body) == 3 && signal.Body[0] == secretService && signal.Body[2] != ""
		case <-patience.Done():
			t.Fatal("the keyring did not start")
		}
	}
	return daemon.PID()
}

// LockKeyring locks the keyring that Keyring has started. Nobody is there to answer when it asks for its password.
func LockKeyring(t *testing.T) {
	t.Helper()
	conn, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	service := conn.Object(secretService, "/org/freedesktop/secrets")
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	collections := []dbus.ObjectPath{"/org/freedesktop/secrets/collection/login"}
	if err := service.Call("org.freedesktop.Secret.Service.Lock", 0, collections).Store(&locked, &prompt); err != nil || len(locked) != 1 {
		t.Fatalf("%v, %v", locked, err)
	}
}

// busFolder has a path that is short enough for a socket.
func busFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "opsdeck-bus-") //nolint:usetesting // t.TempDir's path is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// run starts a program that ends with the test.
func run(t *testing.T, c child.Config) *child.Process {
	t.Helper()
	c.DeathSignal = syscall.SIGKILL
	p, err := child.Start(c)
	if err != nil {
		t.Fatalf("%v (Debian and Ubuntu: apt-get install dbus gnome-keyring)", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), busPatience)
		defer cancel()
		if err := p.Stop(ctx, syscall.SIGTERM, time.Second); err != nil {
			t.Error(err)
		}
	})
	return p
}
