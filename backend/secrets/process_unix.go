//go:build unix

package secrets

import (
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithChildren lets the end of its time end the program with all that it has started.
func endWithChildren(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return unix.Kill(-command.Process.Pid, unix.SIGKILL) }
}

// NoCoreDumps keeps this process, and what it starts, from leaving its memory in a file when it crashes.
func NoCoreDumps() error { return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) }
