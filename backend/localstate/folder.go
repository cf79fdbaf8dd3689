// Package localstate is what the window keeps on this machine for its operator: a log file, and where the window stood.
// Nothing of a cluster is in it, and no secret.
package localstate

import (
	"os"
	"path/filepath"
	"runtime"
)

// Folder is where it lies: OPSDECK_STATE_DIR, or what the system has for this.
func Folder() (string, error) {
	if folder := os.Getenv("OPSDECK_STATE_DIR"); folder != "" {
		return filepath.Abs(folder)
	}
	if folder := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(folder) {
		return filepath.Join(folder, "opsdeck"), nil
	}
	if runtime.GOOS == "windows" {
		folder, err := os.UserCacheDir() // the local, not the roaming one
		return filepath.Join(folder, "opsdeck"), err
	}
	if runtime.GOOS == "darwin" {
		folder, err := os.UserConfigDir()
		return filepath.Join(folder, "opsdeck"), err
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "state", "opsdeck"), err
}

// prepare makes the folder, for its owner alone.
func prepare(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return os.Chmod(folder, 0o700) //nolint:gosec // a folder needs its x
}
