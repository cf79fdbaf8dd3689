package cli

import (
	"cmp"
	"context"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const databaseHelp = `
The database is named by --postgres-url-file, by OPSDECK_POSTGRES_URL, or by PGHOST, PGDATABASE, PGUSER and the other
variables that psql reads.`

// gateCommand is a subcommand that talks to one database as its administrator.
func gateCommand(c *cobra.Command, run func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, args []string) error) *cobra.Command {
	var urlFile string
	c.Flags().StringVar(&urlFile, "postgres-url-file", "", "file with the database's URL")
	c.Long = strings.TrimSpace(cmp.Or(c.Long, c.Short+".") + "\n" + databaseHelp)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		conn, err := connectAdministrator(cmd.Context(), urlFile)
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(cmd.Context()))
		return run(cmd.Context(), cmd, conn, args)
	}
	return c
}

func connectAdministrator(ctx context.Context, urlFile string) (*pgx.Conn, error) {
	url, err := databaseURL(urlFile)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(url)
	if err != nil { // the cause may quote the address with its password
		return nil, scheduler.Errorf(scheduler.Invalid, "gate.bad_url",
			"the database's address can't be read: write postgres://user:password@host:port/database")
	}
	config.RuntimeParams["application_name"] = "opsctl"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Unavailable, "gate.unreachable", "PostgreSQL at %s does not let %s into %s: %v",
			config.Host, config.User, config.Database, reasonOf(err)).Because(err)
	}
	return conn, nil
}

// databaseURL is the address in a file or in the environment; "" leaves it to PGHOST and the like.
func databaseURL(urlFile string) (string, error) {
	if urlFile == "" {
		return os.Getenv("OPSDECK_POSTGRES_URL"), nil
	}
	text, err := os.ReadFile(urlFile)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "gate.no_address_file", "the file %s with the database's address can't be read", urlFile).Because(err)
	}
	return strings.TrimSpace(string(text)), nil
}

// reasonOf is the last part of a driver's error: the others repeat the address.
func reasonOf(err error) string {
	text := err.Error()
	return strings.TrimSpace(text[strings.LastIndex(text, "\n")+1:])
}
