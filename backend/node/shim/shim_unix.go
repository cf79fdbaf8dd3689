//go:build unix

package shim

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
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
		ExitCode:  exitCode(state),
		LeaseOver: group.leaseOver(),
		CPU:       state.UserTime() + state.SystemTime(),
		PeakRSS:   peakRSS(state),
	}})
}

// leaseBytes is the length of what follows the order lease.
const leaseBytes = 8

// now is a clock that all processes of the system share and that never jumps, in nanoseconds since some moment.
func now() time.Duration {
	var at unix.Timespec
	_ = unix.ClockGettime(sharedClock, &at) // fails only for clocks that don't exist
	return time.Duration(at.Nano())
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
	mu      sync.Mutex
	id      int
	over    bool
	lease   time.Duration // its end, as now counts; 0 = there is none
	timer   *time.Timer
	expired bool
}

func (g *group) obey(orders io.Reader) {
	order := make([]byte, 1)
	until := make([]byte, leaseBytes)
	for {
		_, err := orders.Read(order)
		if err == nil && order[0] == lease {
			_, err = io.ReadFull(orders, until)
		}
		switch {
		case err != nil:
			g.signal(syscall.SIGKILL)
			return
		case order[0] == terminate:
			g.signal(syscall.SIGTERM)
		case order[0] == lease:
			g.extend(time.Duration(binary.BigEndian.Uint64(until))) //nolint:gosec // the node wrote what now counts
		}
	}
}

// extend sets the lease's end. One that is over stays so.
func (g *group) extend(until time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lease = until
	if g.timer == nil {
		g.timer = time.AfterFunc(until-now(), g.expire)
	} else {
		g.timer.Reset(until - now())
	}
}

// expire kills the group when the lease is over, which a prolonged one isn't.
func (g *group) expire() {
	g.mu.Lock()
	left := g.lease - now()
	if left > 0 {
		g.timer.Reset(left)
	} else if !g.over {
		g.expired = true
	}
	g.mu.Unlock()
	if left <= 0 {
		g.signal(syscall.SIGKILL)
	}
}

func (g *group) leaseOver() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.expired
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
