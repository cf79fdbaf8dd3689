//go:build unix

package shell

import (
	"errors"
	"os"
	"syscall"
)

const writableByOthers = 0o022

// onlyItsOwnerWrites refuses what somebody else could change: a theme's scripts run in the window of whoever operates.
func onlyItsOwnerWrites(root *os.Root, name string) error {
	info, err := root.Stat(name)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&writableByOthers != 0 {
		return errors.New("others than its owner may write it: chmod go-w")
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid() {
		return errors.New("it belongs to another user")
	}
	return nil
}
