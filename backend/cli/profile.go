package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

func profileCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "profile", Short: "Keep the environments that Opsdeck opens", Args: cobra.NoArgs,
		Long: `A profile says where the servers of one environment are and how careful to be there. Profiles lie in the user's own
configuration folder, or where OPSDECK_CONFIG_DIR says, and hold no secret; passwords and private keys are kept apart, sealed.
The window uses the same profiles.`,
	}
	c.AddCommand(profileListCommand(), profileShowCommand(), profileAddCommand(), profileEditCommand(), profileRemoveCommand(),
		profileImportCommand(), profileExportCommand(), profileSetSecretCommand(), profileRotateCommand())
	return c
}

// profileRun is what a subcommand does with the profiles.
type profileRun func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error

// overProfiles lets a subcommand work on the user's profiles. A crash leaves no memory behind, which may hold secrets.
func overProfiles(c *cobra.Command, run profileRun) *cobra.Command {
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := secrets.NoCoreDumps(); err != nil {
			return err
		}
		store, err := openStore()
		if err != nil {
			return err
		}
		return run(cmd.Context(), cmd, store, secrets.New(store), args)
	}
	return c
}

func openStore() (*profile.Store, error) {
	dir, err := profile.DefaultDir()
	if err != nil {
		return nil, err
	}
	return profile.OpenStore(dir)
}

func profileListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List the profiles, the one that was opened last first", Args: cobra.NoArgs}
	return overProfiles(c, func(_ context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, _ []string) error {
		entries, err := s.List()
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 3, ' ', 0)
		fmt.Fprintln(table, "NAME\tID\tKIND\tPOSTGRESQL\tSECRETS\tLAST OPENED")
		for _, e := range entries {
			if e.Err != nil {
				fmt.Fprintf(table, "-\t%s\t%s\n", e.ID, sentence(e.Err))
				continue
			}
			opened := "never"
			if !e.Local.LastOpened.IsZero() {
				opened = e.Local.LastOpened.Local().Format("2006-01-02 15:04")
			}
			fmt.Fprintf(table, "%s\t%s\t%s\t%s/%s\t%s\t%s\n", e.Profile.Name, e.ID, e.Profile.Kind,
				strings.Join(e.Profile.Postgres.Hosts, ","), e.Profile.Postgres.Database, keptSecrets(v, e.Profile), opened)
		}
		return table.Flush()
	})
}

// keptSecrets says where the secrets of a profile come from, and how many of them are kept.
func keptSecrets(v *secrets.Vault, p profile.Profile) string {
	if p.SecretsFrom.Kind != profile.FromKeyring && p.SecretsFrom.Kind != profile.FromPassphrase {
		return string(p.SecretsFrom.Kind)
	}
	names, _, err := v.Kept(p.ID)
	if err != nil {
		return string(p.SecretsFrom.Kind) + ", damaged"
	}
	return fmt.Sprintf("%s, %d", p.SecretsFrom.Kind, len(names))
}

func profileShowCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "show NAME", Args: cobra.ExactArgs(1), Short: "Print a profile, and the names of its secrets",
		Long: "Print a profile as its file has it, and, on standard error, the names of the secrets that it may need and which of them are kept.",
	}
	return overProfiles(c, func(_ context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		p, _, err := s.Find(args[0])
		if err != nil {
			return err
		}
		text, err := profile.Encode(p)
		if err != nil {
			return err
		}
		if _, err := cmd.OutOrStdout().Write(text); err != nil {
			return err
		}
		kept, _, err := v.Kept(p.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "May need: %s\nKept: %s\n", namesOf(p.Wanted()), namesOf(kept))
		return nil
	})
}

func namesOf(names []profile.SecretName) string {
	var texts []string
	for _, n := range names {
		texts = append(texts, string(n))
	}
	return cmp.Or(strings.Join(texts, " "), "none")
}

func profileRemoveCommand() *cobra.Command {
	var sure bool
	c := &cobra.Command{Use: "remove NAME", Args: cobra.ExactArgs(1), Short: "Delete a profile with its secrets and their key"}
	c.Flags().BoolVar(&sure, "yes", false, "don't ask")
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		id, name := args[0], args[0]
		p, _, err := s.Find(args[0])
		switch {
		case err == nil:
			id, name = p.ID, p.Name
		case scheduler.CodeOf(err) == scheduler.NotFound:
			return err
		} // a damaged one goes by its id
		if !sure {
			typed, err := ask(cmd, fmt.Sprintf("Type the name of the profile to delete it (%s): ", name))
			if err != nil {
				return err
			}
			if typed != name {
				return scheduler.Errorf(scheduler.Invalid, "profile.not_typed", "That is not its name. Nothing was deleted.")
			}
		}
		if err := v.Delete(ctx, id); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "The profile %s is gone, with its secrets.\n", name)
		return nil
	})
}
