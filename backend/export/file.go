package export

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// File is a file that is being written. It lies beside its name until Finish.
type File struct {
	path    string
	replace bool
	part    *os.File
	buffer  *bufio.Writer
}

// Create begins a file. Its path is absolute and ends with the extension. A file that is there already is replaced only if
// the operator said so.
func Create(path, extension string, replace bool) (*File, error) {
	path = filepath.Clean(path)
	if !filepath.IsAbs(path) || !strings.EqualFold(filepath.Ext(path), "."+extension) {
		return nil, scheduler.Errorf(scheduler.Invalid, "export.bad_path", "Give the whole path of a file that ends with .%s.", extension).
			With("extension", "."+extension)
	}
	if _, err := os.Lstat(path); err == nil && !replace {
		return nil, exists(path)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // readable by its owner alone
	if err != nil {
		return nil, unwritable(path, err)
	}
	return &File{path: path, replace: replace, part: part, buffer: bufio.NewWriterSize(part, 1<<16)}, nil
}

// Path is where the file will be.
func (f *File) Path() string { return f.path }

// Write adds to the file.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.buffer.Write(p)
	if err != nil {
		err = unwritable(f.path, err)
	}
	return n, err
}

// Finish puts the file under its name.
func (f *File) Finish() error {
	if err := errors.Join(f.buffer.Flush(), f.part.Sync(), f.part.Close()); err != nil {
		return errors.Join(unwritable(f.path, err), remove(f.part.Name()))
	}
	if err := f.place(); err != nil {
		return errors.Join(err, remove(f.part.Name()))
	}
	return nil
}

// place moves the file to its name. A hard link fails where the name is taken meanwhile, which a rename would not.
func (f *File) place() error {
	if !f.replace {
		switch err := os.Link(f.part.Name(), f.path); {
		case err == nil:
			return os.Remove(f.part.Name())
		case errors.Is(err, fs.ErrExist):
			return exists(f.path)
		}
		if _, err := os.Lstat(f.path); err == nil { // not every file system has links
			return exists(f.path)
		}
	}
	if err := os.Rename(f.part.Name(), f.path); err != nil {
		return unwritable(f.path, err)
	}
	return nil
}

// Drop gives the file up and leaves nothing of it.
func (f *File) Drop() error {
	return errors.Join(f.part.Close(), remove(f.part.Name()))
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func exists(path string) error {
	return scheduler.Errorf(scheduler.Conflict, "export.exists", "%s exists already. Choose another name.", path).With("path", path)
}

func unwritable(path string, cause error) error {
	return scheduler.Errorf(scheduler.Unavailable, "export.unwritable", "%s can't be written. Check that its folder exists, its rights, and the space on its disk.", path).
		With("path", path).Because(cause)
}

// Folder is where files are suggested to go: the operator's downloads, or home.
func Folder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	downloads := filepath.Join(home, "Downloads")
	if info, err := os.Stat(downloads); err == nil && info.IsDir() {
		return downloads
	}
	return home
}
