package secrets_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Whatever fails on the way, all secrets can be opened as before, and no key is left that opens nothing.
func TestSecretsMoveBetweenKeyringAndPassphrase(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	v.Hasten()
	byKey := environment(t, profile.FromKeyring)
	byPassphrase := byKey
	byPassphrase.SecretsFrom.Kind = profile.FromPassphrase
	planted, texts := planted()
	first := save(t, v, byKey, "", secrets.Change{Set: planted})
	stays := func(when string, p profile.Profile, given secrets.Given, wantKeys int, err error, reason string) {
		t.Helper()
		t.Log(when)
		expect.Reason(t, err, reason)
		wantSecrets(t, v, p, given, planted)
		if left := keys(t); len(left) != wantKeys {
			t.Errorf("keys are %v", left)
		}
	}

	_, err := v.Save(t.Context(), byPassphrase, first.Revision, secrets.Change{})
	stays("out of the keyring without a passphrase", byKey, secrets.Given{}, 1, err, "secrets.passphrase_wanted")
	_, err = v.Save(t.Context(), byPassphrase, "outdated", secrets.Change{NewPassphrase: "first"})
	stays("out of the keyring over somebody else's change", byKey, secrets.Given{}, 1, err, "profile.changed")

	moved := save(t, v, byPassphrase, first.Revision, secrets.Change{NewPassphrase: "first"})
	if _, sealed, err := v.Kept(byKey.ID); err != nil || !sealed || len(moved.Dropped) != 0 || len(keys(t)) != 0 {
		t.Errorf("%v, %v; dropped %v, keys are %v", sealed, err, moved.Dropped, keys(t))
	}
	wantSecrets(t, v, byPassphrase, secrets.Given{Passphrase: "first"}, planted)
	searchFolder(t, s, append(texts, "first"))

	_, err = v.Save(t.Context(), byKey, moved.Revision, secrets.Change{Passphrase: "frist"})
	stays("into the keyring by a wrong passphrase", byPassphrase, secrets.Given{Passphrase: "first"}, 0, err, "secrets.wrong_passphrase")
	_, err = v.Save(t.Context(), byKey, "outdated", secrets.Change{Passphrase: "first"})
	stays("into the keyring over somebody else's change", byPassphrase, secrets.Given{Passphrase: "first"}, 0, err, "profile.changed")
	t.Run("into a keyring that can't be reached", func(t *testing.T) {
		servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
		_, err := v.Save(t.Context(), byKey, moved.Revision, secrets.Change{Passphrase: "first"})
		expect.Reason(t, err, "secrets.no_bus")
		wantSecrets(t, v, byPassphrase, secrets.Given{Passphrase: "first"}, planted)
	})

	changed := save(t, v, byPassphrase, moved.Revision, secrets.Change{Passphrase: "first", NewPassphrase: "second"})
	_, err = v.Open(t.Context(), byPassphrase, secrets.Given{Passphrase: "first"})
	stays("another passphrase", byPassphrase, secrets.Given{Passphrase: "second"}, 0, err, "secrets.wrong_passphrase")

	save(t, v, byKey, changed.Revision, secrets.Change{Passphrase: "second"})
	wantSecrets(t, v, byKey, secrets.Given{}, planted)
	if _, sealed, err := v.Kept(byKey.ID); err != nil || sealed || len(keys(t)) != 1 {
		t.Errorf("%v, %v; keys are %v", sealed, err, keys(t))
	}
}

// What replaces all that was kept would otherwise be sealed by a passphrase that nobody knows.
func TestAMistypedPassphraseSealsNothing(t *testing.T) {
	t.Parallel()
	_, v := vault(t)
	v.Hasten()
	p := environment(t, profile.FromPassphrase)
	saved := save(t, v, p, "", secrets.Change{Set: profile.Secrets{RedisPassword: "old"}, Passphrase: "first"})
	replace := secrets.Change{Set: profile.Secrets{RedisPassword: "new"}, Passphrase: "frist"}
	_, err := v.Save(t.Context(), p, saved.Revision, replace)
	expect.Reason(t, err, "secrets.wrong_passphrase")
	wantSecrets(t, v, p, secrets.Given{Passphrase: "first"}, profile.Secrets{RedisPassword: "old"})
	replace.Forget = true // for whoever doesn't know the first any more
	save(t, v, p, saved.Revision, replace)
	wantSecrets(t, v, p, secrets.Given{Passphrase: "frist"}, profile.Secrets{RedisPassword: "new"})
}

func TestAllSecretsOfAProfileAreForgotten(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	p := environment(t, profile.FromKeyring)
	planted, _ := planted()
	saved := save(t, v, p, "", secrets.Change{Set: planted})
	forgotten := func() {
		t.Helper()
		if names, _, err := v.Kept(p.ID); err != nil || len(names) != 0 || len(files(t, s)) != 1 {
			t.Errorf("left are %v, %v, %v", names, files(t, s), err)
		}
	}
	for range 2 { // the second finds nothing, which is as good
		if err := v.Forget(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
		forgotten()
	}
	if left := keys(t); len(left) != 0 {
		t.Errorf("keys are %v", left)
	}
	wantSecrets(t, v, p, secrets.Given{}, profile.Secrets{})

	save(t, v, p, saved.Revision, secrets.Change{Set: planted})
	servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "none"))
	expect.Reason(t, v.Forget(t.Context(), p.ID), "secrets.key_left")
	forgotten()
	if err := os.WriteFile(s.Path(p.ID, ".secrets.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := v.Forget(t.Context(), p.ID); err != nil {
		t.Error(err)
	}
	forgotten()
}
