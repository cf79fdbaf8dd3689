package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

const (
	maxSecret = 256 << 10
	// passphraseVariable names a file: an environment is seen by more than its own process.
	passphraseVariable = "OPSDECK_PASSPHRASE_FILE" //nolint:gosec // its name, not one
	// newPassphraseVariable names the file of the one that takes its place.
	newPassphraseVariable = "OPSDECK_NEW_PASSPHRASE_FILE" //nolint:gosec // its name, not one
)

func profileSetSecretCommand() *cobra.Command {
	var remove bool
	c := &cobra.Command{
		Use: "set-secret NAME SECRET", Args: cobra.ExactArgs(2), Short: "Keep a password or private key, from a prompt or standard input",
		Long: `Keep a secret of a profile. SECRET is its name, such as postgres_password or worker_key; “profile show” lists them. The secret itself
is typed without being shown, or comes from standard input, as in “opsctl profile set-secret tokyo worker_key <ops.key”.
A profile whose secrets are sealed by a passphrase asks for that first; OPSDECK_PASSPHRASE_FILE may name a file that holds it.`,
	}
	c.Flags().BoolVar(&remove, "remove", false, "forget the secret instead")
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		p, base, err := s.Find(args[0])
		if err != nil {
			return err
		}
		name := profile.SecretName(args[1])
		var change secrets.Change
		place := change.Set.At(name)
		if place == nil {
			return scheduler.Errorf(scheduler.Invalid, "secrets.unknown_name", "There is no secret of that name. There are: %s", namesOf(profile.SecretNames()))
		}
		if change.Passphrase, err = passphraseToSave(cmd, v, p); err != nil {
			return err
		}
		if remove {
			change.Remove = []profile.SecretName{name}
		} else if *place, err = readSecret(cmd, string(name)+": "); err != nil {
			return err
		}
		saved, err := v.Save(ctx, p, base, change)
		if err != nil {
			return err
		}
		if remove {
			told(cmd, fmt.Sprintf("%s of %s is forgotten.", name, p.Name), saved)
		} else {
			told(cmd, fmt.Sprintf("%s of %s is kept.", name, p.Name), saved)
		}
		return nil
	})
}

func profileRotateCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "rotate NAME", Args: cobra.ExactArgs(1), Short: "Seal a profile's secrets anew, by a new key or passphrase",
		Long: `Seal a profile's secrets anew, by a new key or passphrase. OPSDECK_PASSPHRASE_FILE and OPSDECK_NEW_PASSPHRASE_FILE may name files
that hold the passphrase and the new one.`,
	}
	return overProfiles(c, func(ctx context.Context, cmd *cobra.Command, s *profile.Store, v *secrets.Vault, args []string) error {
		p, _, err := s.Find(args[0])
		if err != nil {
			return err
		}
		var old, fresh profile.Secret
		if p.SecretsFrom.Kind == profile.FromPassphrase {
			if old, err = passphraseFor(cmd, v, p.ID); err != nil {
				return err
			}
			if fresh, err = newPassphrase(cmd); err != nil {
				return err
			}
		}
		if err := v.Rotate(ctx, p.ID, old, fresh); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "The secrets of %s are sealed anew.\n", p.Name)
		return nil
	})
}

// openAccess finds a profile and opens its secrets, asking for what it has to.
func openAccess(ctx context.Context, cmd *cobra.Command, idOrName string) (profile.Access, error) {
	if err := secrets.NoCoreDumps(); err != nil {
		return profile.Access{}, err
	}
	store, err := openStore()
	if err != nil {
		return profile.Access{}, err
	}
	p, _, err := store.Find(idOrName)
	if err != nil {
		return profile.Access{}, err
	}
	v := secrets.New(store)
	var given secrets.Given
	switch p.SecretsFrom.Kind {
	case profile.FromPassphrase:
		given.Passphrase, err = passphraseFor(cmd, v, p.ID)
	case profile.FromOperator:
		given.Answers = &profile.Secrets{}
		for _, name := range p.Wanted() {
			if *given.Answers.At(name), err = askSecret(cmd, string(name)+" (may be empty): "); err != nil {
				break
			}
		}
	case profile.FromKeyring, profile.FromCommand:
	}
	if err != nil {
		return profile.Access{}, err
	}
	opened, err := v.Open(ctx, p, given)
	return profile.Access{Profile: p, Secrets: opened}, err
}

