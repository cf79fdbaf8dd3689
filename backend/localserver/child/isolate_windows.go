package child

import (
	"os"
	"os/exec"
	"syscall"
)

func isolate(cmd *exec.Cmd, _ *Account, _ os.Signal) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP, HideWindow: true}
	return nil
}
