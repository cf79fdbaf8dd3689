//go:build unix

package child

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// Account is another user of this machine that a program shall run as. Only root may use one.
type Account struct {
	Name     string
	UID, GID uint32
}

// LookUpAccount finds a user of this machine by name.
func LookUpAccount(name string) (*Account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s has no numeric id: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s has no numeric group: %w", name, err)
	}
	return &Account{Name: name, UID: uint32(uid), GID: uint32(gid)}, nil
}

// Own hands a file or folder to the account. A nil account leaves it as it is.
func (a *Account) Own(path string) error {
	if a == nil {
		return nil
	}
	return os.Lchown(path, int(a.UID), int(a.GID))
}

// MayPass tells whether the account may pass through a folder on the way to something inside it.
func (a *Account) MayPass(folder os.FileInfo) bool {
	st, ok := folder.Sys().(*syscall.Stat_t)
	if a == nil || !ok {
		return true
	}
	switch {
	case st.Uid == a.UID:
		return folder.Mode()&0o100 != 0
	case st.Gid == a.GID:
		return folder.Mode()&0o010 != 0
	}
	return folder.Mode()&0o001 != 0
}

// OwnsAlone tells whether a folder belongs to the account (nil: to this process's user) and is closed to all others.
func (a *Account) OwnsAlone(folder os.FileInfo) bool {
	st, ok := folder.Sys().(*syscall.Stat_t)
	owner := os.Getuid()
	if a != nil {
		owner = int(a.UID)
	}
	return ok && int(st.Uid) == owner && folder.Mode()&0o077 == 0
}

func (a *Account) credential() *syscall.Credential {
	if a == nil {
		return nil
	}
	return &syscall.Credential{Uid: a.UID, Gid: a.GID}
}
