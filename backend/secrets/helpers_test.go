package secrets_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/secrets"
	"github.com/opsdeck/opsdeck/backend/servertest/testcert"
)

func vault(t *testing.T) (*profile.Store, *secrets.Vault) {
	t.Helper()
	s, err := profile.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return s, secrets.New(s)
}

// environment is a profile that may need every secret there is.
func environment(t *testing.T, from profile.SecretsKind, command ...string) profile.Profile {
	t.Helper()
	pem := testcert.Issue(t, nil).CertPEM
	p := profile.Profile{
		ID: "here", Name: "Here", Kind: profile.Staging,
		Postgres: profile.Postgres{Hosts: []string{"db.example:5432"}, Database: "jobs", User: "ops", ClientCertificate: pem},
		Redis: profile.Redis{
			Mode: profile.Sentinel, Addresses: []string{"s.example:26379"}, User: "ops", MasterName: "jobs", TLS: true, ClientCertificate: pem,
		},
		Workers:     profile.Workers{Mode: profile.MutualTLS, Certificate: pem, Trust: pem},
		Reach:       profile.Reach{Kind: profile.Direct},
		Logs:        profile.Logs{Endpoint: "https://s3.example", Bucket: "logs", Credentials: profile.StaticCredentials, AccessKey: "AK"},
		SecretsFrom: profile.SecretsFrom{Kind: from, Command: command},
	}.Normal()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	return p
}

// planted fills every secret there is.
func planted() (s profile.Secrets, texts []string) {
	for i, name := range profile.SecretNames() {
		text := fmt.Sprintf("pl4nted-%02d-secret", i)
		*s.At(name) = profile.Secret(text)
		texts = append(texts, text)
	}
	return s, texts
}

func save(t *testing.T, v *secrets.Vault, p profile.Profile, base profile.Revision, change secrets.Change) secrets.Saved {
	t.Helper()
	saved, err := v.Save(t.Context(), p, base, change)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func wantSecrets(t *testing.T, v *secrets.Vault, p profile.Profile, given secrets.Given, want profile.Secrets) {
	t.Helper()
	got, err := v.Open(t.Context(), p, given)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range profile.SecretNames() {
		if *got.At(name) != *want.At(name) {
			t.Errorf("%s is not what was kept", name)
		}
	}
}

func profileNames(names []profile.SecretName) string {
	var texts []string
	for _, n := range names {
		texts = append(texts, string(n))
	}
	return strings.Join(texts, " ")
}

func file(t *testing.T, s *profile.Store, p profile.Profile) string {
	t.Helper()
	b, err := os.ReadFile(s.Path(p.ID, ".secrets.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// files are the names in the store's folder, but its lock.
func files(t *testing.T, s *profile.Store) (names []string) {
	t.Helper()
	list, err := os.ReadDir(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		if f.Name() != ".lock" {
			names = append(names, f.Name())
		}
	}
	return names
}

// searchFolder looks for texts in all files of a store.
func searchFolder(t *testing.T, s *profile.Store, texts []string) {
	t.Helper()
	list, err := os.ReadDir(s.Dir())
	if err != nil || len(list) < 2 {
		t.Fatalf("%v, %v", list, err)
	}
	for _, f := range list {
		b, err := os.ReadFile(s.Dir() + "/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		search(t, f.Name(), string(b), texts)
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func search(t *testing.T, where, in string, texts []string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(in, text) {
			t.Errorf("%s is in %s: %s", text, where, in)
		}
	}
}

// items are what the keyring has of ours.
func items(t *testing.T) []dbus.BusObject {
	t.Helper()
	conn, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	var open, locked []dbus.ObjectPath
	service := conn.Object("org.freedesktop.secrets", "/org/freedesktop/secrets")
	if err := service.Call("org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{"service": "opsdeck"}).Store(&open, &locked); err != nil {
		t.Fatal(err)
	}
	var objects []dbus.BusObject
	for _, path := range append(open, locked...) {
		objects = append(objects, conn.Object("org.freedesktop.secrets", path))
	}
	return objects
}

func keys(t *testing.T) (accounts []string) {
	t.Helper()
	for _, item := range items(t) {
		attributes, err := item.GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			t.Fatal(err)
		}
		accounts = append(accounts, attributes.Value().(map[string]string)["username"])
	}
	return accounts
}

func forgetKeys(t *testing.T) {
	t.Helper()
	if err := keyring.DeleteAll("opsdeck"); err != nil {
		t.Fatal(err)
	}
}
