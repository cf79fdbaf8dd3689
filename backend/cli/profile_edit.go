package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// field is a flag that changes a profile. What lies in a file is given by the file's name.
type field struct {
	name, usage string
	set         func(p *profile.Profile, value string) error
	ofFile      bool
}

// text makes the setter of a field that takes any text; Validate judges it.
func text[T ~string](at func(*profile.Profile) *T) func(*profile.Profile, string) error {
	return func(p *profile.Profile, value string) error { *at(p) = T(value); return nil }
}

func list(at func(*profile.Profile) *[]string) func(*profile.Profile, string) error {
	return func(p *profile.Profile, value string) error { *at(p) = strings.Split(value, ","); return nil }
}

// fields are the flags of add and edit. What they leave out is edited as text.
var fields = []field{
	{"name", "the name that people see", text(func(p *profile.Profile) *string { return &p.Name }), false},
	{"kind", "sandbox, development, staging or production", text(func(p *profile.Profile) *profile.Kind { return &p.Kind }), false},
	{"color", "slate, blue, teal, green, yellow, orange, pink, purple or red", text(func(p *profile.Profile) *profile.Color { return &p.Color }), false},
	{"postgres", "postgres://user@host:5432/database?sslmode=verify-full, without a password", setPostgres, false},
	{"postgres-ca", "file with the certificates that PostgreSQL's is signed by", text(func(p *profile.Profile) *string { return &p.Postgres.ServerCA }), true},
	{"postgres-certificate", "file with our certificate for PostgreSQL", text(func(p *profile.Profile) *string { return &p.Postgres.ClientCertificate }), true},
	{"postgres-replicas", "host:port of read replicas, with commas", list(func(p *profile.Profile) *[]string { return &p.Postgres.Replicas }), false},
	{"redis", "redis://user@host:6379/0, or rediss:// for TLS, without a password", setRedis, false},
	{"redis-mode", "single, sentinel or cluster", text(func(p *profile.Profile) *profile.RedisMode { return &p.Redis.Mode }), false},
	{"redis-addresses", "host:port of all Sentinels or Cluster nodes, with commas", list(func(p *profile.Profile) *[]string { return &p.Redis.Addresses }), false},
	{"redis-master", "the name of the master that Sentinels watch", text(func(p *profile.Profile) *string { return &p.Redis.MasterName }), false},
	{"redis-ca", "file with the certificates that Redis' is signed by", text(func(p *profile.Profile) *string { return &p.Redis.ServerCA }), true},
	{"redis-certificate", "file with our certificate for Redis", text(func(p *profile.Profile) *string { return &p.Redis.ClientCertificate }), true},
	{"workers", "none, plaintext or mtls", text(func(p *profile.Profile) *profile.WorkerMode { return &p.Workers.Mode }), false},
	{"worker-certificate", "file with our certificate for workers", text(func(p *profile.Profile) *string { return &p.Workers.Certificate }), true},
	{"worker-trust", "file with the CA of workers, or the certificate that they share", text(func(p *profile.Profile) *string { return &p.Workers.Trust }), true},
	{"reach", "direct, ssh or socks5", text(func(p *profile.Profile) *profile.ReachKind { return &p.Reach.Kind }), false},
	{"reach-address", "host:port of the jump host or proxy", text(func(p *profile.Profile) *string { return &p.Reach.Address }), false},
	{"reach-user", "the user at the jump host or proxy", text(func(p *profile.Profile) *string { return &p.Reach.User }), false},
	{"ssh-auth", "agent or key", text(func(p *profile.Profile) *profile.SSHAuth { return &p.Reach.Auth }), false},
	{"known-hosts", "file with the jump host's lines of known_hosts", text(func(p *profile.Profile) *string { return &p.Reach.KnownHosts }), true},
	{"secrets-from", "keyring, passphrase, ask or command", text(func(p *profile.Profile) *profile.SecretsKind { return &p.SecretsFrom.Kind }), false},
}

func setPostgres(p *profile.Profile, value string) error {
	read, password, err := profile.ParsePostgresURL(value)
	if err == nil && password != "" {
		err = noPasswords()
	}
	if err != nil {
		return err
	}
	read.ServerCA, read.ClientCertificate, read.Replicas = p.Postgres.ServerCA, p.Postgres.ClientCertificate, p.Postgres.Replicas
	p.Postgres = read
	return nil
}

func setRedis(p *profile.Profile, value string) error {
	read, password, err := profile.ParseRedisURL(value)
	if err == nil && password != "" {
		err = noPasswords()
	}
	if err != nil {
		return err
	}
	read.ServerCA, read.ClientCertificate = p.Redis.ServerCA, p.Redis.ClientCertificate
	p.Redis = read
	return nil
}

func noPasswords() error {
	return scheduler.Errorf(scheduler.Invalid, "profile.password_in_arguments",
		"Every user of this machine can read a command line. Leave the password out, and give it to “profile set-secret”. Change it if it was a real one.")
}

