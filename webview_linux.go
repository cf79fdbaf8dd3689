//go:build !bindings

package main

import (
	"errors"
	"os"
)

// steadyRenderer avoids windows that stay blank on some graphics drivers.
func steadyRenderer() {
	const name = "WEBKIT_DISABLE_DMABUF_RENDERER"
	if _, set := os.LookupEnv(name); !set {
		_ = os.Setenv(name, "1") // fails for malformed names only
	}
}

// checkDisplay says in a sentence what GTK would say with a panic.
func checkDisplay() error {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display to open a window on: start Opsdeck from a desktop session, " +
			"or use “make run”, which brings a virtual display")
	}
	return nil
}
