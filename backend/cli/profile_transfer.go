package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

// maxImport is more than any profile: what is longer is refused by its length, but not read whole.
const maxImport = 4 << 20

func profileExportCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "export NAME", Args: cobra.ExactArgs(1), Short: "Print a profile for another machine or person, without secrets",
	}
	return overProfiles(c, func(_ context.Context, cmd *cobra.Command, s *profile.Store, _ *secrets.Vault, args []string) error {
		p, _, err := s.Find(args[0])
		if err != nil {
			return err
		}
		b, err := profile.Export(p)
		if err != nil {
			return err
		}
		_, err = cmd.OutOrStdout().Write(b)
		return err
	})
}

func profileImportCommand() *cobra.Command {
	var replace bool
	var name string
	c := &cobra.Command{
		Use: "import FILE", Args: cobra.ExactArgs(1), Short: "Take over an exported profile (- reads standard input)",
		Long: `Take over a profile that “profile export” or the window wrote. It is read like a stranger's: it can't run a program, can't make a
profile that is here less careful, and connects to nothing. Its secrets have to be entered.`,
	}
	c.Flags().BoolVar(&replace, "replace", false, "change the profile that has the same id")
	c.Flags().StringVar(&name, "as", "", "make a profile of this name beside the one that has the same id")
	c.MarkFlagsMutuallyExclusive("replace", "as")
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		b, err := readImport(cmd, args[0])
		if err != nil {
			return err
		}
		i, err := s.ReadImport(b)
		if err != nil {
			return err
		}
		if name != "" {
			i = s.AsNew(i, name)
		}
		if i.Base != "" && !replace {
			return scheduler.Errorf(scheduler.Conflict, "profile.exists",
				"The profile %s has the same id. Give --replace to change it, or --as with a name for a new one.", i.Replaces.Name)
		}
		for _, note := range i.Notes {
			fmt.Fprintln(cmd.OutOrStdout(), noteOnImport(note))
		}
		given, err := passphraseFor(cmd, v, i.Profile.ID)
		if err != nil {
			return err
		}
		saved, err := v.Save(ctx, i.Profile, i.Base, secrets.Change{Passphrase: given})
		if err != nil {
			return err
		}
		told(cmd, fmt.Sprintf("The profile %s (%s) is here. It may need these secrets: %s", i.Profile.Name, i.Profile.Kind, namesOf(i.Profile.Wanted())), saved)
		return nil
	})
}

func readImport(cmd *cobra.Command, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxImport))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, scheduler.Errorf(scheduler.Invalid, "profile.no_file", "the file %s can't be read", path).Because(err)
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxImport))
}

func noteOnImport(n profile.Note) string {
	switch n {
	case profile.CommandDropped:
		return "The file names a program that gives secrets. It was not taken over: the profile asks for them instead."
	case profile.KindKept:
		return "The file says a less careful kind. The kind stays as it is here."
	case profile.KindRaised:
		return "The file says a more careful kind, which the profile has from now on."
	case profile.SourceKept:
		return "The secrets go on coming from where they do here."
	case profile.WayChanged:
		return "The file names other servers or another way there: secrets for them have to be entered again."
	case profile.IDChanged:
		return "The file's id can't be used here; the profile has another."
	}
	return string(n)
}
