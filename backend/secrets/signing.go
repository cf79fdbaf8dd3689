package secrets

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"

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
		return nil, err
	case !make:
		return nil, scheduler.Errorf(scheduler.NotFound, "secrets.no_signing_key",
			"You have no key for signing archives yet. “opsctl archive keys create” makes one.")
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return key, keepKey(ctx, signingAccount, key.Seed())
}