// passphraseFor asks for the passphrase where something is sealed by one.
func passphraseFor(cmd *cobra.Command, v *secrets.Vault, id string) (profile.Secret, error) {
	_, sealed, err := v.Kept(id)
	if err != nil || !sealed {
		return "", nil // what can't be read is told when it is opened
	}
	return passphrase(cmd, "Passphrase: ")
}

// passphrasesToMove asks for the passphrase that opens what is there, and for one that seals it where there was none.
func passphrasesToMove(cmd *cobra.Command, v *secrets.Vault, p profile.Profile) (old, fresh profile.Secret, err error) {
	if old, err = passphraseFor(cmd, v, p.ID); err != nil || old != "" || p.SecretsFrom.Kind != profile.FromPassphrase {
		return old, "", err
	}
	if names, _, err := v.Kept(p.ID); err != nil || len(names) == 0 {
		return "", "", nil // what can't be read is told when it is opened
	}
	fresh, err = newPassphrase(cmd)
	return "", fresh, err
}

// passphraseToSave asks for the passphrase that opens what is there, or for one to begin with.
func passphraseToSave(cmd *cobra.Command, v *secrets.Vault, p profile.Profile) (profile.Secret, error) {
	_, sealed, err := v.Kept(p.ID)
	if err != nil || p.SecretsFrom.Kind != profile.FromPassphrase {
		return "", nil // what can't be read is told when it is opened
	}
	if sealed {
		return passphrase(cmd, "Passphrase: ")
	}
	return newPassphrase(cmd)
}

func passphrase(cmd *cobra.Command, prompt string) (profile.Secret, error) {
	if path := os.Getenv(passphraseVariable); path != "" {
		line, err := passwordIn(path)
		return profile.Secret(line), err
	}
	return askSecret(cmd, prompt)
}

func newPassphrase(cmd *cobra.Command) (profile.Secret, error) {
	if path := cmp.Or(os.Getenv(newPassphraseVariable), os.Getenv(passphraseVariable)); path != "" {
		line, err := passwordIn(path)
		return profile.Secret(line), err
	}
	first, err := askSecret(cmd, "New passphrase: ")
	if err != nil {
		return first, err
	}
	again, err := askSecret(cmd, "Again: ")
	if err == nil && again != first {
		err = scheduler.Errorf(scheduler.Invalid, "secrets.typed_differently", "The two differ. Nothing was changed.")
	}
	return first, err
}

// readSecret reads a secret from a prompt, or all of standard input where that is no terminal.
func readSecret(cmd *cobra.Command, prompt string) (profile.Secret, error) {
	if f, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return askSecret(cmd, prompt)
	}
	b, err := io.ReadAll(io.LimitReader(cmd.InOrStdin(), maxSecret+1))
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(b), "\r\n")
	if text == "" || len(b) > maxSecret {
		return "", scheduler.Errorf(scheduler.Invalid, "secrets.no_text", "Standard input has no secret, or far too much.")
	}
	return profile.Secret(text), nil
}

// askSecret asks at the terminal, whatever standard input is, and shows nothing of what is typed.
func askSecret(cmd *cobra.Command, prompt string) (profile.Secret, error) {
	terminal, err := os.OpenFile(terminalName, os.O_RDWR, 0)
	if err != nil {
		return "", scheduler.Errorf(scheduler.Invalid, "secrets.no_terminal",
			"There is no terminal to ask at. Give the passphrase by a file that %s names.", passphraseVariable).Because(err)
	}
	defer terminal.Close()
	fmt.Fprint(cmd.ErrOrStderr(), prompt)
	typed, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(cmd.ErrOrStderr())
	return profile.Secret(typed), err
}

// ask asks for a line that may be seen.
func ask(cmd *cobra.Command, prompt string) (string, error) {
	fmt.Fprint(cmd.ErrOrStderr(), prompt)
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
