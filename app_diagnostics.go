//go:build !bindings

package main

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/diagnostics"
	"github.com/opsdeck/opsdeck/backend/localstate"
)

// logTail is how much of the log goes into a bundle.
const logTail = 512 << 10

// began is when the program started.
var began = time.Now()

// diagnose gathers what a bundle for whoever helps holds.
func (k *keeper) diagnose(ctx context.Context, maskHosts bool) diagnostics.Bundle {
	now := time.Now()
	b := diagnostics.Bundle{About: diagnostics.Describe(k.options.Version, began, now), MadeAt: now, Mask: localstate.Mask}
	if k.log != nil {
		tail, err := k.log.Tail(logTail)
		if err != nil {
			k.options.Log.WarnContext(ctx, "reading the log for a bundle", "error", err)
		}
		b.Log = tail
	}
	shapes := []diagnostics.Shape{}
	if k.profiles != nil {
		entries, err := k.profiles()
		if err != nil {
			k.options.Log.WarnContext(ctx, "listing profiles for a bundle", "error", err)
		}
		for _, e := range entries {
			shapes = append(shapes, diagnostics.ShapeOf(e.Profile))
			if maskHosts {
				b.Hosts = append(b.Hosts, diagnostics.HostsOf(e.Profile)...)
			}
		}
	}
	b.Profiles = shapes
	return b
}

// logFile is where the log lies; "" = there is none.
func (k *keeper) logFile() string {
	if k.log == nil {
		return ""
	}
	return k.log.Path()
}
