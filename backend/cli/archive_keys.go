package cli

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/archive/signers"
)

func archiveKeysCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "keys", Args: cobra.NoArgs, Short: "List whose keys are known, and show your own",
		RunE: func(cmd *cobra.Command, _ []string) error {
			known, err := signers.DefaultFile()
			if err != nil {
				return err
			}
			list, err := known.List()
			if err != nil {
				return err
			}
			if own, err := signerOf(cmd.Context(), "", false); err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "your own: %s  %s\n", format.Fingerprint(own.PublicKey()), base64.StdEncoding.EncodeToString(own.PublicKey()))
			} else {
				fmt.Fprintf(cmd.OutOrStdout(), "your own: none (%s)\n", sentence(err))
			}
			for _, s := range list {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", format.Fingerprint(s.Key), s.Name)
			}
			return nil
		},
	}
	c.AddCommand(&cobra.Command{
		Use: "create", Args: cobra.NoArgs, Short: "Make your key, if you have none, and show its public part",
		RunE: func(cmd *cobra.Command, _ []string) error {
			own, err := signerOf(cmd.Context(), "", true)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s  %s\n", format.Fingerprint(own.PublicKey()), base64.StdEncoding.EncodeToString(own.PublicKey()))
			return nil
		},
	}, &cobra.Command{
		Use: "trust NAME KEY", Args: cobra.ExactArgs(2), Short: "Remember whose a public key is",
		Long: "Remember whose a public key is. Compare its fingerprint with its owner first, by telephone or face to face.",
		RunE: func(_ *cobra.Command, args []string) error {
			key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(args[1]))
			if err != nil {
				key = nil // Trust says what a key looks like
			}
			known, err := signers.DefaultFile()
			if err != nil {
				return err
			}
			return known.Trust(signers.Signer{Name: args[0], Key: key})
		},
	}, &cobra.Command{
		Use: "forget NAME", Args: cobra.ExactArgs(1), Short: "Forget a name and its key",
		RunE: func(_ *cobra.Command, args []string) error {
			known, err := signers.DefaultFile()
			if err != nil {
				return err
			}
			return known.Forget(args[0])
		},
	})
	return c
}
