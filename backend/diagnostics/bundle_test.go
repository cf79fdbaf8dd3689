package diagnostics_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/diagnostics"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/localstate"
	"github.com/opsdeck/opsdeck/backend/profile"
)

const planted = "pl4nted-s3cret"

// files gives what a bundle holds.
func files(t *testing.T, b diagnostics.Bundle) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return expect.Unzipped(t, archive)
}

func bundle() diagnostics.Bundle {
	now := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	return diagnostics.Bundle{
		About:   diagnostics.Describe("1.2.3", now.Add(-time.Hour), now),
		Session: map[string]any{"environment": "staging"},
		Profiles: []map[string]any{{"id": "staging", "postgres": []string{"db.tokyo.example:5432", "db.tokyo.example.net:5432", "127.0.0.1:5432"},
			"url": "postgres://u:" + planted + "@db.tokyo.example/jobs"}},
		Findings: []string{"10.1.2.3 refused the connection: password=" + planted},
		Settings: map[string]string{"language": "ja"},
		Log:      []byte("level=ERROR msg=\"dial 10.1.2.3:6379\" token=" + planted + "\nlookup db.tokyo.example.net: no such host\n"),
		MadeAt:   now, Mask: localstate.Mask,
	}
}

func TestABundleHoldsNoSecret(t *testing.T) {
	t.Parallel()
	found := files(t, bundle())
	for _, name := range []string{"README.txt", "about.json", "session.json", "profiles.json", "findings.json", "settings.json", "log.txt", "goroutines.txt"} {
		if found[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	for name, text := range found {
		if strings.Contains(text, planted) {
			t.Errorf("%s holds a secret: %s", name, text)
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON any more: %s", name, text)
		}
	}
	if !strings.Contains(found["profiles.json"], "db.tokyo.example") || !strings.Contains(found["about.json"], "1.2.3") {
		t.Errorf("what helps is missing: %v", found)
	}
}

func TestHostsAreMaskedEverywhereOnRequest(t *testing.T) {
	t.Parallel()
	b := bundle()
	b.Hosts = []string{"db.tokyo.example:5432", "db.tokyo.example.net:5432", "10.1.2.3:6379", "127.0.0.1:5432", "/tmp/socket", ""}
	found := files(t, b)
	for name, text := range found {
		if strings.Contains(text, "tokyo") || strings.Contains(text, "10.1.2.3") {
			t.Errorf("%s names a host: %s", name, text)
		}
	}
	for name, want := range map[string]string{"profiles.json": "host-2:5432", "log.txt": "dial host-3:6379", "findings.json": "host-3 refused"} {
		if !strings.Contains(found[name], want) {
			t.Errorf("%s lacks %s: %s", name, want, found[name])
		}
	}
	if !strings.Contains(found["profiles.json"], "127.0.0.1:5432") || !strings.Contains(found["log.txt"], "lookup host-2:") {
		t.Errorf("%v", found)
	}
}

func TestAboutNamesFlagsWithoutTheirValues(t *testing.T) {
	t.Parallel()
	about := diagnostics.Describe("x", time.Now(), time.Now())
	if about.Go == "" || about.Processors < 1 || about.Memory.System == 0 {
		t.Errorf("%+v", about)
	}
	if slices.ContainsFunc(about.Arguments, func(a string) bool { return strings.Contains(a, "=") || !strings.HasPrefix(a, "-") }) {
		t.Errorf("%v", about.Arguments)
	}
}

func TestAProfilesShapeLeavesOutWhatMayBeSecret(t *testing.T) {
	t.Parallel()
	p := profile.Profile{
		ID: "staging", Postgres: profile.Postgres{Hosts: []string{"db.example:5432"}, Replicas: []string{"replica.example:5432"}, ServerCA: planted},
		Redis:   profile.Redis{Addresses: []string{"cache.example:6379"}},
		Workers: profile.Workers{Rewrite: []profile.Rewrite{{From: "10.0.0.1:50051", To: "gate.example:50051"}}, Trust: planted},
		Reach:   profile.Reach{Address: "jump.example:22", KnownHosts: "jump.example ssh-ed25519 " + planted},
		Logs:    profile.Logs{Endpoint: "https://s3.example:9000", AccessKey: planted}, SecretsFrom: profile.SecretsFrom{Command: []string{"vault", planted}},
	}
	shape := diagnostics.ShapeOf(p)
	b := bundle()
	b.Profiles, b.Hosts = []diagnostics.Shape{shape}, diagnostics.HostsOf(p)
	text := files(t, b)["profiles.json"]
	if strings.Contains(text, planted) || strings.Contains(text, ".example") || strings.Contains(text, "10.0.0.1") {
		t.Errorf("it tells too much: %s", text)
	}
	if shape.Lengths["secrets_from.command"] != 2 || shape.Lengths["postgres.server_ca"] != len(planted) || p.Postgres.ServerCA != planted {
		t.Errorf("%+v", shape.Lengths)
	}
}
