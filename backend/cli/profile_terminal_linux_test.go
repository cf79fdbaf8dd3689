package cli_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A secret that is typed at a terminal is not shown there, and not in the process's arguments.
func TestATypedSecretIsNotShown(t *testing.T) {
	o := newOperator(t)
	o.says("has the id here", "", "add", "Here", "--kind", "development", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example")
	c := exec.CommandContext(t.Context(), os.Args[0], asOpsctl, "profile", "set-secret", "here", "redis_password")
	terminal, err := pty.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	if err := terminal.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	var screen bytes.Buffer
	for !strings.Contains(screen.String(), "redis_password: ") {
		if _, err := io.CopyN(&screen, terminal, 1); err != nil {
			t.Fatalf("%q, %v", screen.String(), err)
		}
	}
	waitUntilHidden(t, terminal)
	if _, err := terminal.WriteString("pl4nted typed\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(&screen, terminal) // it ends with an error when the program has
	if err := c.Wait(); err != nil || !strings.Contains(screen.String(), "is kept") || strings.Contains(screen.String(), "pl4nted") {
		t.Errorf("%q, %v", screen.String(), err)
	}
	if got := o.opened("here"); got.RedisPassword != "pl4nted typed" {
		t.Errorf("opened %v", got)
	}
}

// waitUntilHidden waits until the terminal doesn't show what is typed.
func waitUntilHidden(t *testing.T, terminal *os.File) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; runtime.Gosched() {
		settings, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		if settings.Lflag&unix.ECHO == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the terminal shows what is typed")
		}
	}
}
