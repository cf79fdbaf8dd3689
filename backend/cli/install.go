package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type installOptions struct {
	gate                   gate.Options
	groups                 []string
	print, harden, indexes bool
}

// What --redis prints users for. A Sentinel's servers take those of a single one.
const (
	redisSingle  = "single"
	redisCluster = "cluster"
)

func installCommand() *cobra.Command {
	var o installOptions
	c := &cobra.Command{
		Use: "install", Args: cobra.NoArgs, Short: "Install or update the gate in a scheduler's database",
		Long: `Install or update the gate: roles, the functions that are the only way for operators to write, masked views, and the audit
trail. It is done in short transactions while schedulers work; a step that finds the audit table in use waits without
holding up others. Repeating it changes nothing, but gives tables that have come since their rights.

It needs a superuser, or a login with CREATEROLE that is a member of the tables' owner and may make schemas. docs/gate.md says
what is made.`,
	}
	f := c.Flags()
	f.StringVar(&o.gate.Prefix, "prefix", "", "of the roles, which belong to the whole server (default the database's name)")
	f.StringVar(&o.gate.AppLabel, "app-label", "", "Django's app_label of the permissions ops_view, ops_operator, ops_admin (default opsdeck)")
	f.StringVar(&o.gate.SchedulerLogin, "scheduler-login", "", "login of the schedulers and Django (default the audit table's owner)")
	f.StringVar(&o.gate.Schema, "schema", "", "where the scheduler's tables are (default where the search path finds them)")
	f.StringArrayVar(&o.groups, "group", nil, "NAME=RIGHT: what a Django group gives, beside the Django scheduler's own groups; may be repeated")
	f.DurationVar(&o.gate.LockTimeout, "lock-timeout", 100*time.Millisecond, "how long others may have to wait behind the installer")
	f.DurationVar(&o.gate.LockWait, "lock-wait", time.Minute, "how long to go on trying for a table in use")
	f.BoolVar(&o.print, "print", false, "print the SQL for psql instead of running it; nothing is changed")
	f.BoolVar(&o.harden, "harden", false, "also take from PUBLIC what does harm with a login that only reads (needs a superuser)")
	f.BoolVar(&o.indexes, "indexes", false, "also make the optional indexes of long histories, CONCURRENTLY")
	var redis string
	f.StringVar(&redis, "redis", "", "print the Redis users for each right instead, of a Redis Cluster with --redis=cluster; needs no database")
	f.Lookup("redis").NoOptDefVal = redisSingle
	gateCommand(c, o.run)
	withDatabase := c.RunE
	c.RunE = func(cmd *cobra.Command, args []string) error {
		switch redis {
		case "":
			return withDatabase(cmd, args)
		case redisSingle:
			_, err := io.WriteString(cmd.OutOrStdout(), gate.RedisText())
			return err
		case redisCluster:
			_, err := io.WriteString(cmd.OutOrStdout(), gate.RedisClusterText())
			return err
		}
		return scheduler.Errorf(scheduler.Invalid, "gate.bad_option", "--redis=%s must be --redis, or --redis=cluster for a Redis Cluster", redis)
	}
	return c
}

func (o *installOptions) run(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
	out := cmd.OutOrStdout()
	if err := o.readGroups(); err != nil {
		return err
	}
	if o.print {
		text, err := gate.Print(ctx, conn, o.gate)
		if err != nil {
			return err
		}
		_, err = io.WriteString(out, text)
		return err
	}
	result, err := gate.Install(ctx, conn, o.gate)
	if err != nil {
		return err
	}
	switch result.From {
	case 0:
		fmt.Fprintf(out, "The gate is installed (version %d). Its roles are %s, %s and %s; “opsctl operator add” gives them to people.\n",
			result.To, result.Roles.View, result.Roles.Operator, result.Roles.Admin)
	case result.To:
		fmt.Fprintf(out, "The gate is up to date (version %d).\n", result.To)
	default:
		fmt.Fprintf(out, "The gate was updated from version %d to %d.\n", result.From, result.To)
	}
	if o.indexes {
		if err := gate.AddIndexes(ctx, conn); err != nil {
			return err
		}
		fmt.Fprintln(out, "The optional indexes are there.")
	}
	if o.harden {
		return harden(ctx, conn, out)
	}
	return nil
}

func (o *installOptions) readGroups() error {
	if o.groups == nil {
		return nil
	}
	o.gate.Groups = gate.DefaultGroups()
	for _, text := range o.groups {
		i := strings.LastIndexByte(text, '=')
		if i < 1 {
			return scheduler.Errorf(scheduler.Invalid, "gate.bad_option", "--group %q must be NAME=RIGHT, such as “Night shift=ops_operator”", text)
		}
		o.gate.Groups[text[:i]] = text[i+1:]
	}
	return nil
}

func harden(ctx context.Context, conn *pgx.Conn, out io.Writer) error {
	taken, left, err := gate.Harden(ctx, conn)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d rights were taken from PUBLIC.\n", len(taken))
	if len(left) > 0 {
		fmt.Fprintf(out, "This login may not take these %d, so a login that only reads keeps them:\n", len(left))
		for _, right := range left {
			fmt.Fprintf(out, "  %s\n", right)
		}
	}
	return nil
}
