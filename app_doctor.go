//go:build !bindings

package main

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/doctor"
	"github.com/opsdeck/opsdeck/backend/profile"
)

// examiner tries out profiles for the editor. A server that was seen before is expected again where the profile was saved.
type examiner struct{ store *profile.Store }

func (e examiner) Examine(ctx context.Context, access profile.Access, tell func(desktop.PartFound)) {
	known := ""
	if local, err := e.store.Local(access.Profile.ID); err == nil {
		known = local.SystemIdentifier
	}
	doctor.Run(ctx, access.Profile, access.Secrets, known, func(f doctor.Finding) {
		tell(desktop.PartFound{Name: f.Check, State: string(f.State), Err: f.Says})
	})
}
