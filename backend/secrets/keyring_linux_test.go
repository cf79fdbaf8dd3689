package secrets_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestSecretsLieSealedAndTheirKeyInTheKeyring(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	p := environment(t, profile.FromKeyring)
	planted, texts := planted()
	saved := save(t, v, p, "", secrets.Change{Set: planted})
	if names, sealed, err := v.Kept(p.ID); err != nil || sealed || len(names) != len(texts) {
		t.Errorf("%v, %v", names, err)
	}
	wantSecrets(t, v, p, secrets.Given{}, planted)
	searchFolder(t, s, texts)

	// A name is changed without the keyring, another way needs the secrets again, and another kind seals anew.
	p.Name, p.Color = "Elsewhere", profile.Pink
	before := file(t, s, p)
	saved = save(t, v, p, saved.Revision, secrets.Change{})
	if file(t, s, p) != before {
		t.Error("a new name sealed the secrets anew")
	}
	p.Kind = profile.Production
	saved = save(t, v, p, saved.Revision, secrets.Change{Remove: []profile.SecretName{profile.SocksPassword}})
	if file(t, s, p) == before || len(saved.Dropped) != 0 {
		t.Errorf("another kind kept the file, or dropped %v", saved.Dropped)
	}
	planted.SocksPassword = ""
	wantSecrets(t, v, p, secrets.Given{}, planted)

	p.Redis.Addresses = []string{"other.example:6379"}
	saved = save(t, v, p, saved.Revision, secrets.Change{Set: profile.Secrets{RedisPassword: "new"}})
	if got := profileNames(saved.Dropped); got != "sentinel_password redis_client_key" {
		t.Errorf("dropped %s", got)
	}
	planted.RedisPassword, planted.SentinelPassword, planted.RedisClientKey = "new", "", ""
	wantSecrets(t, v, p, secrets.Given{}, planted)

	if err := v.Rotate(t.Context(), p.ID, "", ""); err != nil {
		t.Fatal(err)
	}
	wantSecrets(t, v, p, secrets.Given{}, planted)
	if accounts := keys(t); len(accounts) != 1 {
		t.Errorf("keys are %v", accounts)
	}
	if err := v.Delete(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if accounts, files := keys(t), files(t, s); len(accounts) != 0 || len(files) != 0 {
		t.Errorf("left are the keys %v and the files %v", accounts, files)
	}
}

// Whoever changes the profile's file gets no password sent anywhere.
func TestSecretsStayClosedForOtherServers(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	p := environment(t, profile.FromKeyring)
	planted, texts := planted()
	save(t, v, p, "", secrets.Change{Set: planted})
	for name, change := range map[string]func(*profile.Profile){
		"host": func(p *profile.Profile) { p.Postgres.Hosts = []string{"evil.example:5432"} },
		"one more": func(p *profile.Profile) {
			p.Postgres.Hosts = append([]string{"evil.example:5432"}, p.Postgres.Hosts...)
		},
		"replica":   func(p *profile.Profile) { p.Postgres.Replicas = []string{"evil.example:5432"} },
		"user":      func(p *profile.Profile) { p.Postgres.User = "other" },
		"ssl mode":  func(p *profile.Profile) { p.Postgres.SSLMode = "disable" },
		"redis":     func(p *profile.Profile) { p.Redis.Addresses = []string{"evil.example:6379"} },
		"no TLS":    func(p *profile.Profile) { p.Redis.TLS = false },
		"workers":   func(p *profile.Profile) { p.Workers.Rewrite = []profile.Rewrite{{From: "*", To: "evil.example:*"}} },
		"way":       func(p *profile.Profile) { p.Reach = profile.Reach{Kind: profile.SOCKS5, Address: "evil.example:1080"} },
		"logs":      func(p *profile.Profile) { p.Logs.Endpoint = "https://evil.example" },
		"kind":      func(p *profile.Profile) { p.Kind = profile.Development },
		"other one": func(p *profile.Profile) { p.ID = "other" },
	} {
		evil := p
		change(&evil)
		if evil.ID != p.ID { // with the file of another
			if err := s.WriteBeside(evil.ID, ".secrets.json", []byte(file(t, s, p))); err != nil {
				t.Fatal(err)
			}
		}
		got, err := v.Open(t.Context(), evil, secrets.Given{})
		if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "secrets.other_servers" && e.Reason != "secrets.damaged" || got != (profile.Secrets{}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		search(t, name, err.Error(), texts)
	}
}

func TestEveryChangedByteOfTheFileIsNoticed(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	p := environment(t, profile.FromKeyring)
	planted, _ := planted()
	save(t, v, p, "", secrets.Change{Set: planted})
	whole := []byte(file(t, s, p))
	for i := range whole {
		changed := append([]byte{}, whole...)
		changed[i] ^= 1
		if err := os.WriteFile(s.Path(p.ID, ".secrets.json"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := v.Open(t.Context(), p, secrets.Given{}); err == nil || got != (profile.Secrets{}) {
			t.Fatalf("byte %d (%q): %v, %v", i, whole[i], got, err)
		}
	}
}

func TestAKeyringThatDoesNotHelpIsExplained(t *testing.T) {
	t.Run("no bus", func(t *testing.T) {
		servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
		unusable(t, "secrets.no_bus")
	})
	t.Run("no keyring on the bus", func(t *testing.T) {
		servertest.MessageBus(t)
		unusable(t, "secrets.no_keyring")
	})
	t.Run("locked", func(t *testing.T) {
		servertest.Keyring(t)
		_, v := vault(t)
		p := environment(t, profile.FromKeyring)
		saved := save(t, v, p, "", secrets.Change{Set: profile.Secrets{RedisPassword: "pl4nted"}})
		servertest.LockKeyring(t)
		unusable(t, "secrets.keyring_locked")
		_, err := v.Open(t.Context(), p, secrets.Given{})
		expect.Reason(t, err, "secrets.keyring_locked")
		// What needs no key goes on.
		p.Name = "Renamed"
		save(t, v, p, saved.Revision, secrets.Change{})
	})
	t.Run("silent", func(t *testing.T) {
		pid := servertest.Keyring(t)
		_, v := vault(t)
		p := environment(t, profile.FromKeyring)
		save(t, v, p, "", secrets.Change{Set: profile.Secrets{RedisPassword: "pl4nted"}})
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := v.Open(ctx, p, secrets.Given{})
		expect.Reason(t, err, "secrets.keyring_silent")
		if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		wantSecrets(t, v, p, secrets.Given{}, profile.Secrets{RedisPassword: "pl4nted"})
	})
	t.Run("the key is gone", func(t *testing.T) {
		servertest.Keyring(t)
		_, v := vault(t)
		p := environment(t, profile.FromKeyring)
		saved := save(t, v, p, "", secrets.Change{Set: profile.Secrets{RedisPassword: "pl4nted", SSHKey: "pl4nted"}})
		forgetKeys(t)
		_, err := v.Open(t.Context(), p, secrets.Given{})
		expect.Reason(t, err, "secrets.key_missing")
		_, err = v.Save(t.Context(), p, saved.Revision, secrets.Change{Set: profile.Secrets{RedisPassword: "again"}})
		expect.Reason(t, err, "secrets.key_missing")
		save(t, v, p, saved.Revision, secrets.Change{Forget: true, Set: profile.Secrets{RedisPassword: "again"}})
		wantSecrets(t, v, p, secrets.Given{}, profile.Secrets{RedisPassword: "again"})
	})
	t.Run("deleting goes on without", func(t *testing.T) {
		s, v := vault(t)
		p := environment(t, profile.FromKeyring)
		t.Run("while there is a keyring", func(t *testing.T) {
			servertest.Keyring(t)
			save(t, v, p, "", secrets.Change{Set: profile.Secrets{RedisPassword: "pl4nted"}})
		})
		servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
		expect.Reason(t, v.Delete(t.Context(), p.ID), "secrets.key_left")
		if left := files(t, s); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}

// unusable saves a profile with a secret where the keyring can't be used: nothing is written, in plain text least of all.
func unusable(t *testing.T, reason string) {
	t.Helper()
	s, v := vault(t)
	_, err := v.Save(t.Context(), environment(t, profile.FromKeyring), "", secrets.Change{Set: profile.Secrets{RedisPassword: "pl4nted"}})
	expect.Reason(t, err, reason)
	if left := files(t, s); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
	if err != nil && strings.Contains(err.Error(), "pl4nted") {
		t.Error(err)
	}
}
