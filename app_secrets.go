//go:build !bindings

package main

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// secretKeeper gives the secrets of profiles to the window. So far it keeps none: what a profile needs is asked for at each
// opening.
type secretKeeper struct{ store *profile.Store }

func (k secretKeeper) Kept(profile.Profile) ([]profile.SecretName, error) { return nil, nil }

func (k secretKeeper) Open(_ context.Context, p profile.Profile, typed desktop.SecretInput) (profile.Secrets, error) {
	if p.SecretsFrom.Kind != profile.FromOperator {
		return profile.Secrets{}, notKept()
	}
	return typed.Over(profile.Secrets{}), nil
}

func (k secretKeeper) Keep(_ context.Context, _, p profile.Profile, typed desktop.SecretInput) error {
	if p.SecretsFrom.Kind != profile.FromOperator && !typed.Empty() {
		return notKept()
	}
	return nil
}

func (k secretKeeper) Delete(_ context.Context, id string) error { return k.store.Delete(id) }

func notKept() error {
	return scheduler.Errorf(scheduler.Unavailable, "secrets.not_kept", "This version keeps no secrets. Choose to be asked each time.")
}
