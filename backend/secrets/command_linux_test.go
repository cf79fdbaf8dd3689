package secrets_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

func TestAProgramGivesSecrets(t *testing.T) {
	t.Parallel()
	_, v := vault(t)
	for name, test := range map[string]struct {
		script string
		want   profile.Secrets
		how    string // the program failed thus
	}{
		"a line":               {"echo hunter2", profile.Secrets{PostgresPassword: "hunter2"}, ""},
		"a line with spaces":   {"printf ' a b \\r\\n'", profile.Secrets{PostgresPassword: " a b "}, ""},
		"names":                {`echo '{"redis_password": "r", "worker_key": "w"}'`, profile.Secrets{RedisPassword: "r", WorkerKey: "w"}, ""},
		"what nobody asked":    {`echo '{"redis_password": "r", "socks_password": "s"}'`, profile.Secrets{RedisPassword: "r"}, ""},
		"the profile":          {`echo "$OPSDECK_PROFILE"`, profile.Secrets{PostgresPassword: "here"}, ""},
		"no shell in between":  {`echo "$0"`, profile.Secrets{PostgresPassword: "$(id); `id`"}, ""},
		"nothing":              {"true", profile.Secrets{}, "neither"},
		"several lines":        {"echo pl4nted; echo pl4nted", profile.Secrets{}, "neither"},
		"an unknown name":      {`echo '{"pl4nted": "x"}'`, profile.Secrets{}, "JSON"},
		"half an object":       {`echo '{"redis_password": "pl4nted'`, profile.Secrets{}, "JSON"},
		"a failure that talks": {"echo pl4nted; echo pl4nted >&2; exit 3", profile.Secrets{}, "failed"},
		"a flood":              {"yes pl4nted | head -c 1000000", profile.Secrets{}, "too much"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := environment(t, profile.FromCommand, "/bin/sh", "-c", test.script, "$(id); `id`")
			got, err := v.Open(t.Context(), p, secrets.Given{})
			if test.how == "" {
				if err != nil || got != test.want {
					t.Errorf("%v, %v", got, err)
				}
				return
			}
			e, _ := errors.AsType[*scheduler.Error](err)
			if e == nil || e.Reason != "secrets.command_failed" || !strings.Contains(e.Message, test.how) || strings.Contains(err.Error(), "pl4nted") {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestAProgramThatIsMissingIsNamed(t *testing.T) {
	t.Parallel()
	_, v := vault(t)
	p := environment(t, profile.FromCommand, "opsdeck-no-such-program")
	_, err := v.Open(t.Context(), p, secrets.Given{})
	expect.Reason(t, err, "secrets.command_failed")
	if !strings.Contains(err.Error(), "opsdeck-no-such-program") {
		t.Error(err)
	}
}

// A program that hangs is ended with all that it has started.
func TestAProgramThatHangsIsEnded(t *testing.T) {
	t.Parallel()
	_, v := vault(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	p := environment(t, profile.FromCommand, "/bin/sh", "-c", `(echo started; exec sleep 1000) >"$0" & wait`, pipe)
	ctx, cancel := context.WithCancel(t.Context())
	opened := make(chan error)
	go func() {
		_, err := v.Open(ctx, p, secrets.Given{})
		opened <- err
	}()
	reader, err := os.Open(pipe)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if n, err := reader.Read(make([]byte, 8)); n != 8 {
		t.Fatalf("%d, %v", n, err)
	}
	cancel()
	expect.Reason(t, <-opened, "secrets.command_failed")
	// The pipe ends when nobody holds it any more.
	if err := reader.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil && !errors.Is(err, os.ErrNoDeadline) {
		t.Fatal(err)
	}
	if n, err := reader.Read(make([]byte, 8)); n != 0 {
		t.Errorf("what it started lives: %d, %v", n, err)
	}
}

func TestNoCoreDumps(t *testing.T) {
	if err := secrets.NoCoreDumps(); err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("%+v, %v", limit, err)
	}
}
