// Package localstate is what the window keeps on this machine for its operator: a log file, where the window stood, and
// which archives it has opened. No secret is in it.
package localstate

import (
	"errors"
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

// write puts a whole file into the folder, for its owner alone, or leaves the one that is there as it is.
func write(folder, name string, text []byte) error {
	if err := prepare(folder); err != nil {
		return err
	}
	part, err := os.CreateTemp(folder, name+".*")
	if err != nil {
		return err
	}
	_, err = part.Write(text)
	if err = errors.Join(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), filepath.Join(folder, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return nil
}
