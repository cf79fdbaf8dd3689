package child

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func isolate(cmd *exec.Cmd, user *Account, death os.Signal) error {
	attr := &syscall.SysProcAttr{Setpgid: true, Credential: user.credential()}
	if death != nil {
		s, ok := death.(syscall.Signal)
		if !ok {
			return fmt.Errorf("child: %v is no signal of this system", death)
		}
		attr.Pdeathsig = s
	}
	cmd.SysProcAttr = attr
	return nil
}
