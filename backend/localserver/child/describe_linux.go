package child

import (
	"bytes"
	"os"
	"strconv"
)

// describe is what a process was started with and the folder it works in: "" if there is no such process, or only its
// exit code is left of it.
func describe(pid int) (line string, known bool) {
	proc := "/proc/" + strconv.Itoa(pid)
	b, err := os.ReadFile(proc + "/cmdline")
	if err != nil || len(b) == 0 {
		return "", true
	}
	folder, err := os.Readlink(proc + "/cwd")
	if err != nil {
		folder = "" // another user's
	}
	return string(bytes.ReplaceAll(b, []byte{0}, []byte(" "))) + " " + folder, true
}
