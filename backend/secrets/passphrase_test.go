package secrets_test

import (
	"os"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
)

func TestAPassphraseSealsWhereThereIsNoKeyring(t *testing.T) {
	t.Parallel()
	s, v := vault(t)
	v.Hasten()
	p := environment(t, profile.FromPassphrase)
	planted, texts := planted()
	_, err := v.Save(t.Context(), p, "", secrets.Change{Set: planted})
	expect.Reason(t, err, "secrets.passphrase_wanted")
	if left := files(t, s); len(left) != 0 {
		t.Fatalf("left are %v", left)
	}
	saved := save(t, v, p, "", secrets.Change{Set: planted, Passphrase: "first"})
	searchFolder(t, s, append(texts, "first"))
	wantSecrets(t, v, p, secrets.Given{Passphrase: "first"}, planted)
	_, err = v.Open(t.Context(), p, secrets.Given{})
	expect.Reason(t, err, "secrets.passphrase_wanted")
	_, err = v.Open(t.Context(), p, secrets.Given{Passphrase: "pl4nted-wrong"})
	expect.Reason(t, err, "secrets.wrong_passphrase")
	search(t, "the error", err.Error(), []string{"pl4nted-wrong"})

	if err := v.Rotate(t.Context(), p.ID, "first", "second"); err != nil {
		t.Fatal(err)
	}
	_, err = v.Open(t.Context(), p, secrets.Given{Passphrase: "first"})
	expect.Reason(t, err, "secrets.wrong_passphrase")
	wantSecrets(t, v, p, secrets.Given{Passphrase: "second"}, planted)

	evil := p
	evil.Postgres.Hosts = []string{"evil.example:5432"}
	_, err = v.Open(t.Context(), evil, secrets.Given{Passphrase: "second"})
	expect.Reason(t, err, "secrets.other_servers")

	// Names and the binding are readable in the file: a changed one is noticed.
	whole := file(t, s, p)
	for _, part := range []string{"redis_password", "names", "bound", "box"} {
		changed := []byte(whole)
		i := strings.LastIndex(whole, part) + len(part) - 1
		if part == "box" {
			i = len(whole) - 200 // in the very secrets
		}
		changed[i] ^= 1
		if err := os.WriteFile(s.Path(p.ID, ".secrets.json"), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := v.Open(t.Context(), p, secrets.Given{Passphrase: "second"}); err == nil || got != (profile.Secrets{}) {
			t.Fatalf("%s: %v, %v", part, got, err)
		}
	}
	if err := os.WriteFile(s.Path(p.ID, ".secrets.json"), []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}

	// A file that can't even be read is in nobody's way: what is entered takes its place.
	if err := os.WriteFile(s.Path(p.ID, ".secrets.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = v.Save(t.Context(), p, saved.Revision, secrets.Change{Passphrase: "second"})
	expect.Reason(t, err, "secrets.damaged")
	saved = save(t, v, p, saved.Revision, secrets.Change{Passphrase: "second", Set: planted})
	wantSecrets(t, v, p, secrets.Given{Passphrase: "second"}, planted)

	// A profile that asks each time keeps nothing of it.
	p.SecretsFrom.Kind = profile.FromOperator
	saved = save(t, v, p, saved.Revision, secrets.Change{})
	if len(saved.Dropped) != len(texts) {
		t.Errorf("dropped %v", saved.Dropped)
	}
	if names, _, err := v.Kept(p.ID); err != nil || len(names) != 0 {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAProfileThatAsksKeepsNothing(t *testing.T) {
	t.Parallel()
	s, v := vault(t)
	p := environment(t, profile.FromOperator)
	_, err := v.Save(t.Context(), p, "", secrets.Change{Set: profile.Secrets{SSHKey: "x"}})
	expect.Reason(t, err, "secrets.not_kept")
	save(t, v, p, "", secrets.Change{})
	_, err = v.Open(t.Context(), p, secrets.Given{})
	expect.Reason(t, err, "secrets.answers_wanted")
	answers, _ := planted()
	wantSecrets(t, v, p, secrets.Given{Answers: &answers}, answers)
	if left := files(t, s); len(left) != 1 {
		t.Errorf("left are %v", left)
	}
}
