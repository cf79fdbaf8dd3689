package secrets

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	keyringService = "opsdeck"
	// keyringPatience is how long the keyring may take. It may be asking its owner for a password.
	keyringPatience = 30 * time.Second
)

// keyOf reads a profile's key from the system's keyring.
func keyOf(ctx context.Context, account string) ([]byte, error) {
	text, err := patiently(ctx, func() (string, error) { return keyring.Get(keyringService, account) })
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != chacha20poly1305.KeySize {
		return nil, keyMissing()
	}
	return key, nil
}

func keepKey(ctx context.Context, account string, key []byte) error {
	_, err := patiently(ctx, func() (struct{}, error) {
		return struct{}{}, keyring.Set(keyringService, account, base64.StdEncoding.EncodeToString(key))
	})
	return err
}

// forgetKey removes a key. That there is none is as good.
func forgetKey(ctx context.Context, account string) error {
	_, err := patiently(ctx, func() (struct{}, error) {
		if err := keyring.Delete(keyringService, account); !errors.Is(err, keyring.ErrNotFound) {
			return struct{}{}, err
		}
		return struct{}{}, nil
	})
	return err
}

// patiently asks the keyring, which knows no context, and stops waiting when its time is up. The question itself goes on until it is
// answered, which changes nothing here.
func patiently[T any](ctx context.Context, ask func() (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, keyringPatience)
	defer cancel()
	type answer struct {
		value T
		err   error
	}
	answers := make(chan answer, 1)
	go func() {
		value, err := ask()
		answers <- answer{value, err}
	}()
	select {
	case a := <-answers:
		return a.value, explainKeyring(a.err)
	case <-ctx.Done():
		var none T
		return none, scheduler.Errorf(scheduler.Unavailable, "secrets.keyring_silent",
			"The keyring has not answered. It may be asking for its password in a window of its own: answer that, and try again.").Because(ctx.Err())
	}
}

func keyMissing() error {
	return scheduler.Errorf(scheduler.NotFound, "secrets.key_missing",
		"The keyring has no key for this profile, so that its secrets can't be opened. Enter them again.")
}

// explainKeyring turns what the keyring says into what to do about it. What it says comes from three libraries, in many words.
func explainKeyring(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, keyring.ErrNotFound) {
		return keyMissing()
	}
	const instead = " Or let the profile ask for a passphrase or for the secrets instead."
	name := ""
	if e, ok := errors.AsType[dbus.Error](err); ok {
		name = e.Name
	}
	switch {
	case noBus(err):
		return scheduler.Errorf(scheduler.Unavailable, "secrets.no_bus",
			"The keyring can't be reached, since this session has no message bus (D-Bus). Start Opsdeck in a desktop session."+instead).Because(err)
	case strings.HasSuffix(name, ".ServiceUnknown") || strings.HasSuffix(name, ".NameHasNoOwner") || strings.Contains(name, ".Spawn."):
		return scheduler.Errorf(scheduler.Unavailable, "secrets.no_keyring",
			"No keyring runs in this session. Install and start one, such as gnome-keyring or KWallet."+instead).Because(err)
	case strings.HasSuffix(name, ".IsLocked") || strings.Contains(err.Error(), "failed to unlock correct collection"):
		return scheduler.Errorf(scheduler.Unavailable, "secrets.keyring_locked",
			"The keyring is locked. Unlock it with its password, and try again."+instead).Because(err)
	case strings.HasSuffix(name, ".AccessDenied") || errors.Is(err, fs.ErrPermission):
		return scheduler.Errorf(scheduler.Forbidden, "secrets.keyring_denied",
			"The keyring does not let Opsdeck in. Allow it there, and try again."+instead).Because(err)
	}
	return scheduler.Errorf(scheduler.Unavailable, "secrets.keyring_failed", "The keyring failed; the log says how."+instead).Because(err)
}

// noBus tells whether there is nothing to talk to: no address, nobody at it, or no program that would start a bus.
func noBus(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, os.ErrNotExist) ||
		errors.Is(err, dbus.ErrClosed) || strings.Contains(err.Error(), "dbus-launch") || strings.Contains(err.Error(), "DBUS_SESSION_BUS_ADDRESS")
}
