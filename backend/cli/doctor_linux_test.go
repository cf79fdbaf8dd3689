package cli_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestDoctorOnTheCommandLine(t *testing.T) {
	newOperator(t)
	a := servertest.Access(t, servertest.Database(t), servertest.Redis(t))
	a.Profile.Name, a.Profile.Kind, a.Profile.Workers.Mode = "Tokyo", profile.Development, profile.NoCalls
	a.Profile.SecretsFrom = profile.SecretsFrom{Kind: profile.FromCommand, Command: []string{"/bin/cat", secretsFile(t, a.Secrets)}}
	store, err := profile.OpenStore(os.Getenv("OPSDECK_CONFIG_DIR"))
	if err != nil {
		t.Fatal(err)
	}
	a.Profile.ID = store.FreeID(a.Profile.Name)
	if _, err := store.Save(a.Profile.Normal(), ""); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (string, error) {
		out, _, err := opsctl(t, strings.NewReader(""), append([]string{"doctor", "--profile", "Tokyo"}, args...)...)
		return out, err
	}
	out, err := run("--json")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	steps := 0
	for line := range strings.Lines(out) {
		var finding struct{ Check, State, Reason, Message string }
		if err := json.Unmarshal([]byte(line), &finding); err != nil || finding.Check == "" || finding.Message == "" {
			t.Errorf("%v: %s", err, line)
		}
		steps++
	}
	if steps < 12 {
		t.Errorf("%d steps:\n%s", steps, out)
	}
	if err := store.Remember(a.Profile.ID, func(l *profile.Local) { l.SystemIdentifier = "1" }); err != nil {
		t.Fatal(err)
	}
	if out, err := run(); err == nil || !strings.Contains(out, "another server") {
		t.Errorf("another server: %v\n%s", err, out)
	}
	if out, err := run("--accept-server"); err != nil {
		t.Errorf("accepting it: %v\n%s", err, out)
	}
	if local, err := store.Local(a.Profile.ID); err != nil || len(local.SystemIdentifier) < 10 {
		t.Errorf("%+v, %v", local, err)
	}
	if out, err := run(); err != nil {
		t.Errorf("afterwards: %v\n%s", err, out)
	}
	if _, _, err := opsctl(t, strings.NewReader(""), "doctor", "--profile", "nobody"); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("a profile that isn't there: %v", err)
	}
}

func secretsFile(t *testing.T, s profile.Secrets) string {
	t.Helper()
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return file(t, string(text))
}
