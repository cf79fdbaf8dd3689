package cli

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// WindowOptions is what the command line decides about the window.
type WindowOptions struct {
	Version string
	Sandbox SandboxOptions
	// OpenSandbox starts the sandbox at once instead of waiting for the button.
	OpenSandbox bool
	// Theme is the folder of the organisation's theme; "" = none.
	Theme string
	Tick  time.Duration // pace of live screens; 0 = the usual one
	Log   *slog.Logger
}

// Window opens the window and returns when it has been closed or ctx ends.
type Window func(ctx context.Context, options WindowOptions) error

func addWindow(root *cobra.Command, version string, window Window) {
	options := WindowOptions{Version: version}
	root.Flags().BoolVar(&options.OpenSandbox, "sandbox", false, "start the sandbox and open it")
	root.Flags().DurationVar(&options.Tick, "tick", 0, "pace of live screens, for measurements")
	_ = root.Flags().MarkHidden("tick") // fails for an unknown flag only
	root.Flags().StringVar(&options.Theme, "theme", themeFolder(), "the folder of your organisation's theme; empty for none (OPSDECK_THEME)")
	addSandboxFlags(root.Flags(), &options.Sandbox)
	addAsFlag(root.Flags(), &options.Sandbox)
	root.RunE = func(cmd *cobra.Command, _ []string) error {
		options.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
		return window(cmd.Context(), options)
	}
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
