package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/gate"
)

func pruneCommand() *cobra.Command {
	var days int
	c := &cobra.Command{
		Use: "prune", Args: cobra.NoArgs, Short: "Delete what the gate keeps of operations that ended long ago",
		Long: `Delete what the gate keeps of operations that ended long ago. The audit keeps every one of them: what goes is the gate's own
note, by which the same call gets the same answer once more. Operations that are open stay. Let cron run it.`,
	}
	c.Flags().IntVar(&days, "keep-days", 400, "how many days of operations to keep, 7 at least")
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
		pruned, err := gate.PruneOperations(ctx, conn, time.Duration(days)*24*time.Hour)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d operations deleted; the audit has them still.\n", pruned)
		return err
	})
}
