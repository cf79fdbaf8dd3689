package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// Leftover is a program that an earlier process of ours may have left running, known by the pid file it wrote.
type Leftover struct {
	PIDFile string
	// Marks are texts that the program's command line or, on Linux, its working folder holds, all of them, when the pid
	// is still that program. A pid alone proves nothing, the system hands it out again.
	Marks []string
	// Ask is the signal that ends it; after Patience it is killed.
	Ask      os.Signal
	Patience time.Duration
}

// End ends the program if it still runs, and removes its pid file. It reports whether there was one to end. Where the
// system can't tell what a pid is nothing is ended and the pid file stays, for the server to judge.
func (l Leftover) End(ctx context.Context) (ended bool, err error) {
	pid, err := readPID(l.PIDFile)
	if err != nil || pid <= 1 || pid == os.Getpid() {
		return false, err
	}
	line, known := describe(pid)
	if !known {
		return false, nil
	}
	if line != "" && l.matches(line) {
		if err := l.end(ctx, pid); err != nil {
			return false, err
		}
		ended = true
	}
	if err := os.Remove(l.PIDFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return ended, err
	}
	return ended, nil
}

func (l Leftover) matches(line string) bool {
	for _, m := range l.Marks {
		if !strings.Contains(line, m) {
			return false
		}
	}
	return true
}

func (l Leftover) end(ctx context.Context, pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	for _, step := range []struct {
		signal   os.Signal
		patience time.Duration
	}{{l.Ask, l.Patience}, {os.Kill, 5 * time.Second}} {
		if err := p.Signal(step.signal); errors.Is(err, os.ErrProcessDone) {
			return nil
		} else if err != nil {
			return fmt.Errorf("end leftover process %d: %w", pid, err)
		}
		gone := func() bool {
			line, _ := describe(pid) // a zombie has none
			return !l.matches(line) || line == ""
		}
		if poll(ctx, step.patience, gone) {
			return nil
		}
	}
	return fmt.Errorf("process %d (%s) does not end", pid, l.PIDFile)
}

// readPID reads the first line of a pid file: 0 where there is no file or no number in it.
func readPID(path string) (int, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	first, _, _ := bytes.Cut(b, []byte("\n"))
	pid, err := strconv.Atoi(string(bytes.TrimSpace(first)))
	if err != nil {
		return 0, nil //nolint:nilerr // a torn pid file names nobody
	}
	return pid, nil
}

// poll asks until the answer is yes, patience is over or ctx is, and returns the last answer.
func poll(ctx context.Context, patience time.Duration, ask func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if ask() {
			return true
		}
		select {
		case <-ctx.Done():
			return ask()
		case <-tick.C:
		}
	}
}
