package cli

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// recordOptions is what the command line decides about a recorder.
type recordOptions struct {
	record.Options
	profile, name, postgresURLFile, redisURLFile, logFormat string
}

func recordCommand() *cobra.Command {
	var o recordOptions
	c := &cobra.Command{
		Use: "record", Args: cobra.NoArgs, Short: "Record samples of a cluster until interrupted",
		Long: `Look at a cluster again and again and keep what has changed: who leads, which workers there are, how jobs are defined. Exports
take these samples along, so that an archive can show any moment of them. Any login that may look is enough. The file is bounded
in age and size, and one program writes it at a time.

The servers are those of a profile (--profile), or named by --postgres-url-file and --redis-url-file, or by OPSDECK_POSTGRES_URL
and OPSDECK_REDIS_URL.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	f := c.Flags()
	f.StringVar(&o.profile, "profile", "", "id or name of a profile")
	f.StringVar(&o.name, "name", "", "what the environment is called; an export of the profile with this id finds the samples")
	f.StringVar(&o.Path, "file", "", "file to write (default one of that name in the user's data folder)")
	f.StringVar(&o.postgresURLFile, "postgres-url-file", "", "file with the database's URL")
	f.StringVar(&o.redisURLFile, "redis-url-file", "", "file with the Redis URL")
	f.DurationVar(&o.Every, "every", record.DefaultEvery, "time between two looks at workers and leader")
	f.DurationVar(&o.JobsEvery, "jobs-every", record.DefaultJobsEvery, "time between two looks at the definitions")
	f.DurationVar(&o.MaxAge, "max-age", record.DefaultMaxAge, "drop samples that are older")
	f.Int64Var(&o.MaxBytes, "max-bytes", record.DefaultMaxBytes, "drop the oldest samples when the file is larger")
	f.StringVar(&o.logFormat, "log-format", "text", "text or json, on standard error")
	return c
}

func (o *recordOptions) run(cmd *cobra.Command) (err error) {
	if o.Log, err = newLog(cmd.ErrOrStderr(), o.logFormat); err != nil {
		return err
	}
	p, secrets, err := o.environment(cmd)
	if err != nil {
		return err
	}
	connection, err := connect.Open(cmd.Context(), p, secrets, time.Now, o.Log)
	if err != nil {
		return err
	}
	defer connection.Close()
	host, _ := os.Hostname() // "" is as good a note as any
	o.Origin = "opsctl record on " + host
	return keepRecord(cmd.Context(), o.Options, record.Source{Fleet: connection.Fleet, Jobs: connection.Jobs})
}

// environment gives what is recorded, and sets the file where none was named.
func (o *recordOptions) environment(cmd *cobra.Command) (profile.Profile, profile.Secrets, error) {
	if o.profile == "" && o.Path == "" {
		if o.name == "" {
			return profile.Profile{}, profile.Secrets{}, scheduler.Errorf(scheduler.Invalid, "record.no_name",
				"name a profile with --profile, the environment with --name, or the file with --file")
		}
		path, err := record.PathOf(o.name)
		if err != nil {
			return profile.Profile{}, profile.Secrets{}, err
		}
		o.Path = path
	}
	if o.profile == "" {
		return o.servers()
	}
	access, err := openAccess(cmd.Context(), cmd, o.profile)
	if err != nil || o.Path != "" {
		return access.Profile, access.Secrets, err
	}
	o.Path, err = record.PathOf(access.Profile.ID)
	return access.Profile, access.Secrets, err
}

// keepRecord records until ctx ends.
func keepRecord(ctx context.Context, options record.Options, source record.Source) error {
	recorder, err := record.Open(ctx, options)
	if err != nil {
		return err
	}
	return errors.Join(recorder.Run(ctx, source), recorder.Close())
}

// servers reads the addresses, which no command line shows.
func (o *recordOptions) servers() (p profile.Profile, s profile.Secrets, err error) {
	p = profile.Profile{ID: "record", Name: "record", Kind: profile.Production, Workers: profile.Workers{Mode: profile.NoCalls}}
	text, err := addressFrom(o.postgresURLFile, "OPSDECK_POSTGRES_URL")
	if err != nil {
		return p, s, err
	}
	if p.Postgres, s.PostgresPassword, err = profile.ParsePostgresURL(text); err != nil {
		return p, s, err
	}
	if text, err = addressFrom(o.redisURLFile, "OPSDECK_REDIS_URL"); err != nil {
		return p, s, err
	}
	p.Redis, s.RedisPassword, err = profile.ParseRedisURL(text)
	return p, s, err
}

// addressFrom reads a URL from a file, or from the environment.
func addressFrom(file, variable string) (string, error) {
	if file == "" {
		if url := os.Getenv(variable); url != "" {
			return url, nil
		}
		return "", scheduler.Errorf(scheduler.Invalid, "record.no_address", "an address is missing: name a file with it, or set %s", variable)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "record.no_address", "the file %s with an address can't be read", file).Because(err)
	}
	return strings.TrimSpace(string(text)), nil
}
