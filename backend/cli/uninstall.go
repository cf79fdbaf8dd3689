package cli

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func uninstallCommand() *cobra.Command {
	var auditOwner, yes bool
	c := &cobra.Command{
		Use: "uninstall", Args: cobra.NoArgs, Short: "Remove the gate, or give the audit table back for a migration",
		Long: `Remove the gate: its roles and rights, the schema opsdeck with the chain of the audit and the list of operators, what --harden
and --indexes did. Audit rows, operators' logins, and Django permissions that somebody has been given, stay.

With --audit-owner only the audit table goes back to the schedulers' login, so that Django can migrate it; “opsctl install”
takes it again and chains what was written meanwhile.`,
	}
	c.Flags().BoolVar(&auditOwner, "audit-owner", false, "only give the audit table back")
	c.Flags().BoolVar(&yes, "yes", false, "yes, remove the chain and the list of operators")
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
		if auditOwner {
			if err := gate.ReturnAuditTable(ctx, conn, gate.Options{}); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "The audit table is the schedulers' again, without the chain, and until “opsctl install” runs after the migration the window has no masked lists.")
			return nil
		}
		if !yes {
			return scheduler.Errorf(scheduler.Invalid, "gate.not_confirmed",
				"this removes the audit's chain and the list of operators for good: say --yes, or --audit-owner if a migration is all you need")
		}
		if err := gate.Uninstall(ctx, conn, gate.Options{}); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), "The gate is removed. The console now only reads this database.")
		return nil
	})
}
