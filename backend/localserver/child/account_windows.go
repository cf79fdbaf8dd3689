package child

import (
	"errors"
	"os"
)

// Account is another user that a program shall run as, which this system does not offer.
type Account struct{ Name string }

// LookUpAccount always fails: programs run as the user that starts them.
func LookUpAccount(string) (*Account, error) { return nil, errors.ErrUnsupported }

// Own does nothing.
func (a *Account) Own(string) error { return nil }

// MayPass is always true.
func (a *Account) MayPass(os.FileInfo) bool { return true }

// OwnsAlone is always true: temporary directories are private to their user.
func (a *Account) OwnsAlone(os.FileInfo) bool { return true }
