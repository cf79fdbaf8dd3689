//go:build linux

package shim_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/node/shim"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The test's own program serves as the shim, and as a node that gets killed.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "run-shim":
		os.Exit(shim.Main(os.Args[2:]))
	case len(os.Args) > 1 && os.Args[1] == "run-node":
		node(os.Args[2:])
	}
	goleak.VerifyTestMain(m)
}

const leaseSeconds = "TEST_LEASE_SECONDS"

// node starts a command and waits for it, as a scheduler node does.
func node(argv []string) {
	command := shim.Command{Shim: self(), Argv: argv, Env: os.Environ()}
	if seconds, err := strconv.Atoi(os.Getenv(leaseSeconds)); err == nil {
		command.Lease = time.Now().Add(time.Duration(seconds) * time.Second)
	}
	p, err := shim.Start(command)
	if err != nil {
		os.Exit(1)
	}
	_, _ = p.Wait(context.Background())
	os.Exit(0)
}

func self() []string { return []string{os.Args[0], "run-shim"} }

func TestCommandEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, script   string
		env            []string
		exit           int
		stdout, stderr string
	}{
		{"success", "echo out; echo err >&2", nil, 0, "out\n", "err\n"},
		{"exit code", "exit 7", nil, 7, "", ""},
		{"a signal is negative", "kill -9 $$", nil, -9, "", ""},
		{"environment", `echo "$GREETING"`, []string{"GREETING=hello $USER"}, 0, "hello $USER\n", ""},
		{"nothing inherited", "ls /proc/self/fd 2>/dev/null | grep -c '^[34]$' | tr -d ' '", nil, 0, "1\n", ""}, // 3 is ls's own
		{"no terminal to read from", "cat", nil, 0, "", ""},
		{"what is left behind ends with it", "sleep 600 & echo left", nil, 0, "left\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			env := append([]string{"PATH=" + os.Getenv("PATH")}, tt.env...)
			p, err := shim.Start(shim.Command{
				Shim: self(), Argv: []string{"/bin/sh", "-c", tt.script}, Env: env, Stdout: &stdout, Stderr: &stderr,
			})
			if err != nil {
				t.Fatal(err)
			}
			result, err := p.Wait(t.Context())
			if err != nil || result.ExitCode != tt.exit || stdout.String() != tt.stdout || stderr.String() != tt.stderr {
				t.Errorf("exit %d, stdout %q, stderr %q, error %v", result.ExitCode, &stdout, &stderr, err)
			}
		})
	}
}

func TestCommandThatCannotStart(t *testing.T) {
	t.Parallel()
	_, err := shim.Start(shim.Command{Shim: self(), Argv: []string{"/no/such/program"}})
	e, ok := errors.AsType[*scheduler.Error](err)
	if !ok || e.Reason != "command.not_started" || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("got %v", err)
	}
}

func TestTerminateThenKill(t *testing.T) {
	t.Parallel()
	ready := newSignal()
	p := start(t, ready, `trap 'echo stubborn' TERM; echo ready; while :; do sleep 0.05; done`)
	ready.wait(t, "ready")
	p.Terminate()
	ready.wait(t, "stubborn")
	p.Kill()
	p.Kill()
	if result, err := p.Wait(t.Context()); err != nil || result.ExitCode != -int(syscall.SIGKILL) {
		t.Errorf("exit %d, error %v", result.ExitCode, err)
	}
}

func TestWaitKillsWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	ready := newSignal()
	p := start(t, ready, `echo ready; exec sleep 600`)
	ready.wait(t, "ready")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if result, err := p.Wait(ctx); err != nil || result.ExitCode != -int(syscall.SIGKILL) {
		t.Errorf("exit %d, error %v", result.ExitCode, err)
	}
}

func TestLeaseEndsWhatItsNodeDoesNotProlong(t *testing.T) {
	t.Parallel()
	lease := time.Now().Add(400 * time.Millisecond)
	p, err := shim.Start(shim.Command{
		Shim: self(), Argv: []string{"/bin/sh", "-c", "sleep 600 & exec sleep 600"}, Env: os.Environ(), Lease: lease,
	})
	if err != nil {
		t.Fatal(err)
	}
	lease = lease.Add(600 * time.Millisecond)
	p.Extend(lease)
	result, err := p.Wait(t.Context())
	if err != nil || !result.LeaseOver || result.ExitCode != -int(syscall.SIGKILL) {
		t.Errorf("result %+v, error %v", result, err)
	}
	if early := time.Until(lease); early > 0 {
		t.Errorf("ended %s before the lease", early)
	}
}

func TestLeaseEndsTheCommandOfANodeThatStandsStill(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pid")
	node := exec.Command(os.Args[0], "run-node", "/bin/sh", "-c", `echo $$ > `+file+`.tmp; mv `+file+`.tmp `+file+`; exec sleep 600`)
	node.Env = append(os.Environ(), leaseSeconds+"=1")
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = node.Process.Kill(); _ = node.Wait() })
	var pid string
	expect.Soon(t, "the command runs", func() bool {
		text, err := os.ReadFile(file)
		pid = strings.TrimSpace(string(text))
		return err == nil
	})
	if err := node.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	expect.Soon(t, "the command is gone", func() bool { return !alive(t, pid) })
}

func TestUsageIsOfTheWholeTree(t *testing.T) {
	t.Parallel()
	p := start(t, newSignal(), `i=0; (while [ $i -lt 200000 ]; do i=$((i+1)); done); wait`)
	result, err := p.Wait(t.Context())
	if err != nil || result.Usage.CPU <= 0 || result.Usage.PeakRSS <= 0 {
		t.Errorf("usage %+v, error %v", result.Usage, err)
	}
}

func TestKilledNodeLeavesNoCommandBehind(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pids")
	script := `sleep 600 & echo $$ $! > ` + file + `.tmp; mv ` + file + `.tmp ` + file + `; wait`
	node := exec.Command(os.Args[0], "run-node", "/bin/sh", "-c", script)
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	var pids []string
	expect.Soon(t, "the command runs", func() bool {
		text, err := os.ReadFile(file)
		pids = strings.Fields(string(text))
		return err == nil
	})
	if err := node.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = node.Wait()
	for _, pid := range pids {
		expect.Soon(t, "process "+pid+" is gone", func() bool { return !alive(t, pid) })
	}
}

// alive tells whether a process runs; one that nobody has waited for yet doesn't.
func alive(t *testing.T, pid string) bool {
	t.Helper()
	id, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return syscall.Kill(id, 0) == nil && !os.IsNotExist(err)
	}
	return !strings.HasPrefix(string(stat[bytes.LastIndexByte(stat, ')')+1:]), " Z")
}

func start(t *testing.T, stdout *signal, script string) *shim.Process {
	t.Helper()
	p, err := shim.Start(shim.Command{
		Shim: self(), Argv: []string{"/bin/sh", "-c", script}, Env: os.Environ(), Stdout: stdout,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// signal is a writer that tells what a command says.
type signal struct{ said chan string }

func newSignal() *signal { return &signal{said: make(chan string, 100)} }

func (s *signal) Write(p []byte) (int, error) {
	s.said <- string(p)
	return len(p), nil
}

func (s *signal) wait(t *testing.T, word string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case said := <-s.said:
			if strings.Contains(said, word) {
				return
			}
		case <-deadline:
			t.Fatalf("the command never said %q", word)
		}
	}
}
