package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// WindowOptions is what the command line decides about the window.
type WindowOptions struct {
	Version string
	Sandbox SandboxOptions
	// OpenSandbox starts the sandbox at once instead of waiting for the button.
	OpenSandbox bool
	// Profile is the environment to open at once, by its id or name; "" = none.
	Profile string
	// Theme is the folder of the organisation's theme; "" = none.
	Theme string
	Tick  time.Duration // pace of live screens; 0 = the usual one
	Log   *slog.Logger
	// Launch is what to show first; nil = nothing special.
	Launch *launch.Request
	// LaunchProblem is what is wrong with a link that was followed. The window says it: whoever follows a link sees no terminal.
	LaunchProblem error
}

// Window opens the window and returns when it has been closed or ctx ends.
type Window func(ctx context.Context, options WindowOptions) error

func addWindow(root *cobra.Command, version string, window Window) {
	options := WindowOptions{Version: version}
	addWindowFlags(root.Flags(), &options)
	root.Use += " [link or archive]"
	root.Args = cobra.MaximumNArgs(1)
	root.RunE = func(cmd *cobra.Command, args []string) error {
		options.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
		if err := secrets.NoCoreDumps(); err != nil {
			return err
		}
		folder, err := os.Getwd()
		if err != nil {
			return err
		}
		if err := options.read(args, folder); err != nil {
			return err
		}
		return window(cmd.Context(), options)
	}
}

func addWindowFlags(flags *pflag.FlagSet, options *WindowOptions) {
	flags.BoolVar(&options.OpenSandbox, "sandbox", false, "start the sandbox and open it")
	flags.StringVar(&options.Profile, "profile", "", "open the environment of this profile, by its id or name")
	flags.DurationVar(&options.Tick, "tick", 0, "pace of live screens, for measurements")
	_ = flags.MarkHidden("tick") // fails for an unknown flag only
	flags.StringVar(&options.Theme, "theme", themeFolder(), "the folder of your organisation's theme; empty for none (OPSDECK_THEME)")
	addSandboxFlags(flags, &options.Sandbox)
	addAsFlag(flags, &options.Sandbox)
}

// read takes what stands beside the flags. A link that can't be followed is the window's to tell, anything else is a slip
// of the hand at a terminal.
func (o *WindowOptions) read(args []string, folder string) error {
	if len(args) == 0 {
		if o.Profile != "" {
			o.Launch = &launch.Request{Link: &launch.Link{Profile: o.Profile, Route: "/ops/"}}
		}
		return nil
	}
	request, err := launch.Read(args[0], folder)
	if e, ok := errors.AsType[*scheduler.Error](err); ok && e.Reason == launch.BadLink {
		o.LaunchProblem = err
		return nil
	}
	if err != nil {
		return err
	}
	o.Launch = &request
	return nil
}

// ReadWindow reads the arguments of another start of the program, which hands them to the window that is open already.
func ReadWindow(args []string, folder string) (WindowOptions, error) {
	var options WindowOptions
	flags := pflag.NewFlagSet("opsdeck", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	addWindowFlags(flags, &options)
	if err := flags.Parse(args); err != nil {
		return WindowOptions{}, err
	}
	return options, options.read(flags.Args(), folder)
}

// themeFolder is where a theme is looked for unless a flag says otherwise: OPSDECK_THEME, or the user's own if there is one.
func themeFolder() string {
	if folder, ok := os.LookupEnv("OPSDECK_THEME"); ok {
		return folder
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	folder := filepath.Join(config, "opsdeck", "theme")
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return ""
	}
	return folder
}
