package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/doctor"
	"github.com/opsdeck/opsdeck/backend/profile"
)

func doctorCommand() *cobra.Command {
	var name string
	var asJSON, accept bool
	c := &cobra.Command{
		Use: "doctor", Short: "Try out a profile step by step, and say what to do", Args: cobra.NoArgs,
		Long: `Try out a profile: the way there, PostgreSQL, Redis and the workers, step by step. Each step says what it found and what to do; one
that stands on a failed one is not tried. Nothing is changed anywhere. Ends with code 1 where a step failed.

With --accept-server the PostgreSQL that is found becomes the one that the profile knows: after it was restored or moved, and you are
sure that it is the right one.`,
	}
	c.Flags().StringVar(&name, "profile", "", "name or id of the profile")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each step")
	c.Flags().BoolVar(&accept, "accept-server", false, "take the PostgreSQL that is found for the right one from now on")
	_ = c.MarkFlagRequired("profile") // fails for an unknown flag only
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		access, err := openAccess(cmd.Context(), cmd, name)
		if err != nil {
			return err
		}
		print := table(cmd.OutOrStdout())
		if asJSON {
			print = objects(cmd.OutOrStdout())
		}
		return examine(cmd.Context(), access, accept, print)
	}
	return c
}

// examine tries out a profile, as the server that it knows unless another is to be accepted, and prints what was found.
func examine(ctx context.Context, access profile.Access, accept bool, print func(doctor.Finding) error) error {
	store, err := openStore()
	if err != nil {
		return err
	}
	local, err := store.Local(access.Profile.ID)
	if err != nil {
		return err
	}
	known := local.SystemIdentifier
	if accept {
		known = ""
	}
	failed := false
	server := doctor.Run(ctx, access.Profile, access.Secrets, known, func(f doctor.Finding) {
		failed = failed || f.State == doctor.Failed
		if err == nil {
			err = print(f)
		}
	})
	if err == nil && accept && server != "" {
		err = store.Remember(access.Profile.ID, func(l *profile.Local) { l.SystemIdentifier = server })
	}
	if err == nil && failed {
		err = exitCode(1)
	}
	return err
}

// table prints a line for each finding, as it comes.
func table(out io.Writer) func(doctor.Finding) error {
	return func(f doctor.Finding) error {
		w := tabwriter.NewWriter(out, 22, 0, 2, ' ', 0)
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Check, strings.ToUpper(string(f.State)), f.Says.Message)
		return w.Flush()
	}
}

// objects prints a JSON object for each finding, on a line of its own.
func objects(out io.Writer) func(doctor.Finding) error {
	encoder := json.NewEncoder(out)
	return func(f doctor.Finding) error {
		return encoder.Encode(struct {
			Check   string            `json:"check"`
			State   doctor.State      `json:"state"`
			Reason  string            `json:"reason"`
			Args    map[string]string `json:"args,omitempty"`
			Message string            `json:"message"`
		}{f.Check, f.State, f.Says.Reason, f.Says.Args, f.Says.Message})
	}
}
