//go:build !bindings

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/localstate"
)

// instanceID names the one window of this operator. Whoever works with another sandbox, as somebody else in it, or with a
// state of their own, gets a window beside it.
func instanceID(o cli.WindowOptions) string {
	folder, _ := localstate.Folder() // "" is as good a name
	sum := sha256.Sum256([]byte(folder + "\x00" + o.Sandbox.Dir + "\x00" + o.Sandbox.As))
	return "opsdeck_" + hex.EncodeToString(sum[:8])
}

// singleInstance hands the arguments of every later start to this window, which comes to the front.
func singleInstance(o cli.WindowOptions, session *desktop.Session, window *atomic.Pointer[context.Context]) *options.SingleInstanceLock {
	return &options.SingleInstanceLock{
		UniqueId: instanceID(o),
		OnSecondInstanceLaunch: func(other options.SecondInstanceData) {
			asked, err := cli.ReadWindow(other.Args, other.WorkingDirectory)
			if err != nil {
				o.Log.Warn("another start gave arguments that make no sense", "error", err)
				asked.LaunchProblem = err
			}
			if asked.OpenSandbox && asked.Launch == nil {
				session.StartSandbox()
			}
			desktop.Launch(session, asked.Launch, asked.LaunchProblem)
			raise(window)
		},
	}
}

// raise brings the window to the front.
func raise(window *atomic.Pointer[context.Context]) {
	if w := window.Load(); w != nil {
		runtime.WindowUnminimise(*w)
		runtime.WindowShow(*w)
	}
}
