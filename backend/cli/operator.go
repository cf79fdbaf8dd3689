package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func operatorCommand() *cobra.Command {
	c := &cobra.Command{Use: "operator", Short: "Say who may operate", Args: cobra.NoArgs}
	c.AddCommand(operatorAddCommand(), operatorListCommand(), operatorRevokeCommand())
	return c
}

func operatorAddCommand() *cobra.Command {
	var operator gate.NewOperator
	var passwordFile string
	var passwordStdin bool
	c := &cobra.Command{
		Use: "add LOGIN --user USERNAME --right RIGHT", Args: cobra.ExactArgs(1), Short: "Let a person operate, or change what they may",
		Long: `Map a login of PostgreSQL, one a person, to a Django user. What the person may do needs both: the right given here, and the
same right from Django, as a permission or through a group. The login is made if it does not exist. A password is turned
into SCRAM-SHA-256 here and never reaches the server; without one the login keeps the way it has, such as a certificate.`,
	}
	c.Flags().StringVar(&operator.Username, "user", "", "the Django user")
	c.Flags().StringVar(&operator.Right, "right", "", "view, operator or admin")
	c.Flags().StringVar(&passwordFile, "password-file", "", "file with the login's password")
	c.Flags().BoolVar(&passwordStdin, "password-stdin", false, "read the password from standard input")
	c.MarkFlagsMutuallyExclusive("password-file", "password-stdin")
	for _, name := range []string{"user", "right"} {
		_ = c.MarkFlagRequired(name) // fails for an unknown flag only
	}
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, args []string) (err error) {
		operator.Login = args[0]
		if !strings.HasPrefix(operator.Right, "ops_") {
			operator.Right = "ops_" + operator.Right
		}
		switch {
		case passwordStdin:
			operator.Password, err = firstLine(cmd.InOrStdin())
		case passwordFile != "":
			operator.Password, err = passwordIn(passwordFile)
		}
		if err != nil {
			return err
		}
		if err := gate.AddOperator(ctx, conn, operator); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s is now %s of the Django user %s.\n", operator.Login, operator.Right, operator.Username)
		return nil
	})
}

func passwordIn(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "gate.no_password", "the file %s with the password can't be read", name).Because(err)
	}
	defer file.Close()
	return firstLine(file)
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", scheduler.Errorf(scheduler.Invalid, "gate.no_password", "there is no password in what was given")
	}
	return line, nil
}

func operatorListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Args: cobra.NoArgs, Short: "List who may operate, and whose mapping gives nothing"}
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
		list, err := gate.ListOperators(ctx, conn)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "LOGIN\tDJANGO USER\tRIGHT\tSINCE\tNOTE")
		for _, o := range list {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", o.Login, o.Username, o.Right, o.Since.UTC().Format("2006-01-02"), noteOn(o))
		}
		return table.Flush()
	})
}

// noteOn says why a mapping gives nothing.
func noteOn(o gate.OperatorState) string {
	switch {
	case !o.Known:
		return "Django has no such user"
	case !o.Active:
		return "the Django user is inactive"
	case !o.CanLogin:
		return "the login is gone or may not log in"
	case o.Right == "":
		return "the login has no role of the gate"
	}
	return ""
}

func operatorRevokeCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "revoke LOGIN", Args: cobra.ExactArgs(1), Short: "Stop somebody from operating and looking",
		Long: "End a mapping and take the gate's roles from the login. Sessions that are open are refused from their next question on. The login\nitself stays, for DROP ROLE.",
	}
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, args []string) error {
		if err := gate.RevokeOperator(ctx, conn, args[0]); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s may no longer operate or look.\n", args[0])
		return nil
	})
}
