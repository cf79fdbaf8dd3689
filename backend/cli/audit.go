package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/gate"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func sealCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "seal", Args: cobra.NoArgs, Short: "Seal the audit trail as it is now",
		Long: `Seal the audit trail: one digest over everything that has been written. Keep the line that is printed where the database's
owner can't change it; “opsctl audit verify --from” finds out whether the trail still has it.`,
	}
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
		seal, err := gate.SealTrail(ctx, conn)
		if err != nil {
			return err
		}
		if seal == nil {
			fmt.Fprintln(cmd.OutOrStdout(), "There is nothing to seal yet.")
			return nil
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d:%s  sealed %s\n", seal.Seq, hex.EncodeToString(seal.Digest), seal.SealedAt.UTC().Format(time.RFC3339))
		return nil
	})
}

func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Look at the audit trail", Args: cobra.NoArgs}
	c.AddCommand(auditVerifyCommand())
	return c
}

func auditVerifyCommand() *cobra.Command {
	var from string
	c := &cobra.Command{
		Use: "verify", Args: cobra.NoArgs, Short: "Check the audit trail, and name the first row that does not fit",
		Long: `Check every row of the audit against its chain and every chain against the seals. Ends with code 1 where something does not
fit. With --from it checks that a seal which you have kept is still the same, and what came after it.`,
	}
	c.Flags().StringVar(&from, "from", "", "a seal as “opsctl seal” printed it, NUMBER:DIGEST")
	return gateCommand(c, func(ctx context.Context, cmd *cobra.Command, conn *pgx.Conn, _ []string) error {
		pin, err := parseSeal(from)
		if err != nil {
			return err
		}
		began := time.Now()
		verdict, err := gate.VerifyTrail(ctx, conn, pin)
		if err != nil {
			return err
		}
		return report(cmd.OutOrStdout(), verdict, time.Since(began))
	})
}

// parseSeal reads NUMBER:DIGEST; "" is none.
func parseSeal(text string) (*gate.Seal, error) {
	if text == "" {
		return nil, nil
	}
	number, digits, _ := strings.Cut(text, ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	digest, badDigest := hex.DecodeString(digits)
	if err != nil || badDigest != nil || len(digest) == 0 {
		return nil, scheduler.Errorf(scheduler.Invalid, "gate.bad_seal", "%q is no seal: write it as “opsctl seal” printed it, NUMBER:DIGEST", text)
	}
	return &gate.Seal{Seq: seq, Digest: digest}, nil
}

func report(out io.Writer, v gate.Verdict, took time.Duration) error {
	if v.OK {
		fmt.Fprintf(out, "The audit trail fits: %d rows checked in %s.", v.Checked, took.Round(time.Millisecond))
		if v.Seal != nil {
			fmt.Fprintf(out, " The newest seal is %d:%s.", *v.Seal, hex.EncodeToString(v.SealDigest))
		}
		fmt.Fprintln(out)
		return nil
	}
	fmt.Fprintf(out, "The audit trail does not fit: %s\n", problem(v))
	return exitCode(1)
}

func problem(v gate.Verdict) string {
	value := func(p *int64) int64 {
		if p == nil {
			return 0
		}
		return *p
	}
	chain := ""
	if v.Login != nil && v.Actor != nil {
		chain = fmt.Sprintf(" It is row %d of what %q wrote as %q.", value(v.Seq), *v.Login, *v.Actor)
	}
	row := value(v.AuditID)
	switch v.Problem {
	case gate.ProblemRowChanged:
		return fmt.Sprintf("row %d is not what was written.%s", row, chain)
	case gate.ProblemRowMissing:
		return fmt.Sprintf("row %d is gone.%s", row, chain)
	case gate.ProblemRowUnchained:
		return fmt.Sprintf("row %d came past the chain: somebody wrote it with the triggers switched off.", row)
	case gate.ProblemGap:
		return fmt.Sprintf("something before row %d is gone from its chain.%s", row, chain)
	case gate.ProblemCut:
		return "the end of a chain was cut off." + chain
	case gate.ProblemSealChanged:
		return fmt.Sprintf("seal %d is not the one that was made.", value(v.Seq))
	case gate.ProblemSealMissing:
		return fmt.Sprintf("seal %d is gone: the trail was cut, or this is another database.", value(v.Seq))
	case gate.ProblemUnfinished:
		return fmt.Sprintf("row %d and later ones are on no chain: the table was given back, or an install broke off. Run “opsctl install”.", row)
	}
	return v.Problem
}
