package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/export/lists"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

func exportCommand(version string) *cobra.Command {
	var e exportFlags
	c := &cobra.Command{
		Use: "export FILE", Args: cobra.ExactArgs(1), Short: "Write history into a file: an archive, CSV, NDJSON or Parquet",
		Long: `Write the runs that match into a file. Its name decides the format: .opsdeck is an archive, which the console opens
without any server, with everything that belongs to the runs; .csv, .ndjson and .parquet are the list of runs alone.

With --profile the servers and secrets are the profile's, which asks as it always does; OPSDECK_PASSPHRASE_FILE may name a file that holds
its passphrase. An archive then takes along the samples that the window or “opsctl record” has kept of it on this machine; --samples names
a file of them. “opsctl archive info” tells what of them is in.
With --incident an archive also takes the runs that were in somebody's hand within the window but were made before it.
An export that was interrupted goes on where it stopped when it is started again with the same choices, so with times and not with how
long ago; what there is of it is in FILE.partial. Secrets are masked; --mask hides more.
` + databaseHelp,
		Example: `  opsctl export --profile production --incident --from 2026-11-20T02:00+09:00 --before 2026-11-20T06:00+09:00 night.opsdeck
  opsctl export --state FAILED --state TIMED_OUT --from 168h failures.parquet`,
	}
	e.add(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		path, err := filepath.Abs(args[0])
		if err != nil {
			return err
		}
		filter, err := e.filter(time.Now())
		if err != nil {
			return err
		}
		source, done, place, err := e.open(cmd.Context(), cmd)
		if err != nil {
			return err
		}
		defer done()
		o := write.Options{
			Path: path, Replace: e.replace, Kind: write.RunsKind, Title: e.title, Filter: filter, Reach: e.incident, Logs: !e.noLogs, LogIndex: !e.noIndex, Masks: e.masks,
			Program: "opsctl " + version, Profile: place.name, ProfileID: place.id, Stage: place.stage, TimeZone: time.Local.String(),
		}
		o.Account, o.Host = whoAndWhere()
		if e.incident {
			o.Kind = write.IncidentKind
		}
		for _, text := range e.notes {
			o.Notes = append(o.Notes, history.Note{At: time.Now(), Author: o.Account, Text: text})
		}
		tell := teller(cmd.ErrOrStderr())
		if e.sign {
			if o.Signer, err = signerOf(cmd.Context(), o.Account+"@"+o.Host, true); err != nil {
				return err
			}
		}
		if lists.Known(path) {
			return lists.Runs(cmd.Context(), source, lists.Options{Path: path, Replace: e.replace, Filter: filter}, goOn, func(p lists.Progress) {
				tell(write.Progress{Phase: write.Reading, Part: "run", Runs: p.Runs, Rows: p.Runs, At: p.At, From: p.From, To: p.To})
			})
		}
		if err := write.Export(cmd.Context(), source, o, goOn, tell); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s is complete.\n", path)
		return nil
	}
	return c
}

func goOn(context.Context) error { return nil }

// teller prints how far an export is, twice a second at most.
func teller(out io.Writer) func(write.Progress) {
	var last time.Time
	return func(p write.Progress) {
		if time.Since(last) < 500*time.Millisecond {
			return
		}
		last = time.Now()
		if p.Phase == write.Finishing {
			fmt.Fprintf(out, "finishing: step %d of %d\n", p.Step+1, p.Steps)
			return
		}
		share := ""
		if whole := p.To.Sub(p.From); whole > 0 && p.At.After(p.From) {
			share = fmt.Sprintf(", %d %%", int64(100*p.At.Sub(p.From)/whole))
		}
		fmt.Fprintf(out, "reading %s: %d runs, %d rows%s\n", p.Part, p.Runs, p.Rows, share)
	}
}

func whoAndWhere() (account, host string) {
	host, _ = os.Hostname() // "" is as good a note as any
	if u, err := user.Current(); err == nil {
		account = u.Username
	}
	return account, host
}

// signerOf signs with the operator's key from the keyring.
func signerOf(ctx context.Context, name string, create bool) (write.Signer, error) {
	key, err := secrets.SigningKey(ctx, create)
	if err != nil {
		return nil, err
	}
	return write.WithKey(key, name), nil
}

// place is where an export reads from, as the operator calls it.
type place struct{ id, name, stage string }

// quiet is the log of commands that say what there is to say themselves.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func badTime(text string) error {
	return scheduler.Errorf(scheduler.Invalid, "export.bad_time",
		"%q is no time: write 2026-11-20T02:00:00+09:00, 2026-11-20, or how long ago, such as 36h", text).With("time", text)
}
