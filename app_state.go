//go:build !bindings

package main

import (
	"context"
	"os"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/localstate"
	"github.com/opsdeck/opsdeck/backend/profile"
)

// keeper keeps the log file and where the window stands. Where this machine lets nothing be kept the window works without.
type keeper struct {
	options *cli.WindowOptions
	folder  string          // "" = nothing can be kept
	log     *localstate.Log // nil: there is none
	last    localstate.Placement
	known   bool // last is from an earlier window
	// profiles lists what a bundle for whoever helps tells of environments; nil = nothing.
	profiles func() ([]profile.Entry, error)
}

// keepState begins the log file, which o.Log then goes to as well.
func keepState(o *cli.WindowOptions) *keeper {
	k := &keeper{options: o}
	folder, err := localstate.Folder()
	if err == nil {
		k.log, err = localstate.OpenLog(folder)
	}
	if err != nil {
		o.Log.Warn("there is no log file, and where the window stands is not kept", "folder", folder, "error", err)
		return k
	}
	k.folder = folder
	k.last, k.known = localstate.LoadPlacement(folder)
	o.Log = k.log.Logger(os.Stderr)
	o.Log.Info("Opsdeck starts", "version", o.Version)
	return k
}

func (k *keeper) close() {
	if k.log != nil {
		_ = k.log.Close() // the last words are written already
	}
}

// size opens the window as large as it was.
func (k *keeper) size(app *options.App) {
	app.Width, app.Height, app.MinWidth, app.MinHeight = 1280, 860, localstate.MinWidth, localstate.MinHeight
	if !k.known {
		return
	}
	app.Width, app.Height = max(k.last.Width, app.MinWidth), max(k.last.Height, app.MinHeight)
	if k.last.Maximised {
		app.WindowStartState = options.Maximised
	}
}

// place puts the window where it was, if that is on a screen.
func (k *keeper) place(w context.Context) {
	if !k.known {
		return
	}
	screens, err := runtime.ScreenGetAll(w)
	if err != nil {
		k.options.Log.Warn("asking for the screens", "error", err)
		return
	}
	for _, s := range screens {
		if !s.IsCurrent {
			continue
		}
		at := k.last.Within(localstate.Screen{Width: s.Size.Width, Height: s.Size.Height})
		if !k.last.Maximised {
			runtime.WindowSetSize(w, at.Width, at.Height)
		}
		runtime.WindowSetPosition(w, at.X, at.Y)
	}
}

// keep takes note of where the window stands. A maximised one keeps the size that it had before.
func (k *keeper) keep(w context.Context) {
	if k.folder == "" || runtime.WindowIsMinimised(w) || runtime.WindowIsFullscreen(w) {
		return
	}
	if k.last.Maximised = runtime.WindowIsMaximised(w); !k.last.Maximised {
		k.last.X, k.last.Y = runtime.WindowGetPosition(w)
		k.last.Width, k.last.Height = runtime.WindowGetSize(w)
	}
	if k.last.Width == 0 {
		k.last.Width, k.last.Height = 1280, 860
	}
	if err := k.last.Save(k.folder); err != nil {
		k.options.Log.Warn("keeping where the window stands", "error", err)
	}
}
