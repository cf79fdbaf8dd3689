//go:build !bindings

package main

import (
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"

	"github.com/opsdeck/opsdeck/backend/cli"
)

// sayIfOpen tells whoever starts the program a second time what becomes of it: Wails hands the arguments to the window that
// is open, and ends this process without a word.
func sayIfOpen(o cli.WindowOptions) {
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		o.Log.Warn("there is no session bus: every start opens a window of its own, links open a new one, and the system shows no notifications",
			"error", err)
		return
	}
	defer bus.Close()
	var open bool
	err = bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, "org.wails_app_"+instanceID(o)+".SingleInstance").Store(&open)
	if err == nil && open {
		fmt.Fprintln(os.Stderr, "opsdeck: the window is open already; it comes to the front and takes over what this start asked for")
	}
}
