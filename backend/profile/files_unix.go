//go:build unix

package profile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// checkOwner refuses a folder that others could change or look into.
func checkOwner(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return explain(dir, err)
	}
	if !private(info) {
		return notOwn(dir, "chown \"$(id -u)\" '"+dir+"' && chmod 700 '"+dir+"'")
	}
	return nil
}

// openOwn opens a file of ours, and nothing that somebody else put there.
func openOwn(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0) // a pipe would keep us waiting
	if err != nil {
		return nil, explain(path, err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || !private(info) {
		_ = f.Close()
		return nil, notOwn(path, "chown \"$(id -u)\" '"+path+"' && chmod 600 '"+path+"'")
	}
	return f, nil
}

func private(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid() && info.Mode().Perm()&0o077 == 0
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func diskFull(err error) bool { return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) }
