// Package child runs programs that must not outlive this process, and finds the ones that a crashed process of ours
// left behind.
package child

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// Config describes a program to run.
type Config struct {
	Argv   []string
	Dir    string    // "" = this process's own
	Env    []string  // nil = this process's own
	Output io.Writer // receives stdout and stderr; nil discards them
	Stdin  *os.File  // nil = empty
	User   *Account  // nil = the user that runs this process

	// DeathSignal is what the kernel sends the program when this process dies, however it dies. Linux only; elsewhere
	// the program has to notice by itself, by end of file on its Stdin for example.
	DeathSignal os.Signal
}

// Process is a running program. It is over when Done is closed, and then Err tells how.
type Process struct {
	argv []string
	os   *os.Process
	done chan struct{}
	err  error // written before done is closed
}

// Start runs the program in a process group of its own, so that the terminal's Ctrl-C reaches only us and we decide in
// which order things end.
func Start(c Config) (*Process, error) {
	if len(c.Argv) == 0 {
		return nil, errors.New("child: no program given")
	}
	cmd := exec.Command(c.Argv[0], c.Argv[1:]...) //nolint:gosec // running the caller's program is the purpose
	cmd.Dir, cmd.Env = c.Dir, c.Env
	cmd.Stdout, cmd.Stderr = c.Output, c.Output
	if c.Stdin != nil {
		cmd.Stdin = c.Stdin
	}
	// What the program itself started may hold its output open for longer than it lives.
	cmd.WaitDelay = 5 * time.Second
	if err := isolate(cmd, c.User, c.DeathSignal); err != nil {
		return nil, err
	}

	p := &Process{argv: c.Argv, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// Linux sends the death signal when the *thread* that started the program ends: this one stays until it has.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		p.os = cmd.Process
		started <- nil
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Argv[0], err)
	}
	return p, nil
}

// PID is the program's process id.
func (p *Process) PID() int { return p.os.Pid }

// Done is closed when the program has ended and its output has been written.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err is how the program ended, nil for exit code 0. It is meaningful only after Done.
func (p *Process) Err() error { return p.err }

// Signal sends s; a program that has already ended is no error.
func (p *Process) Signal(s os.Signal) error {
	if err := p.os.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal %s: %w", p.argv[0], err)
	}
	return nil
}

// Wait blocks until the program has ended, for at most patience, and tells whether it has.
func (p *Process) Wait(ctx context.Context, patience time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-p.done:
		return true
	case <-ctx.Done():
		return false
	}
}

// Stop asks the program to end with ask, and kills it when it has not ended within patience or ctx is over, or where
// the system has no such signal (Windows). It returns once the program is gone; how it ended is Err's business.
func (p *Process) Stop(ctx context.Context, ask os.Signal, patience time.Duration) error {
	if p.Signal(ask) == nil && p.Wait(ctx, patience) {
		return nil
	}
	if err := p.Signal(os.Kill); err != nil {
		return err
	}
	<-p.done
	return nil
}
