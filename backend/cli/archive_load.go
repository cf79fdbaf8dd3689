package cli

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/restore"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func archiveLoadCommand() *cobra.Command {
	var urlFile string
	var changed bool
	c := &cobra.Command{
		Use: "load FILE", Args: cobra.ExactArgs(1), Short: "Put an archive's rows into an empty database, to ask them with SQL",
		Long: `Put an archive's rows into an empty database, in the scheduler's own tables. A database that has tables is refused. Exporting it again
gives the same digests. An archive that is not what was written is refused too, after it was checked; --despite-changes loads it all the
same, for whoever wants to see what was changed.
` + databaseHelp,
		RunE: func(cmd *cobra.Command, args []string) error {
			url, err := databaseURL(urlFile)
			if err != nil {
				return err
			}
			pool, err := pgxpool.New(cmd.Context(), url)
			if err != nil { // the cause may quote the address with its password
				return scheduler.Errorf(scheduler.Invalid, "gate.bad_url", "the database's address can't be read: write postgres://user:password@host:port/database")
			}
			defer pool.Close()
			return openArchive(cmd.Context(), args[0], func(a *archive.Archive) error {
				if !changed {
					if err := intact(cmd, a); err != nil {
						return err
					}
				}
				if err := restore.Load(cmd.Context(), pool, a); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d runs are loaded.\n", a.Facts().Rows["run"])
				return nil
			})
		},
	}
	c.Flags().BoolVar(&changed, "despite-changes", false, "load an archive that is not what was written, without checking it")
	c.Flags().StringVar(&urlFile, "postgres-url-file", "", "file with the database's URL")
	return c
}

// intact checks an archive before it is believed, and tells what is wrong with one that is not as it was written.
func intact(cmd *cobra.Command, a *archive.Archive) error {
	v, err := a.Verify(cmd.Context(), func(int64, int64) {})
	if err != nil {
		return err
	}
	if v.Intact {
		return nil
	}
	tellChanges(cmd.OutOrStdout(), v)
	fmt.Fprintln(cmd.OutOrStdout(), "It is not loaded. Fetch the archive again from where it was made, or load it with --despite-changes to look at it.")
	return exitCode(1)
}
