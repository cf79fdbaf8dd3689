//go:build !bindings

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"github.com/opsdeck/opsdeck/backend/archive/signers"
	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/localstate"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/shell"
)

//go:embed all:frontend/dist
var dist embed.FS

//go:embed build/appicon.png
var icon []byte

// openWindow shows the window until it is closed or ctx ends, and leaves nothing running.
func openWindow(ctx context.Context, o cli.WindowOptions) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	keeper := keepState(&o)
	defer keeper.close()
	sayIfOpen(o)
	built, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		return err
	}
	pages, problems, err := shell.New(built, o.Theme)
	if err != nil {
		return err
	}
	for _, p := range problems {
		o.Log.WarnContext(ctx, "a part of the theme is left out", "theme", o.Theme, "file", p.File, "what", p.What, "error", p.Cause)
	}
	store, err := openStore()
	if err != nil {
		o.Log.ErrorContext(ctx, "there are no profiles: their folder can't be used", "error", err)
	}
	known, unknown := signers.DefaultFile()
	if unknown != nil {
		o.Log.WarnContext(ctx, "nobody's key is known", "error", unknown)
	}
	var window atomic.Pointer[context.Context] // Wails gives the window's context when it has started
	config := desktop.Config{
		Version: o.Version, Opener: opener{o, store, known}, Tick: o.Tick, Log: o.Log, Mark: announce, Theme: themeProblems(problems),
		LogFile: keeper.logFile(), Diagnose: keeper.diagnose,
		ChooseFile: func(title, folder, name string) (string, error) {
			w := window.Load()
			if w == nil {
				return "", nil
			}
			return runtime.SaveFileDialog(*w, runtime.SaveDialogOptions{Title: title, DefaultDirectory: folder, DefaultFilename: name})
		},
		ChooseToOpen: func(title string, kind desktop.FileKind) (string, error) {
			w := window.Load()
			if w == nil {
				return "", nil
			}
			return runtime.OpenFileDialog(*w, runtime.OpenDialogOptions{
				Title: title, DefaultDirectory: export.Folder(), Filters: []runtime.FileFilter{{DisplayName: kind.Name, Pattern: kind.Pattern}},
			})
		},
		Emit: func(event string, data any) {
			if w := window.Load(); w != nil {
				runtime.EventsEmit(*w, event, data)
			}
		},
	}
	if keeper.folder != "" {
		config.Recent = recentBook{&localstate.RecentArchives{Folder: keeper.folder}}
		config.Exports = exportBook{&localstate.UnfinishedExports{Folder: keeper.folder}, o.Log}
	}
	if unknown == nil {
		config.Signers = signerBook{known}
	}
	if store != nil {
		config.Profiles, config.Secrets, config.Doctor, config.Shelf = store, secretKeeper{secrets.New(store)}, examiner{store}, store
		keeper.profiles = store.List
	}
	if dir, err := profile.DefaultDir(); err == nil {
		config.Rules = &compare.Store{Folder: filepath.Join(dir, "compare")}
	}
	var session *desktop.Session
	notifier, endNotifier := openNotifier(o, func(target string) { handed(session, target); raise(&window) })
	defer endNotifier()
	config.Notifier = notifier
	config.SetMenu = setMenu(&window, func(command desktop.MenuCommand) { desktop.Choose(session, command) })
	session = desktop.NewSession(config)
	defer session.Close()
	desktop.Launch(session, o.Launch, o.LaunchProblem)
	ended := make(chan struct{}) // the window's main loop
	closeAll := func() { session.Close(); endNotifier(); keeper.close() }
	app := &options.App{
		Title:              "Opsdeck",
		SingleInstanceLock: singleInstance(o, session, &window),
		BackgroundColour:   options.NewRGB(0xf4, 0xf6, 0xf8),
		AssetServer:        &assetserver.Options{Handler: pages},
		Logger:             wailsLog{o.Log},
		LogLevel:           logger.WARNING,
		LogLevelProduction: logger.WARNING,
		ErrorFormatter:     func(err error) any { return desktop.WireText(err) },
		Linux:              &linux.Options{Icon: icon, ProgramName: "opsdeck", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Menu:               firstMenu(),
		// Elsewhere they come as arguments of another start.
		Mac: &mac.Options{
			OnFileOpen: func(path string) { handed(session, path) },
			OnUrlOpen:  func(link string) { handed(session, link) },
		},
		// The view has to take drops itself, or none arrive; the page keeps it from opening them.
		DragAndDrop: &options.DragAndDrop{EnableFileDrop: true},
		Bind:        bound(session),
		OnStartup: func(w context.Context) {
			window.Store(&w)
			context.AfterFunc(ctx, func() { end(w, ended, closeAll) })
			keeper.place(w)
			runtime.OnFileDrop(w, func(_, _ int, paths []string) { handed(session, paths...) })
			if o.OpenSandbox {
				session.StartSandbox()
			}
		},
		OnBeforeClose: func(w context.Context) bool { keeper.keep(w); return false },
		// The page is gone by now: what closing tells would only make WebKit complain on the terminal.
		OnShutdown: func(context.Context) { close(ended); window.Store(nil); session.Close() },
	}
	keeper.size(app)
	return wails.Run(app)
}

func themeProblems(problems []shell.Problem) []desktop.ThemeProblem {
	told := make([]desktop.ThemeProblem, 0, len(problems))
	for _, p := range problems {
		told = append(told, desktop.ThemeProblem{File: p.File, What: p.What, Cause: p.Cause.Error()})
	}
	return told
}

// opener opens environments for the window: it puts sandbox, connection and screens together.
type opener struct {
	options cli.WindowOptions
	store   *profile.Store // nil = there are no profiles
	signers signers.File
}

func (o opener) OpenSandbox(ctx context.Context, progress func(desktop.Progress)) (*desktop.Environment, error) {
	sandbox, err := cli.StartOrJoinSandbox(ctx, o.options.Sandbox, o.options.Log, func(step string, done, total int64) {
		progress(desktop.Progress{Step: step, Done: done, Total: total})
	})
	if err != nil {
		return nil, err
	}
	connection, err := connect.Open(ctx, sandbox.Profile, sandbox.Secrets, time.Now, o.options.Log)
	if err != nil {
		return nil, errors.Join(err, sandbox.Stop())
	}
	samples, keep := recording(sandbox.Profile.ID, connection, o.options.Log)
	return &desktop.Environment{
		ID: sandbox.Profile.ID, Name: sandbox.Profile.Name, Kind: string(sandbox.Profile.Kind), Console: connection.Console, Commands: connection.Commands,
		Color: string(sandbox.Profile.Color), Policy: operations.PolicyOf(string(sandbox.Profile.Kind)),
		Statements: connection.Statements,
		Record:     keep, Exporter: newExporter(connection, sandbox.Profile, samples, o.options.Version), Watch: watched(connection),
		Close: func() error { connection.Close(); return sandbox.Stop() },
	}, nil
}

// announce tells whoever started the program how far the window is. Scripts wait for these lines.
func announce(stage string) {
	switch stage {
	case "painted":
		fmt.Fprintln(os.Stderr, "opsdeck: window ready")
	case "live":
		fmt.Fprintln(os.Stderr, "opsdeck: cluster live")
	}
}
