// Package cli is the command line: one file a subcommand. It never imports the window's library, so that opsctl
// builds without a desktop; the window is handed in as a function.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// NewOpsdeck is the desktop program: without a subcommand it opens the window.
func NewOpsdeck(version string, window Window) *cobra.Command {
	root := newRoot("opsdeck", "The operations console for leader/worker job schedulers", version)
	addWindow(root, version, window)
	return root
}

// NewOpsctl is the same command line for servers and CI, without a window.
func NewOpsctl(version string) *cobra.Command {
	return newRoot("opsctl", "Opsdeck's command line, without the window", version)
}

func newRoot(name, short, version string) *cobra.Command {
	root := &cobra.Command{
		Use: name, Short: short, Version: version, Args: cobra.NoArgs,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(nodeCommand(), runShimCommand(), sandboxCommand(), sandboxJobCommand(),
		installCommand(), uninstallCommand(), operatorCommand(), profileCommand(), sealCommand(), auditCommand(), pruneCommand())
	root.AddCommand(doctorCommand(), exportCommand(version), archiveCommand(), recordCommand())
	return root
}

// Run executes a command line until it ends, or is interrupted, and gives the exit code.
func Run(root *cobra.Command) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	fmt.Fprintln(os.Stderr, root.Name()+": "+sentence(err))
	return 1
}

// exitCode ends the program with a code and no message.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// sentence is what a person at a terminal reads: the message without its cause, which is in the log.
func sentence(err error) string {
	if problems, ok := errors.AsType[profile.Problems](err); ok {
		return problems.Error()
	}
	if e, ok := errors.AsType[*scheduler.Error](err); ok {
		return e.Message
	}
	return err.Error()
}
