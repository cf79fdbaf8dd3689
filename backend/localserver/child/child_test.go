//go:build unix

package child_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestProcessTellsHowItEnded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := start(t, child.Config{Argv: []string{"/bin/sh", "-c", "echo $GREETING; echo bad >&2; exit 3"}, Env: []string{"GREETING=hello"}, Output: &out})
	<-p.Done()
	code, ok := errors.AsType[*exec.ExitError](p.Err())
	if !ok || code.ExitCode() != 3 || out.String() != "hello\nbad\n" {
		t.Errorf("%v, %q", p.Err(), out.String())
	}
	if err := p.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("a signal to an ended process: %v", err)
	}
}

func TestStopAsksFirst(t *testing.T) {
	t.Parallel()
	out := newLines()
	p := start(t, child.Config{Argv: []string{"/bin/sh", "-c", "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.01; done"}, Output: out})
	out.wait(t, "up")
	if err := p.Stop(t.Context(), syscall.SIGTERM, time.Minute); err != nil || p.Err() != nil {
		t.Errorf("stop: %v, ended with %v", err, p.Err())
	}
	out.wait(t, "asked")
}

func TestStopKillsWhoDoesNotListen(t *testing.T) {
	t.Parallel()
	out := newLines()
	p := start(t, child.Config{Argv: []string{"/bin/sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.01; done"}, Output: out})
	out.wait(t, "up")
	if err := p.Stop(t.Context(), syscall.SIGTERM, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if code, ok := errors.AsType[*exec.ExitError](p.Err()); !ok || code.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("ended with %v", p.Err())
	}
}

func TestMissingProgramIsAnError(t *testing.T) {
	t.Parallel()
	for _, argv := range [][]string{nil, {"/no/such/program"}} {
		if _, err := child.Start(child.Config{Argv: argv}); err == nil {
			t.Errorf("%q was started", argv)
		}
	}
}

func TestLeftoverIsEndedOnlyIfItIsTheOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script, mark string
		ended        bool
	}{
		"it is":         {"while :; do sleep 0.01; done", "sleep 0.01", true},
		"does not obey": {"trap '' TERM; echo up; while :; do sleep 0.01; done", "trap", true},
		"another":       {"while :; do sleep 0.01; done", "postgres", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t, child.Config{Argv: []string{"/bin/sh", "-c", c.script}})
			file := filepath.Join(t.TempDir(), "pid")
			write(t, file, strconv.Itoa(p.PID())+"\nmore\n")
			ended, err := child.Leftover{
				PIDFile: file, Marks: []string{"/bin/sh", c.mark}, Ask: syscall.SIGTERM, Patience: 100 * time.Millisecond,
			}.End(t.Context())
			if err != nil || ended != c.ended {
				t.Errorf("ended %v, %v", ended, err)
			}
			if c.ended {
				<-p.Done()
			}
			if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the pid file stayed: %v", err)
			}
		})
	}
}

func TestLeftoverWithoutAPidIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "torn"), "12ab")
	write(t, filepath.Join(dir, "self"), strconv.Itoa(os.Getpid()))
	for _, name := range []string{"missing", "torn", "self"} {
		if ended, err := (child.Leftover{PIDFile: filepath.Join(dir, name)}).End(t.Context()); ended || err != nil {
			t.Errorf("%s: %v, %v", name, ended, err)
		}
	}
}

func TestLogStaysSmallAndKeepsItsTail(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "log")
	log, err := child.OpenLog(path, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Repeat("x", 99) + "\n"
	for range 1000 {
		if n, err := log.Write([]byte(line)); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
	}
	_, _ = log.Write([]byte("the end\n"))
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	_, _ = log.Write([]byte("after\n"))
	var size int64
	for _, f := range []string{path, path + ".1"} {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > 10_000 || size < 5_000 {
		t.Errorf("%d bytes are kept", size)
	}
	if tail := log.Tail(); !strings.HasSuffix(tail, "the end\nafter\n") || len(tail) > 16<<10 {
		t.Errorf("tail of %d bytes ends with %q", len(tail), tail[len(tail)-20:])
	}
	again, err := child.OpenLog(path, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if again.Tail() != "" {
		t.Error("the tail holds what an earlier process wrote")
	}
}

func start(t *testing.T, c child.Config) *child.Process {
	t.Helper()
	p, err := child.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Stop(context.Background(), os.Kill, time.Second) })
	return p
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// lines lets a test wait for what a program prints.
type lines chan string

func newLines() lines { return make(lines, 100) }

func (l lines) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		l <- strings.TrimSpace(line)
	}
	return len(p), nil
}

func (l lines) wait(t *testing.T, want string) {
	t.Helper()
	for {
		select {
		case got := <-l:
			if got == want {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%q was never printed", want)
		}
	}
}
