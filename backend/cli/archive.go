package cli

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/archive/signers"
	"github.com/opsdeck/opsdeck/backend/archive/write"
)

func archiveCommand() *cobra.Command {
	c := &cobra.Command{Use: "archive", Short: "Look at archives of exported history", Args: cobra.NoArgs}
	c.AddCommand(archiveInfoCommand(), archiveVerifyCommand(), archiveSignCommand(), archiveKeysCommand(), archiveLoadCommand())
	return c
}

// openArchive lends run an archive.
func openArchive(ctx context.Context, path string, run func(*archive.Archive) error) (err error) {
	a, err := archive.Open(ctx, path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	return run(a)
}

func archiveInfoCommand() *cobra.Command {
	return &cobra.Command{
		Use: "info FILE", Args: cobra.ExactArgs(1), Short: "Say what an archive says of itself",
		RunE: func(cmd *cobra.Command, args []string) error {
			return openArchive(cmd.Context(), args[0], func(a *archive.Archive) error {
				describe(cmd.OutOrStdout(), a.Facts())
				return nil
			})
		},
	}
}

// describe prints what an archive says of itself. Its texts are whoever's who wrote it, so they are quoted.
func describe(out io.Writer, f archive.Facts) {
	line := func(name, format string, values ...any) {
		if text := fmt.Sprintf(format, values...); strings.Trim(text, `"`) != "" {
			fmt.Fprintf(out, "%-12s %s\n", name, text)
		}
	}
	line("title", "%q", f.Title)
	line("as of", "%s", f.AsOf.UTC().Format(time.RFC3339))
	if f.From.IsZero() {
		line("runs", "all until %s", f.To.UTC().Format(time.RFC3339))
	} else {
		line("runs", "made from %s until %s", f.From.UTC().Format(time.RFC3339), f.To.UTC().Format(time.RFC3339))
	}
	line("filter", "%q", fmt.Sprint(f.Filter))
	line("exported by", "%q as %q, by %q on %q with %q", f.Operator, f.Login, f.Account, f.Host, f.Program)
	line("from", "%q (%q) at %q, server %q", f.Profile, f.Stage, f.Address, f.System)
	line("logs", "%q", f.Logs)
	for _, p := range format.Parts(format.Version) {
		if n := f.Rows[p.Name]; n > 0 {
			line("", "%10d %s", n, p.Name)
		}
	}
	for part, n := range f.Masked {
		if n > 0 {
			line("masked", "%d values in %q", n, part)
		}
	}
}

func archiveVerifyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "verify FILE", Args: cobra.ExactArgs(1), Short: "Check that an archive is what was written, and by whom it was signed",
		Long: `Check every row of an archive against its digests, its indexes, its signatures, and the audit's chain. Ends with code 1 where
something does not fit. That an archive is intact says that nobody changed it without computing its digests anew; only a
signature by a key that you know says who made it.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return openArchive(cmd.Context(), args[0], func(a *archive.Archive) error {
				began := time.Now()
				var told time.Time
				v, err := a.Verify(cmd.Context(), func(done, of int64) {
					if time.Since(told) > time.Second {
						told = time.Now()
						fmt.Fprintf(cmd.ErrOrStderr(), "%d of %d rows\n", done, of)
					}
				})
				if err != nil {
					return err
				}
				known, err := signers.DefaultFile()
				if err != nil {
					return err
				}
				return judge(cmd.OutOrStdout(), v, known, time.Since(began))
			})
		},
	}
}

// judge prints a verdict and gives the exit code.
func judge(out io.Writer, v archive.Verdict, known signers.File, took time.Duration) error {
	bad := !v.Intact
	if v.Intact {
		fmt.Fprintf(out, "intact: %d rows checked in %s\n", v.Rows, took.Round(time.Millisecond))
	}
	tellChanges(out, v)
	if len(v.Signatures) == 0 {
		fmt.Fprintln(out, "unsigned")
	}
	for _, s := range v.Signatures {
		standing, name, err := known.Judge(s.PublicKey, s.Signer)
		if err != nil {
			return err
		}
		switch {
		case !s.Valid:
			bad = true
			fmt.Fprintf(out, "the signature of %q does not fit (key %s)\n", s.Signer, s.Fingerprint)
		case standing == signers.Known:
			fmt.Fprintf(out, "signed by %s at %s\n", name, s.At.UTC().Format(time.RFC3339))
		case standing == signers.Impostor:
			bad = true
			fmt.Fprintf(out, "signed by somebody who says to be %q, but not with the key that is known of them (key %s)\n", s.Signer, s.Fingerprint)
		default:
			fmt.Fprintf(out, "signed by somebody unknown who says to be %q (key %s)\n", s.Signer, s.Fingerprint)
		}
	}
	switch c := v.Chain; {
	case c == nil:
		fmt.Fprintln(out, "the audit has no chain")
	case !c.OK:
		bad = true
		fmt.Fprintf(out, "the audit's chain is broken at row %d (%s)\n", c.AuditID, c.Problem)
	case !c.Full:
		fmt.Fprintf(out, "the audit's chain fits where it can be computed: rows with masked details can't\n")
	default:
		fmt.Fprintf(out, "the audit's chain fits: %d rows\n", c.Checked)
	}
	if bad {
		return exitCode(1)
	}
	return nil
}

func tellChanges(out io.Writer, v archive.Verdict) {
	for _, c := range v.Changed {
		where := ""
		if c.FirstRow > 0 {
			where = fmt.Sprintf(", first between its rows %d and %d", c.FirstRow, max(c.FirstRow, c.LastRow))
		}
		fmt.Fprintf(out, "%s: %s%s\n", c.Why, c.Part, where)
	}
}

func archiveSignCommand() *cobra.Command {
	var name string
	c := &cobra.Command{
		Use: "sign FILE", Args: cobra.ExactArgs(1), Short: "Sign an archive with your key from the keyring",
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			intact := false
			err = openArchive(cmd.Context(), path, func(a *archive.Archive) error {
				v, err := a.Verify(cmd.Context(), func(int64, int64) {})
				intact = v.Intact
				return err
			})
			if err != nil {
				return err
			}
			if !intact {
				fmt.Fprintln(cmd.OutOrStdout(), "The archive is not what was written, so it is not signed. “opsctl archive verify” says where.")
				return exitCode(1)
			}
			account, host := whoAndWhere()
			if name == "" {
				name = account + "@" + host
			}
			s, err := signerOf(cmd.Context(), name, true)
			if err != nil {
				return err
			}
			if err := write.Sign(cmd.Context(), path, s); err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Signed as %q with the key %s.\n", name, format.Fingerprint(s.PublicKey()))
			return nil
		},
	}
	c.Flags().StringVar(&name, "name", "", "what you call yourself in the signature; ACCOUNT@HOST unless given")
	return c
}
