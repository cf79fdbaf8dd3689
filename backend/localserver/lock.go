package localserver

import "os"

// Lock marks a folder as used by this process. The system takes it back when the process ends, however it ends.
type Lock struct{ file *os.File }

// AcquireLock takes the lock file at path, or says that another live process holds it.
func AcquireLock(path, dir string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, FolderError(dir, err)
	}
	if err := lockFile(f); err != nil {
		_ = f.Close()
		return nil, inUse(dir).Because(err)
	}
	return &Lock{file: f}, nil
}

// Release gives the lock back. The file stays: removing it would let two processes each lock a file of that name.
func (l *Lock) Release() { _ = l.file.Close() }
