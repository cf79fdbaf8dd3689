package secrets

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	commandPatience = 30 * time.Second
	maxOutput       = 256 << 10
)

// fromCommand runs the profile's program, without a shell, and reads what it prints: a JSON object of texts by name, or one line,
// which is PostgreSQL's password. What it prints to the error output is for nobody: a secret may be in it.
func fromCommand(ctx context.Context, p profile.Profile) (profile.Secrets, error) {
	ctx, cancel := context.WithTimeout(ctx, commandPatience)
	defer cancel()
	argv := p.SecretsFrom.Command
	command := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // it is the operator's own, and no import brings one
	command.Env = append(os.Environ(), "OPSDECK_PROFILE="+p.ID)
	out := &capped{limit: maxOutput}
	command.Stdout = out
	command.WaitDelay = time.Second // for what it may have left running with our pipe
	endWithChildren(command)
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return profile.Secrets{}, failed(argv[0], "did not end in time").Because(ctx.Err())
	case out.over:
		return profile.Secrets{}, failed(argv[0], "printed too much")
	case err != nil:
		return profile.Secrets{}, failed(argv[0], "failed").Because(withoutOutput(err))
	}
	return readOutput(p, argv[0], out.kept.Bytes())
}

func readOutput(p profile.Profile, program string, out []byte) (profile.Secrets, error) {
	text := strings.TrimRight(string(out), "\r\n")
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		s, err := profile.DecodeSecrets(out)
		if err != nil {
			return profile.Secrets{}, failed(program, "printed JSON that is no object of texts by the names of secrets")
		}
		for _, name := range s.Names() {
			if !slices.Contains(p.Wanted(), name) {
				*s.At(name) = ""
			}
		}
		return s, nil
	}
	if text == "" || strings.ContainsAny(text, "\r\n") {
		return profile.Secrets{}, failed(program, "printed neither one line nor a JSON object")
	}
	return profile.Secrets{PostgresPassword: profile.Secret(text)}, nil
}

func failed(program, how string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Unavailable, "secrets.command_failed",
		"The program that gives this profile's secrets, %s, %s. Run it in a terminal to see why.", program, how).With("program", program).With("how", how)
}

// withoutOutput is how a program ended, without what it said.
func withoutOutput(err error) error {
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return errors.New(e.ProcessState.String())
	}
	return err
}

// capped keeps so many bytes and tells whether there were more.
type capped struct {
	kept  bytes.Buffer // not embedded: it would read by itself, past the limit
	limit int
	over  bool
}

func (c *capped) Write(b []byte) (int, error) {
	if c.kept.Len()+len(b) > c.limit {
		c.over = true
		return len(b), nil // the program shall not fail for it
	}
	return c.kept.Write(b)
}
