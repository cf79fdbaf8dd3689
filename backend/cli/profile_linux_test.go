package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

// operator is somebody with a configuration folder, a keyring, and a passphrase in a file.
type operator struct{ *testing.T }

func newOperator(t *testing.T) operator {
	t.Helper()
	servertest.Keyring(t)
	t.Setenv("OPSDECK_CONFIG_DIR", filepath.Join(t.TempDir(), "config"))
	t.Setenv("OPSDECK_PASSPHRASE_FILE", file(t, "pl4nted passphrase\n"))
	return operator{t}
}

// says runs opsctl with a standard input; what it prints, errors too, must hold want.
func (o operator) says(want, stdin string, args ...string) string {
	o.Helper()
	out, warned, err := opsctl(o.T, strings.NewReader(stdin), append([]string{"profile"}, args...)...)
	if out += warned; err != nil {
		out += err.Error()
	}
	if !strings.Contains(out, want) {
		o.Fatalf("opsctl profile %s: %q does not say %q", strings.Join(args, " "), out, want)
	}
	if strings.Contains(out, "pl4nted") {
		o.Errorf("opsctl profile %s tells a secret: %q", strings.Join(args, " "), out)
	}
	return out
}

// opened are the secrets that a profile is opened with.
func (o operator) opened(id string) profile.Secrets {
	o.Helper()
	s, err := profile.OpenStore(os.Getenv("OPSDECK_CONFIG_DIR"))
	if err != nil {
		o.Fatal(err)
	}
	p, _, err := s.Get(id)
	if err != nil {
		o.Fatal(err)
	}
	got, err := secrets.New(s).Open(o.Context(), p, secrets.Given{Passphrase: "pl4nted passphrase"})
	if err != nil {
		o.Fatal(err)
	}
	return got
}

func TestProfilesOnTheCommandLine(t *testing.T) {
	o := newOperator(t)
	pair := testcert.Issue(t, nil)
	certificate, key := file(t, pair.CertPEM), file(t, pair.KeyPEM)
	add := []string{
		"add", "東京 Staging", "--kind", "staging", "--postgres", "postgres://ops@db.example/jobs?sslmode=verify-full", "--redis", "rediss://ops@r.example/2",
		"--workers", "mtls", "--worker-certificate", certificate, "--worker-trust", certificate,
	}
	o.says("holds a private key", "", append(add, "--worker-trust", key)...)
	o.says("can read a command line", "", append(add, "--redis", "redis://:pl4nted@r.example/0")...)
	o.says("can read a command line", "", append(add, "--postgres", "postgres://ops:pl4nted@db.example/jobs")...)
	o.says("none of the choices", "", append(add, "--kind", "harmless")...)
	o.says("the file /none can't be read", "", append(add, "--worker-trust", "/none")...)
	o.says("postgres_password redis_password worker_key", "", add...)
	o.says("Another profile has this name", "", append([]string{"add", "東京　ｓtaging"}, add[2:]...)...)
	o.says("keyring, 0", "", "list")

	o.says("There is no secret of that name. There are: postgres_password", "x", "set-secret", "staging", "password")
	o.says("has no secret", "\n", "set-secret", "staging", "redis_password")
	o.says("postgres_password of 東京 Staging is kept", "pl4nted-pg\n", "set-secret", "staging", "postgres_password")
	o.says("worker_key of 東京 Staging is kept", pair.KeyPEM, "set-secret", "東京 staging", "worker_key")
	o.says("Kept: postgres_password worker_key", "", "show", "staging")
	if got := o.opened("staging"); got.PostgresPassword != "pl4nted-pg" || got.WorkerKey.Reveal() != strings.TrimSpace(pair.KeyPEM) {
		t.Errorf("opened %v", got)
	}
	o.says("sealed anew", "", "rotate", "staging")
	o.says("postgres_password of 東京 Staging is forgotten", "", "set-secret", "staging", "postgres_password", "--remove")
	o.says("is kept", "pl4nted-pg\n", "set-secret", "staging", "postgres_password")

	if out := o.says("The profile is saved.", "", "edit", "staging", "--color", "purple"); strings.Contains(out, "Dropped") {
		t.Error(out)
	}
	o.says("Dropped, to be entered again: postgres_password", "", "edit", "staging", "--postgres", "postgres://ops@other.example/jobs")
	o.says("Kept: worker_key", "", "show", "staging")

	o.says("Nothing was deleted", "staging\n", "remove", "staging")
	o.says("is gone", "東京 Staging\n", "remove", "staging")
	o.says("There is no profile", "", "show", "staging")
}

