//go:build !linux

package child

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
)

// describe is what a process was started with: "" if there is no such process; not known where there is no ps.
func describe(pid int) (line string, known bool) {
	out, err := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output() //nolint:gosec // a number
	if errors.Is(err, exec.ErrNotFound) {
		return "", false
	}
	return strings.TrimSpace(string(out)), true
}
