package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/sandbox"
)

// SandboxOptions is what the command line decides about the sandbox.
type SandboxOptions struct {
	Dir         string
	HistoryRuns int
	As          string // whom the console is there; see sandbox.ParseRole
}

func addSandboxFlags(flags *pflag.FlagSet, o *SandboxOptions) {
	flags.StringVar(&o.Dir, "sandbox-dir", sandbox.DefaultDir(), "folder that the sandbox keeps its data in")
	flags.IntVar(&o.HistoryRuns, "sandbox-history", sandbox.DefaultHistoryRuns, "runs of history that a new sandbox starts with")
}

// SandboxHandle is a sandbox that runs, here or in another process.
type SandboxHandle struct {
	profile.Access
	// Stop ends the sandbox if this process started it.
	Stop func() error
}

// addAsFlag lets a console be somebody else; it is for the window alone.
func addAsFlag(flags *pflag.FlagSet, o *SandboxOptions) {
	flags.StringVar(&o.As, "as", cmp.Or(os.Getenv("OPSDECK_SANDBOX_AS"), string(sandbox.Admin)),
		"whom the window is in the sandbox: viewer, operator or admin (or OPSDECK_SANDBOX_AS)")
}

// StartOrJoinSandbox joins the sandbox that runs in the folder, or starts it.
func StartOrJoinSandbox(ctx context.Context, o SandboxOptions, log *slog.Logger, progress func(step string, done, total int64)) (SandboxHandle, error) {
	as, err := sandbox.ParseRole(o.As)
	if err != nil {
		return SandboxHandle{}, err
	}
	if access, err := sandbox.Attach(o.Dir, as); err == nil {
		return SandboxHandle{Access: access, Stop: func() error { return nil }}, nil
	}
	config, err := sandboxConfig(o, log)
	if err != nil {
		return SandboxHandle{}, err
	}
	config.Progress = func(p sandbox.Progress) { progress(p.Step, p.Done, p.Total) }
	s, err := sandbox.Start(ctx, config)
	if err != nil {
		return SandboxHandle{}, err
	}
	return SandboxHandle{Access: s.Access(as), Stop: s.Stop}, nil
}

// sandboxConfig lets the sandbox run its nodes and jobs with this very program.
func sandboxConfig(o SandboxOptions, log *slog.Logger) (sandbox.Config, error) {
	self, err := os.Executable()
	if err != nil {
		return sandbox.Config{}, fmt.Errorf("finding this program's own file: %w", err)
	}
	return sandbox.Config{
		Dir: o.Dir, HistoryRuns: o.HistoryRuns, Log: log, Now: time.Now,
		NodeCommand: []string{self, "node"}, JobCommand: []string{self, "sandbox-job", "{command}"},
	}, nil
}

func sandboxCommand() *cobra.Command {
	var options SandboxOptions
	command := &cobra.Command{
		Use:   "sandbox",
		Short: "Run a private cluster with demo jobs until interrupted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSandbox(cmd.Context(), options, cmd.OutOrStdout())
		},
	}
	addSandboxFlags(command.PersistentFlags(), &options)
	command.AddCommand(&cobra.Command{
		Use: "status", Short: "Say whether the sandbox runs, and list its workers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return sandboxStatus(cmd.Context(), options.Dir, cmd.OutOrStdout())
		},
	}, &cobra.Command{
		Use: "reset", Short: "Delete the sandbox's folder, so that the next start begins anew", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := sandbox.Reset(options.Dir); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The sandbox in %s is gone; the next start makes a new one.\n", options.Dir)
			return nil
		},
	})
	return command
}

func runSandbox(ctx context.Context, o SandboxOptions, out io.Writer) error {
	config, err := sandboxConfig(o, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	last := ""
	config.Progress = func(p sandbox.Progress) {
		if p.Step != last {
			last = p.Step
			fmt.Fprintf(out, "… %s\n", p.Step)
		}
	}
	s, err := sandbox.Start(ctx, config)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The sandbox is running in %s. Open it with “opsdeck --sandbox”; Ctrl+C ends it.\n", o.Dir)
	<-ctx.Done()
	fmt.Fprintln(out, "Stopping the sandbox…")
	return s.Stop()
}