// Without a keyring nothing is kept in plain text: it is said what to do, and a passphrase does.
func TestProfilesOnAMachineWithoutADesktop(t *testing.T) {
	o := newOperator(t)
	servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
	o.says("has the id here", "", "add", "Here", "--kind", "development", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example")
	o.says("has no message bus (D-Bus)", "pl4nted\n", "set-secret", "here", "redis_password")
	o.says("Kept: none", "", "show", "here")
	o.says("is saved", "", "edit", "here", "--secrets-from", "passphrase")
	o.says("is kept", "pl4nted\n", "set-secret", "here", "redis_password")
	o.says("sealed anew", "", "rotate", "here")
	if got := o.opened("here"); got.RedisPassword != "pl4nted" {
		t.Errorf("opened %v", got)
	}
	t.Setenv("OPSDECK_PASSPHRASE_FILE", file(t, "another\n"))
	o.says("does not open", "pl4nted\n", "set-secret", "here", "postgres_password")
}

func TestSecretsMoveOnTheCommandLine(t *testing.T) {
	o := newOperator(t)
	o.says("has the id here", "", "add", "Here", "--kind", "development", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example")
	o.says("is kept", "pl4nted\n", "set-secret", "here", "redis_password")
	stays := func() {
		t.Helper()
		if got := o.opened("here"); got.RedisPassword != "pl4nted" {
			t.Errorf("opened %v", got)
		}
	}
	o.says("is saved", "", "edit", "here", "--secrets-from", "passphrase")
	o.says("passphrase, 1", "", "list")
	stays()
	t.Setenv("OPSDECK_NEW_PASSPHRASE_FILE", file(t, "another pl4nted\n"))
	o.says("sealed anew", "", "rotate", "here")
	o.says("does not open", "", "edit", "here", "--secrets-from", "keyring")
	t.Setenv("OPSDECK_PASSPHRASE_FILE", file(t, "another pl4nted\n"))
	o.says("is saved", "", "edit", "here", "--secrets-from", "keyring")
	o.says("keyring, 1", "", "list")
	stays()
	o.says("is saved", "", "edit", "here", "--forget-secrets")
	o.says("keyring, 0", "", "list")
}

func TestProfilesTravelWithoutSecrets(t *testing.T) {
	o := newOperator(t)
	o.says("has the id eu", "", "add", "EU", "--kind", "production", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example")
	o.says("is kept", "pl4nted\n", "set-secret", "eu", "redis_password")
	exported := o.says(`"kind": "production"`, "", "export", "eu")

	o.says("has the same id", exported, "import", "-")
	o.says("EU (production) is here", exported, "import", "-", "--replace")
	o.says("Kept: redis_password", "", "show", "eu")
	o.says("US (production) is here", exported, "import", "-", "--as", "US")
	o.says("May need: postgres_password redis_password\nKept: none", "", "show", "us")

	harmless := strings.Replace(exported, `"production"`, `"development"`, 1)
	o.says("The kind stays as it is", harmless, "import", "-", "--replace")
	o.says("Dropped, to be entered again: redis_password", strings.Replace(exported, "r.example", "evil.example", 1), "import", "-", "--replace")
	runs := strings.Replace(strings.Replace(exported, `"keyring"`, `"command"`, 1), `"command": []`, `"command": ["touch", "/tmp/x"]`, 1)
	o.says("It was not taken over", runs, "import", file(t, runs), "--as", "Runs")
	if shown := o.says(`"kind": "ask"`, "", "show", "Runs"); strings.Contains(shown, "touch") {
		t.Error(shown)
	}
	o.says("is no profile of Opsdeck", "{}", "import", "-")
	o.says("larger than a profile", strings.Repeat(" ", 2<<20), "import", "-")
	o.says("the file /none can't be read", "", "import", "/none")
}

func TestAProfileIsEditedAsText(t *testing.T) {
	o := newOperator(t)
	o.says("has the id here", "", "add", "Here", "--kind", "development", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example",
		"--secrets-from", "ask")
	editor := func(script string) {
		path := filepath.Join(t.TempDir(), "editor")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("VISUAL", path+" --wait")
	}
	editor(`[ "$1" = --wait ] && sed -i 's/db.example:5432/new.example:6432/' "$2"`)
	o.says("The profile is saved.", "", "edit", "here")
	o.says("new.example:6432", "", "show", "here")
	editor(`sed -i 's/"database": 0/"database": "zero"/' "$2"`)
	o.says("/profile/redis/database", "", "edit", "here")
	editor("exit 1")
	o.says("failed: set EDITOR", "", "edit", "here")
	o.says(`"database": 0`, "", "show", "here")
}

// A file that can't be read hides no other, and can be removed.
func TestADamagedProfileIsListedAndRemoved(t *testing.T) {
	o := newOperator(t)
	o.says("has the id a", "", "add", "A", "--kind", "sandbox", "--postgres", "postgres://ops@db.example/jobs", "--redis", "redis://r.example", "--secrets-from", "ask")
	damaged := filepath.Join(os.Getenv("OPSDECK_CONFIG_DIR"), "profiles", "b.profile.json")
	if err := os.WriteFile(damaged, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := o.says("it is damaged", "", "list"); !strings.Contains(out, "db.example:5432/jobs") {
		t.Error(out)
	}
	o.says("it is damaged", "", "show", "b")
	o.says("is gone", "", "remove", "b", "--yes")
	if out := o.says("db.example", "", "list"); strings.Contains(out, "damaged") {
		t.Error(out)
	}
}
