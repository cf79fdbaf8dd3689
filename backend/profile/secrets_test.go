package profile_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

// planted fills every secret there is, so that one that is added later is tested too.
func planted() (profile.Secrets, []string) {
	var s profile.Secrets
	var texts []string
	for i, name := range profile.SecretNames() {
		text := fmt.Sprintf("pl4nted-%d", i)
		*s.At(name) = profile.Secret(text)
		texts = append(texts, text)
	}
	return s, texts
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	s, _ := planted()
	var log strings.Builder
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("opening", "secrets", s, "access", profile.Access{Secrets: s}, "one", s.PostgresPassword, "pointer", &s)
	}
	printed := []string{log.String(), fmt.Errorf("%w: %v", errors.New("no"), s.RedisPassword).Error(), fmt.Sprint(s, &s, s.WorkerKey)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printed = append(printed, fmt.Sprintf(verb, s), fmt.Sprintf(verb, &s), fmt.Sprintf(verb, s.SSHKey), fmt.Sprintf(verb, &s.SSHKey),
			fmt.Sprintf(verb, profile.Access{Secrets: s}), fmt.Sprintf(verb, []profile.Secret{s.S3SecretKey}))
	}
	for _, value := range []any{s, &s, s.SSHKey, profile.Access{Secrets: s}, map[string]any{"s": s.SSHKey}} {
		b, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		printed = append(printed, string(b))
	}
	for _, out := range printed {
		if strings.Contains(out, "pl4nted") || strings.Contains(strings.ToLower(out), fmt.Sprintf("%x", "pl4nted")) {
			t.Errorf("a secret is in %s", out)
		}
	}
	if got := fmt.Sprint(profile.Secrets{RedisPassword: "x", SSHKey: "y"}); got != "secrets(redis_password ssh_key)" {
		t.Errorf("names are %s", got)
	}
}

func TestEverySecretHasANameAndIsEncoded(t *testing.T) {
	t.Parallel()
	s, texts := planted()
	if fields := reflect.TypeFor[profile.Secrets]().NumField(); len(profile.SecretNames()) != fields || len(s.Names()) != fields {
		t.Errorf("%d names, %d of them set, for %d fields", len(profile.SecretNames()), len(s.Names()), fields)
	}
	encoded, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if !strings.Contains(string(encoded), text) {
			t.Errorf("%s is missing", text)
		}
	}
	if back, err := profile.DecodeSecrets(encoded); err != nil || back != s {
		t.Errorf("%v, %v", back, err)
	}
}

func TestWhatIsNoSecretsIsRefusedWithoutQuotingIt(t *testing.T) {
	t.Parallel()
	for _, encoded := range []string{"", "pl4nted", `"pl4nted"`, `{"pl4nted": "x"}`, `{"ssh_key": {"pl4nted": 1}}`, `["pl4nted"]`} {
		if s, err := profile.DecodeSecrets([]byte(encoded)); err == nil || strings.Contains(err.Error(), "pl4nted") {
			t.Errorf("%s gives %v, %v", encoded, s, err)
		}
	}
}
