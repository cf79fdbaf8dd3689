package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const partialPattern = ".partial-*"

// ReadBeside gives a file that lies beside a profile; fs.ErrNotExist if there is none.
func (s *Store) ReadBeside(id, suffix string) ([]byte, error) { return s.read(id, suffix, maxDocument) }

// WriteBeside puts a file beside a profile, for its owner alone. It is there whole, or as before.
func (s *Store) WriteBeside(id, suffix string, b []byte) error {
	return s.locked(func() error { return s.write(id, suffix, b) })
}

// RemoveBeside removes a file that lies beside a profile, if it is there.
func (s *Store) RemoveBeside(id, suffix string) error {
	path := s.Path(id, suffix)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return explain(path, err)
	}
	return syncFolder(s.dir)
}

// write replaces a file of a profile. The caller holds the lock. The file outlives a crash of the machine, or the one before does.
func (s *Store) write(id, suffix string, b []byte) error {
	path := s.Path(id, suffix)
	f, err := os.CreateTemp(s.dir, partialPattern) // for its owner alone
	if err != nil {
		return explain(path, err)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what failed is told
		return explain(path, err)
	}
	return explain(path, syncFolder(s.dir))
}

// removePartial removes what writers left that were killed.
func (s *Store) removePartial() {
	files, _ := filepath.Glob(filepath.Join(s.dir, partialPattern)) // the pattern is ours
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(file) // the next start tries again
		}
	}
}

// explain turns what the system says about a file into a sentence. What is no such thing stays as it is.
func explain(path string, err error) error {
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist), scheduler.CodeOf(err) != scheduler.Internal:
		return err
	case diskFull(err):
		return scheduler.Errorf(scheduler.Unavailable, "profile.disk_full", "There is no room left to write %s. It is as it was.", path).
			With("path", path).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return scheduler.Errorf(scheduler.Forbidden, "profile.no_access", "%s can't be read or written by this user. Correct its permissions.", path).
			With("path", path).Because(err)
	}
	return scheduler.Errorf(scheduler.Unavailable, "profile.file_failed", "%s can't be read or written; the log says why.", path).With("path", path).Because(err)
}

func notOwn(path, remedy string) error {
	return scheduler.Errorf(scheduler.Forbidden, "profile.not_private",
		"%s belongs to somebody else, or others can read or change it. It isn't used until that is corrected: %s", path, remedy).
		With("path", path).With("remedy", remedy)
}
