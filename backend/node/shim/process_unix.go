//go:build unix

package shim

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// sampleEvery is how often the node looks at the processes of a command.
const sampleEvery = 500 * time.Millisecond

// outputGrace is how long output is awaited after the command's end from processes that left its group.
const outputGrace = 2 * time.Second

// orderPatience bounds the wait for room in the pipe of a shim that stands still.
const orderPatience = 50 * time.Millisecond

// errShimLost says that the shim ended without a report.
var errShimLost = errors.New("the process that watched over the command was killed")

// Process is a command that runs under its shim.
type Process struct {
	shim   *exec.Cmd
	orders *os.File
	meter  meter
	result chan outcome

	closing sync.Once
}

type outcome struct {
	ended ended
	err   error
}

// Start runs the command. The error is an [*scheduler.Error] with reason "command.not_started" when there was
// something wrong with the command itself.
func Start(command Command) (*Process, error) {
	ordersRead, ordersWrite, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("pipe to the shim: %w", err)
	}
	reportsRead, reportsWrite, err := os.Pipe()
	if err != nil {
		_, _ = ordersRead.Close(), ordersWrite.Close()
		return nil, fmt.Errorf("pipe from the shim: %w", err)
	}
	argv := append(append([]string{}, command.Shim...), command.Argv...)
	shim := exec.Command(argv[0], argv[1:]...) //nolint:gosec // the node's own program
	shim.Env = command.Env
	shim.Stdout, shim.Stderr = command.Stdout, command.Stderr
	shim.ExtraFiles = []*os.File{ordersRead, reportsWrite} // ordersFD and reportsFD
	shim.SysProcAttr = &syscall.SysProcAttr{Setsid: true}  // a terminal's Ctrl-C goes to the node alone
	shim.WaitDelay = outputGrace
	p := &Process{shim: shim, orders: ordersWrite, result: make(chan outcome, 1)}
	if !command.Lease.IsZero() {
		p.Extend(command.Lease) // the shim finds it in the pipe
	}
	err = shim.Start()
	_, _ = ordersRead.Close(), reportsWrite.Close()
	if err != nil {
		_, _ = ordersWrite.Close(), reportsRead.Close()
		return nil, fmt.Errorf("start the shim: %w", err)
	}
	return p, p.begin(reportsRead)
}

// begin waits for the first report and leaves the rest to a goroutine that ends with the shim.
func (p *Process) begin(file *os.File) error {
	reports := json.NewDecoder(file)
	var first report
	err := reports.Decode(&first)
	if err != nil || first.Failed != "" {
		p.Kill()
		_ = p.shim.Wait()
		_ = file.Close()
		if err != nil {
			return errShimLost
		}
		return errNotStarted(first.Failed)
	}
	p.meter.watch(first.Started)
	go func() {
		var last report
		err := reports.Decode(&last)
		_ = file.Close()
		if err != nil || last.Ended == nil {
			p.result <- outcome{err: errShimLost}
			return
		}
		p.result <- outcome{ended: *last.Ended}
	}()
	return nil
}

// Terminate asks the command's process group to end.
func (p *Process) Terminate() { p.order(terminate) }

// Extend sets the end of the command's lease. The time must have a monotonic clock reading: a wall clock that jumps
// would let the command live too long. A lease that was over stays so.
func (p *Process) Extend(until time.Time) {
	clock := now() // before the other clock is read: a pause in between shortens the lease
	end := clock + time.Until(until)
	p.order(binary.BigEndian.AppendUint64([]byte{lease}, uint64(max(1, end)))...)
}

// order never waits for a shim that reads nothing. One that is gone needs no order.
func (p *Process) order(bytes ...byte) {
	_ = p.orders.SetWriteDeadline(time.Now().Add(orderPatience))
	_, _ = p.orders.Write(bytes) // a few bytes go whole or not at all
}

// Kill ends the command's process group at once. It may be repeated.
func (p *Process) Kill() {
	p.closing.Do(func() { _ = p.orders.Close() })
}

// Wait gives the end of the command, after its last output. It samples the command's resources meanwhile and may be
// called once. When ctx ends first the command is killed.
func (p *Process) Wait(ctx context.Context) (Result, error) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	killed := ctx.Done()
	for {
		select {
		case <-tick.C:
			p.meter.sample()
		case <-killed:
			p.Kill()
			killed = nil
		case end := <-p.result:
			_ = p.shim.Wait() // copies what is left of the output; its own exit code says nothing
			p.Kill()
			if end.err != nil {
				return Result{}, end.err
			}
			p.meter.add(end.ended.CPU, end.ended.PeakRSS)
			return Result{ExitCode: end.ended.ExitCode, LeaseOver: end.ended.LeaseOver, Usage: p.meter.peak}, nil
		}
	}
}
