//go:build unix

package shim

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
)

// The descriptors that the node hands its shim.
const (
	ordersFD  = 3
	reportsFD = 4
)

// Main is the shim process: it runs the command given by argv until it ends or the node does. The exit code says only
// whether the shim itself worked; how the command ended goes to the node through the pipe.
func Main(argv []string) int {
	// The node decides when a command ends, and tells by the pipe. Nobody reads the channel: signals are caught rather
	// than ignored, because the command would inherit an ignored one.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	syscall.CloseOnExec(ordersFD)
	syscall.CloseOnExec(reportsFD)
	orders := os.NewFile(ordersFD, "orders")
	reports := json.NewEncoder(os.NewFile(reportsFD, "reports"))
	if len(argv) == 0 {
		return reportCode(reports, report{Failed: "no command given"})
	}

	command := exec.Command(argv[0], argv[1:]...) //nolint:gosec // running the configured command is what a shim is for
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return reportCode(reports, report{Failed: err.Error()})
	}
	group := &group{id: command.Process.Pid}
	go group.obey(orders) // ends with this process
	if code := reportCode(reports, report{Started: command.Process.Pid}); code != 0 {
		group.signal(syscall.SIGKILL)
	}
	_ = command.Wait() // the state tells more than the error
	group.end()
	state := command.ProcessState
	return reportCode(reports, report{Ended: &ended{
		ExitCode: exitCode(state),
		CPU:      state.UserTime() + state.SystemTime(),
		PeakRSS:  peakRSS(state),
	}})
}

func reportCode(reports *json.Encoder, r report) int {
	if err := reports.Encode(r); err != nil {
		return 1
	}
	return 0
}

// exitCode counts a signal as the negative of its number, as the schedulers in the field do.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return -int(status.Signal())
	}
	return state.ExitCode()
}

// group is the command's process group. Once it has ended its number may belong to somebody else.
type group struct {
	mu   sync.Mutex
	id   int
	over bool
}

func (g *group) obey(orders io.Reader) {
	order := make([]byte, 1)
	for {
		if _, err := orders.Read(order); err != nil {
			g.signal(syscall.SIGKILL)
			return
		}
		if order[0] == terminate {
			g.signal(syscall.SIGTERM)
		}
	}
}

func (g *group) signal(s syscall.Signal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.over {
		_ = syscall.Kill(-g.id, s) // nobody left is as good as ended
	}
}

// end kills what the command left running: a run ends with its command, and leaves nothing behind.
func (g *group) end() {
	g.signal(syscall.SIGKILL)
	g.mu.Lock()
	g.over = true
	g.mu.Unlock()
}

// peakRSS is the largest single process of the tree, in bytes: all that getrusage knows.
func peakRSS(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return int64(usage.Maxrss) * maxRSSUnit //nolint:unconvert // an int32 on 32-bit systems
}
