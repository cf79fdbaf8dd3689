package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/node"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// nodeOptions is what the command line decides about a node.
type nodeOptions struct {
	config          node.Config
	postgresURLFile string
	redisURLFile    string
	configFile      string
	urls            map[string]string // that the configuration file holds
	template        string
	exitWithStdin   bool
	logFormat       string
}

func nodeCommand() *cobra.Command {
	var o nodeOptions
	command := &cobra.Command{
		Use:   "node",
		Short: "Run a scheduler node until interrupted",
		Long: "Run a scheduler node until interrupted.\n\n" +
			"Every flag may also be given by the environment, as " + node.EnvPrefix + "GRPC_HOST for --grpc-host, or in a TOML file\n" +
			"(--config) by its name: grpc-host = \"10.0.0.5\". A flag wins over the environment, and that over the file.\n" +
			"The file may also hold " + postgresURLKey + " and " + redisURLKey + ".\n\n" +
			"These settings of the cluster are obeyed while the node runs. They come from the table scheduler_settings,\n" +
			"else from the environment:\n\n" + node.DescribeSettings() + "\n" +
			"Its addresses, ports and certificates a node takes from how it was started: rows of SCHEDULER_REDIS_URL, _GRPC_*,\n" +
			"_TLS_* and _LOG_LOCAL_* are the Django application's. After a change of SCHEDULER_REDIS_URL there, give nodes the new\n" +
			"address and restart them too, or two clusters come to be.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	flags := command.Flags()
	command.PersistentFlags().StringVar(&o.configFile, "config", os.Getenv(node.EnvPrefix+"CONFIG"), "TOML file with any of these flags")
	flags.StringVar(&o.config.ID, "id", "", "worker id, never used twice at once (default random)")
	flags.StringVar(&o.config.NodeID, "node-id", "", "node id; workers of one node share a SubLeader (default host name)")
	flags.StringVar(&o.config.GRPCHost, "grpc-host", "127.0.0.1", "address to listen on, and by which others call this node")
	flags.IntVar(&o.config.GRPCPortStart, "grpc-port-start", node.DefaultGRPCPortStart, "first port to try")
	flags.IntVar(&o.config.GRPCPortEnd, "grpc-port-end", node.DefaultGRPCPortEnd, "last port to try")
	flags.StringVar(&o.config.TLSCert, "tls-cert", "", "certificate (PEM) that this node shows; without it the node speaks plaintext")
	flags.StringVar(&o.config.TLSKey, "tls-key", "", "the certificate's key (PEM)")
	flags.StringVar(&o.config.TLSCA, "tls-ca", "", "certificates (PEM) that vouch for others (default the node's own)")
	flags.StringVar(&o.config.PeerAuth, "peer-auth", "shared",
		"shared: every trusted certificate may call everything; spiffe: rights by the URI in the caller's certificate")
	flags.DurationVar(&o.config.StopGrace, "stop-grace", node.DefaultStopGrace, "how long a stopping node waits for the run it has in hand")
	flags.StringVar(&o.template, "command-template", "", `argv of every run as a JSON array, such as ["python","manage.py","{command}"]`)
	flags.BoolVar(&o.exitWithStdin, "exit-with-stdin", false, "stop when standard input ends: for programs that start nodes")
	flags.StringVar(&o.logFormat, "log-format", "text", "text or json, on standard error")
	flags.StringVar(&o.config.MetricsAddr, "metrics-addr", "", "host:port to serve /metrics, /livez, /readyz and /health at (default nowhere)")
	flags.Int64Var(&o.config.MaxLogBytes, "max-log-bytes", node.DefaultMaxLogBytes, "how much of a run's output is kept, beside its end")
	flags.DurationVar(&o.config.KillAfter, "kill-after", node.DefaultKillAfter, "how long a command has between TERM and KILL")
	command.PersistentFlags().StringVar(&o.postgresURLFile, "postgres-url-file", "",
		"file with the PostgreSQL URL of the scheduler's login (or "+node.EnvPrefix+"POSTGRES_URL)")
	flags.StringVar(&o.redisURLFile, "redis-url-file", "", "file with the Redis URL: redis://, redis+sentinel:// or redis+cluster:// (or "+node.EnvPrefix+"REDIS_URL)")
	command.AddCommand(&cobra.Command{
		Use:   "migrate",
		Short: "Make or update the nodes' own schema, opsdeck_node",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return o.migrate(cmd) },
	})
	return command
}

// runShimCommand is started by nodes, between themselves and a run's command.
func runShimCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run-shim", Hidden: true, DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, argv []string) error { return exitCode(node.RunShim(argv)) },
	}
}

func (o *nodeOptions) run(cmd *cobra.Command) (err error) {
	if o.urls, err = completeFlags(cmd.Flags(), o.configFile); err != nil {
		return err
	}
	config := o.config
	if config.Log, err = newLog(cmd.ErrOrStderr(), o.logFormat); err != nil {
		return err
	}
	if config.PostgresURL, err = o.address(o.postgresURLFile, postgresURLKey); err != nil {
		return err
	}
	if config.RedisURL, err = o.address(o.redisURLFile, redisURLKey); err != nil {
		return err
	}
	if o.template != "" {
		if err := json.Unmarshal([]byte(o.template), &config.CommandTemplate); err != nil {
			return scheduler.Errorf(scheduler.Invalid, "node.bad_template",
				"--command-template must be a JSON array of texts").Because(err)
		}
	}
	config.Now = time.Now
	n, err := node.New(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	if o.exitWithStdin {
		// Ends with standard input, at the latest with the process: a read can't be interrupted.
		go func() {
			_, _ = io.Copy(io.Discard, cmd.InOrStdin())
			cancel()
		}()
	}
	return n.Run(ctx)
}

func (o *nodeOptions) migrate(cmd *cobra.Command) (err error) {
	// The file is the nodes' own and may hold what this command has no flag for.
	if _, o.urls, err = readConfig(o.configFile); err != nil {
		return err
	}
	url, err := o.address(o.postgresURLFile, postgresURLKey)
	if err != nil {
		return err
	}
	pool, err := pgxpool.New(cmd.Context(), url)
	if err != nil { // the cause may quote the address with its password
		return scheduler.Errorf(scheduler.Invalid, "postgres.bad_url",
			"the PostgreSQL address can't be read: write postgres://user:password@host:port/database")
	}
	defer pool.Close()
	if err := node.Migrate(cmd.Context(), pool); err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "The schema opsdeck_node is up to date.")
	return err
}

// address reads a URL from a file of its own, the environment or the configuration file: on a command line every user
// of the machine could read its password.
func (o *nodeOptions) address(file, key string) (string, error) {
	if file == "" {
		if url := os.Getenv(variable(key)); url != "" {
			return url, nil
		}
		return o.urls[key], nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "node.no_address_file",
			"the file %s with an address can't be read", file).With("file", file).Because(err)
	}
	return strings.TrimSpace(string(text)), nil
}

func newLog(w io.Writer, format string) (*slog.Logger, error) {
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	}
	return nil, scheduler.Errorf(scheduler.Invalid, "node.bad_log_format", "--log-format must be text or json, not %q", format)
}