// changes are what flags say about a profile.
type changes struct {
	flags   *pflag.FlagSet
	command []string
}

func (c *changes) addFlags(flags *pflag.FlagSet) {
	c.flags = flags
	for _, f := range fields {
		flags.String(f.name, "", f.usage)
	}
	flags.StringArrayVar(&c.command, "secrets-command", nil, "the program that prints secrets; again for each of its arguments")
}

// any tells whether a flag says something.
func (c *changes) any() bool {
	return c.command != nil || slices.ContainsFunc(fields, func(f field) bool { return c.flags.Changed(f.name) })
}

func (c *changes) apply(p *profile.Profile) error {
	for _, f := range fields {
		if !c.flags.Changed(f.name) {
			continue
		}
		value, err := c.flags.GetString(f.name)
		if err == nil && f.ofFile && value != "" {
			value, err = readText(value)
		}
		if err == nil {
			err = f.set(p, value)
		}
		if err != nil {
			return err
		}
	}
	if c.command != nil {
		p.SecretsFrom = profile.SecretsFrom{Kind: profile.FromCommand, Command: c.command}
	}
	return nil
}

func readText(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "profile.no_file", "the file %s can't be read", path).Because(err)
	}
	return string(b), nil
}

func profileAddCommand() *cobra.Command {
	var change changes
	c := &cobra.Command{
		Use: "add NAME --kind KIND --postgres URL --redis URL", Args: cobra.ExactArgs(1), Short: "Make a profile",
		Long: `Make a profile. Secrets are not given here but to “profile set-secret”, where no command line shows them. Their source is the
system's keyring unless --secrets-from says otherwise.`,
	}
	change.addFlags(c.Flags())
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		p := profile.Profile{ID: s.FreeID(args[0]), Name: args[0], SecretsFrom: profile.SecretsFrom{Kind: profile.FromKeyring}}
		if err := change.apply(&p); err != nil {
			return err
		}
		if _, err := v.Save(ctx, p, "", secrets.Change{}); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "The profile %s has the id %s. It may need these secrets: %s\n", p.Name, p.ID, namesOf(p.Normal().Wanted()))
		return nil
	})
}

func profileEditCommand() *cobra.Command {
	var change changes
	var forget bool
	c := &cobra.Command{
		Use: "edit NAME", Args: cobra.ExactArgs(1), Short: "Change a profile: by flags, or as text in your editor",
		Long: `Change a profile. Without flags its text is opened in $VISUAL or $EDITOR. Secrets that would go to other servers than they were
entered for are dropped, and named. With --secrets-from they move between the keyring and a passphrase.`,
	}
	change.addFlags(c.Flags())
	c.Flags().BoolVar(&forget, "forget-secrets", false, "drop all secrets that are kept, unopened")
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		p, base, err := s.Find(args[0])
		if err != nil {
			return err
		}
		id := p.ID
		if change.any() || forget {
			err = change.apply(&p)
		} else {
			p, err = editText(ctx, cmd, p)
		}
		if err != nil {
			return err
		}
		p.ID = id
		given := secrets.Change{Forget: forget}
		if !forget {
			if given.Passphrase, given.NewPassphrase, err = passphrasesToMove(cmd, v, p); err != nil {
				return err
			}
		}
		saved, err := v.Save(ctx, p, base, given)
		if err != nil {
			return err
		}
		told(cmd, "The profile is saved.", saved)
		return nil
	})
}

// told says what saving did.
func told(cmd *cobra.Command, done string, saved secrets.Saved) {
	fmt.Fprintln(cmd.OutOrStdout(), done)
	if len(saved.Dropped) > 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "Dropped, to be entered again: %s\n", namesOf(saved.Dropped))
	}
}

// editText lets the user's editor change a profile's text, in a file that only the user reads.
func editText(ctx context.Context, cmd *cobra.Command, p profile.Profile) (profile.Profile, error) {
	before, err := profile.Encode(p)
	if err != nil {
		return p, err
	}
	dir, err := os.MkdirTemp("", "opsdeck-edit-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, p.ID+".json")
	if err := os.WriteFile(file, before, 0o600); err != nil {
		return p, err
	}
	// An editor may come with arguments, as in “code --wait”.
	argv := append(strings.Fields(cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), "vi")), file)
	editor := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // it is the user's own choice
	editor.Stdin, editor.Stdout, editor.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	if err := editor.Run(); err != nil {
		return p, scheduler.Errorf(scheduler.Invalid, "profile.no_editor", "the editor %s failed: set EDITOR, or change single fields by flags", argv[0]).Because(err)
	}
	after, err := os.ReadFile(file)
	if err != nil {
		return p, err
	}
	if bytes.Equal(before, after) {
		return p, nil
	}
	return profile.Decode(after)
}
