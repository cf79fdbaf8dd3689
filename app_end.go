//go:build !bindings

package main

import (
	"context"
	"os"
	"time"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// mainLoopPatience is how long the window's main loop has to end after it was told to.
const mainLoopPatience = 5 * time.Second

// end ends the program because somebody told its process to. GTK's file dialogs run a loop of their own, which doesn't hear of
// that and may stand open until an operator comes: then everything is closed from here, and the window goes with the process.
func end(window context.Context, ended <-chan struct{}, closeAll func()) {
	runtime.Quit(window)
	select {
	case <-ended:
	case <-time.After(mainLoopPatience):
		closeAll()
		os.Exit(0)
	}
}
