//go:build unix

package localserver

import "golang.org/x/sys/unix"

// freeBytes is what an ordinary user may still write where dir lies.
func freeBytes(dir string) (uint64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return uint64(st.Bavail) * uint64(st.Bsize), nil //nolint:gosec,unconvert // the types differ from system to system
}
