package localserver

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/opsdeck/opsdeck/backend/localserver/child"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// makeFolder makes dir (its parents too) and sees to it that the account can reach and own it.
func makeFolder(dir string, mode os.FileMode, account *child.Account) error {
	if err := os.MkdirAll(dir, mode); err != nil {
		return FolderError(dir, err)
	}
	if err := account.Own(dir); err != nil {
		return FolderError(dir, err)
	}
	if err := os.Chmod(dir, mode); err != nil { // the caller says who may enter
		return FolderError(dir, err)
	}
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return FolderError(parent, err)
		}
		if !account.MayPass(info) {
			return scheduler.Errorf(scheduler.Forbidden, ReasonUnreadable,
				"the system user %s, as which PostgreSQL runs, can't enter %s: allow it (chmod o+x) or choose another folder",
				account.Name, parent).With("dir", parent)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// FolderError says in a sentence why a folder can't be used.
func FolderError(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) {
		return diskFull(dir).Because(err)
	}
	return unreadable(dir).Because(err)
}

// socketLimit is what fits into sockaddr_un everywhere (104 bytes on BSD and macOS), with the end of a string.
const socketLimit = 100

// socketFolder is where a server's socket lies: in dir if the path is short enough for a Unix socket, else in a folder
// of the temporary directory whose name is derived from dir (absolute), so that the next start finds it again.
func socketFolder(dir, socket string) (string, error) {
	own := filepath.Join(dir, "run")
	sum := sha256.Sum256([]byte(dir))
	short := "opsdeck-" + strconv.Itoa(os.Getuid()) + "-" + hex.EncodeToString(sum[:6])
	for _, candidate := range []string{own, filepath.Join(os.TempDir(), short), filepath.Join("/tmp", short)} {
		if len(filepath.Join(candidate, socket)) <= socketLimit {
			return candidate, nil
		}
	}
	return "", scheduler.Errorf(scheduler.Invalid, ReasonPathTooLong,
		"the path %s is too long for a Unix socket, and so is the temporary directory's: choose a folder with a shorter path", dir).
		With("dir", dir)
}

// makeSocketFolder makes the folder that socketFolder chose. Outside of dir it must be ours alone: in a temporary
// directory anybody can put a folder of that name first.
func makeSocketFolder(folder, dir string, account *child.Account) error {
	if filepath.Dir(folder) == filepath.Clean(dir) {
		return makeFolder(folder, 0o700, account)
	}
	if err := os.Mkdir(folder, 0o700); err == nil {
		return account.Own(folder)
	} else if !errors.Is(err, fs.ErrExist) {
		return FolderError(folder, err)
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return FolderError(folder, err)
	}
	if !info.IsDir() || !account.OwnsAlone(info) {
		return unreadable(folder).Because(errors.New("it belongs to somebody else"))
	}
	return nil
}

func checkRoom(dir string, need uint64) error {
	free, err := freeBytes(dir)
	if err != nil {
		return FolderError(dir, err)
	}
	if free < need {
		return diskFull(dir).With("free", strconv.FormatUint(free, 10)).With("need", strconv.FormatUint(need, 10)).
			Because(fmt.Errorf("%d bytes are free, %d are needed", free, need))
	}
	return nil
}

// newPassword makes a password that needs no quoting anywhere.
func newPassword() string { return strings.ToLower(rand.Text()) }

// passwordIn reads the password kept in dir, or makes one and keeps it.
func passwordIn(dir string) (string, error) {
	path := filepath.Join(dir, "password")
	b, err := os.ReadFile(path)
	if err == nil && len(b) > 0 {
		return string(b), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", FolderError(dir, err)
	}
	password := newPassword()
	if err := os.WriteFile(path, []byte(password), 0o600); err != nil {
		return "", FolderError(dir, err)
	}
	return password, nil
}
