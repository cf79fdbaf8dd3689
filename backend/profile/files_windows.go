package profile

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// checkOwner leaves the folder to Windows: what lies in a user's own folders is closed to others there.
func checkOwner(string) error { return nil }

func openOwn(path string) (*os.File, error) {
	f, err := os.Open(path)
	return f, explain(path, err)
}

// syncFolder does nothing: Windows writes a rename through by itself.
func syncFolder(string) error { return nil }

func diskFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}
