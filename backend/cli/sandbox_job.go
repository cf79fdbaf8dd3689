package cli

import (
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/sandbox/demojob"
)

// sandboxJobCommand is what the sandbox's nodes run for each job. It exits with the job's own code.
func sandboxJobCommand() *cobra.Command {
	return &cobra.Command{
		Use: "sandbox-job COMMAND", Short: "Do the work of one of the sandbox's jobs", Hidden: true, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if code := demojob.Run(cmd.Context(), args[0], args[1:], cmd.OutOrStdout(), cmd.ErrOrStderr()); code != 0 {
				return exitCode(code)
			}
			return nil
		},
	}
}
