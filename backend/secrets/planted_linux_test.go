package secrets_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

// Twenty planted secrets, ten sealed by the keyring and ten by a passphrase, are looked for in whatever a profile and its
// secrets leave behind: files, logs, errors, printed values, JSON, exports and what processes show of themselves.
func TestPlantedSecretsAreFoundNowhere(t *testing.T) {
	servertest.Keyring(t)
	s, v := vault(t)
	v.Hasten()
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var texts []string
	for round, kind := range []profile.SecretsKind{profile.FromKeyring, profile.FromPassphrase} {
		p := environment(t, kind)
		p.ID, p.Name = fmt.Sprintf("round-%d", round), fmt.Sprintf("Round %d", round)
		var set profile.Secrets
		for i, name := range profile.SecretNames() {
			text := fmt.Sprintf("pl4nted-%d-%02d-\"quoted\"", round, i)
			texts = append(texts, text, strings.ReplaceAll(text, `"`, `\"`), fmt.Sprintf("%x", text))
			*set.At(name) = profile.Secret(text)
		}
		change := secrets.Change{Set: set, Passphrase: "pl4nted-passphrase"}
		texts = append(texts, "pl4nted-passphrase")
		saved := save(t, v, p, "", change)
		given := secrets.Given{Passphrase: change.Passphrase, Answers: &set}
		opened, err := v.Open(t.Context(), p, given)
		if err != nil {
			t.Fatal(err)
		}
		for i, value := range []any{change, saved, opened, &opened, given, profile.Access{Profile: p, Secrets: opened}, opened.SSHKey} {
			logger.Info("value", "value", value, slog.Group("group", "value", value))
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
				search(t, fmt.Sprintf("value %d by %s", i, verb), fmt.Sprintf(verb, value), texts)
			}
			encoded, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			search(t, fmt.Sprintf("value %d in JSON", i), string(encoded), texts)
		}
		evil := p
		evil.Postgres.Hosts = []string{"evil.example:1"}
		for _, wrong := range []secrets.Given{{Passphrase: "pl4nted-passphrase"}, {Passphrase: "other"}, {}} {
			if _, err := v.Open(t.Context(), evil, wrong); err != nil {
				logger.Error("refused", "error", err)
				search(t, "an error", fmt.Sprintf("%v %+v %#v", err, err, err), texts)
			}
		}
		_, err = v.Save(t.Context(), p, "", change)
		expect.Reason(t, err, "profile.changed")
		search(t, "an error", err.Error(), texts)
		exported, err := profile.Export(p)
		if err != nil {
			t.Fatal(err)
		}
		search(t, "the export", string(exported), texts)
	}
	search(t, "the log", log.String(), texts)
	searchFolder(t, s, texts)
	for _, what := range []string{"cmdline", "environ"} {
		shown, err := filepath.Glob("/proc/[0-9]*/" + what)
		if err != nil || len(shown) < 2 {
			t.Fatalf("%v, %v", shown, err)
		}
		for _, path := range shown {
			f, err := os.Open(path)
			if err != nil {
				continue // another user's, or gone
			}
			b, _ := io.ReadAll(f) // it may have ended meanwhile
			_ = f.Close()
			search(t, path, string(b), texts)
		}
	}
}
