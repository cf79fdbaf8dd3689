package secrets

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// signingAccount is where the keyring keeps the operator's key for signing archives. It belongs to no profile.
const signingAccount = "archive signing key"

// SigningKey gives the key that this operator signs archives with. The first time it is made, if make says so.
func SigningKey(ctx context.Context, make bool) (ed25519.PrivateKey, error) {
	seed, err := keyOf(ctx, signingAccount)
	switch {
	case err == nil:
		return ed25519.NewKeyFromSeed(seed), nil
	case scheduler.CodeOf(err) != scheduler.NotFound:
		return nil, unsignable(err)
	case !make:
		return nil, scheduler.Errorf(scheduler.NotFound, "secrets.no_signing_key",
			"You have no key for signing archives yet. “opsctl archive keys create” makes one.")
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := keepKey(ctx, signingAccount, key.Seed()); err != nil {
		return nil, unsignable(err)
	}
	return key, nil
}

// unsignable says why the keyring gives no key for signing. What is said of a profile's secrets is no help here.
func unsignable(err error) error {
	var known *scheduler.Error
	if !errors.As(err, &known) {
		return err
	}
	switch known.Reason {
	case "secrets.no_bus", "secrets.no_keyring":
		return scheduler.Errorf(scheduler.Unavailable, "secrets.sign_no_keyring",
			"No keyring can be reached, and the key for signing archives lies in one. Start Opsdeck in a desktop session with a keyring, such as gnome-keyring or KWallet.").Because(err)
	case "secrets.keyring_locked":
		return scheduler.Errorf(scheduler.Unavailable, "secrets.sign_locked",
			"The keyring that has your key for signing archives is locked. Unlock it with its password, and try again.").Because(err)
	case "secrets.keyring_denied", "secrets.keyring_failed":
		return scheduler.Errorf(scheduler.Unavailable, "secrets.sign_failed",
			"The keyring does not give your key for signing archives; the log says why.").Because(err)
	}
	return err
}
