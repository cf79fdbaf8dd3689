//go:build !bindings

package main

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// secretKeeper keeps the secrets of profiles in a vault, and takes what somebody types in the window.
type secretKeeper struct{ vault *secrets.Vault }

func (k secretKeeper) Kept(id string) ([]profile.SecretName, bool, error) { return k.vault.Kept(id) }

func (k secretKeeper) Forget(ctx context.Context, id string) error { return k.vault.Forget(ctx, id) }

func (k secretKeeper) Delete(ctx context.Context, id string) error { return k.vault.Delete(ctx, id) }

// Open gives what is kept, or what a program says, with what was typed over it.
func (k secretKeeper) Open(ctx context.Context, p profile.Profile, typed desktop.SecretInput) (profile.Secrets, error) {
	kept, err := k.vault.Open(ctx, p, secrets.Given{Passphrase: typed.Passphrase, Answers: &profile.Secrets{}})
	if err != nil {
		return profile.Secrets{}, err
	}
	return typed.Over(kept), nil
}

// Save writes a profile with what it keeps. What was typed for one that keeps nothing was for trying it out.
func (k secretKeeper) Save(ctx context.Context, p profile.Profile, base profile.Revision, typed desktop.SecretInput) (profile.Revision, []profile.SecretName, error) {
	change := secrets.Change{Passphrase: typed.Passphrase, NewPassphrase: typed.NewPassphrase}
	if p.SecretsFrom.Kind == profile.FromKeyring || p.SecretsFrom.Kind == profile.FromPassphrase {
		change.Set, change.Remove = typed.Set, typed.Remove
	}
	saved, err := k.vault.Save(ctx, p, base, change)
	return saved.Revision, saved.Dropped, err
}
