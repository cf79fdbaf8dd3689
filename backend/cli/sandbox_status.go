package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/sandbox"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// exitNotRunning is what init scripts use for a program that isn't running.
const exitNotRunning = exitCode(3)

// sandboxStatus lists the workers of the sandbox that runs in a folder, the leader with its epoch.
func sandboxStatus(ctx context.Context, dir string, out io.Writer) error {
	access, err := sandbox.Attach(dir, sandbox.Viewer)
	if err != nil {
		if scheduler.CodeOf(err) != scheduler.NotFound {
			return err
		}
		fmt.Fprintf(out, "The sandbox in %s is not running.\n", dir)
		return exitNotRunning
	}
	connection, err := connect.Open(ctx, access.Profile, access.Secrets, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer connection.Close()
	list, err := connection.Console.ListWorkers(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The sandbox in %s is running.\n\n", dir)
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "WORKER\tNODE\tROLE\tPID\tADDRESS\tRUN")
	for _, w := range list.Workers {
		role := string(w.Role)
		if w.Role == scheduler.Leader && list.Leadership.Epoch != nil {
			role = fmt.Sprintf("%s, epoch %d", role, *list.Leadership.Epoch)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", w.ID, w.NodeID, role, w.PID, w.Address, w.CurrentRun)
	}
	return table.Flush()
}
