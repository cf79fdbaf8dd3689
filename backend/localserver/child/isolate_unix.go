//go:build unix && !linux

package child

import (
	"os"
	"os/exec"
	"syscall"
)

func isolate(cmd *exec.Cmd, user *Account, _ os.Signal) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: user.credential()}
	return nil
}
