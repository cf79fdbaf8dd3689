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
	c := &cobra.Command{
		Use: "load FILE", Args: cobra.ExactArgs(1), Short: "Put an archive's rows into an empty database, to ask them with SQL",
		Long: `Put an archive's rows into an empty database, in the scheduler's own tables. A database that has tables is refused. Exporting it again
gives the same digests.
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
				if err := restore.Load(cmd.Context(), pool, a); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d runs are loaded.\n", a.Facts().Rows["run"])
				return nil
			})
		},
	}
	c.Flags().StringVar(&urlFile, "postgres-url-file", "", "file with the database's URL")
	return c
}
