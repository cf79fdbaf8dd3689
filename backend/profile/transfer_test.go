package profile_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
)

func export(t testing.TB, p profile.Profile) []byte {
	t.Helper()
	b, err := profile.Export(p)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnExportIsImportedElsewhere(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	i, err := s.ReadImport(export(t, p))
	if err != nil || i.Base != "" || len(i.Notes) != 0 || !reflect.DeepEqual(i.Profile, p) {
		t.Fatalf("%+v, %v", i, err)
	}
	if entries, err := s.List(); err != nil || len(entries) != 0 {
		t.Errorf("reading alone wrote %v, %v", entries, err)
	}
	save(t, s, i.Profile, i.Base)
}

func TestAnImportCantRunAnything(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	p.SecretsFrom = profile.SecretsFrom{Kind: profile.FromCommand, Command: []string{"sh", "-c", "evil"}}
	if b := export(t, p); strings.Contains(string(b), "evil") {
		t.Errorf("the command is exported: %s", b)
	}
	hostile := strings.Replace(string(export(t, complete(t))), `"kind": "keyring",`, `"kind": "command",`, 1)
	hostile = strings.Replace(hostile, `"command": []`, `"command": ["sh", "-c", "evil"]`, 1)
	i, err := s.ReadImport([]byte(hostile))
	if err != nil || i.Profile.SecretsFrom.Kind != profile.FromOperator || i.Profile.SecretsFrom.Command != nil || !slices.Equal(i.Notes, []profile.Note{profile.CommandDropped}) {
		t.Errorf("%+v, %v", i, err)
	}
}

func TestAnImportOverAProfileThatIsHere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*profile.Profile)
		notes  []profile.Note
		check  func(profile.Profile) bool
	}{
		"the same": {func(*profile.Profile) {}, nil, func(profile.Profile) bool { return true }},
		"less careful": {
			func(p *profile.Profile) { p.Kind = profile.Development }, []profile.Note{profile.KindKept},
			func(p profile.Profile) bool { return p.Kind == profile.Staging },
		},
		"more careful": {
			func(p *profile.Profile) { p.Kind = profile.Production }, []profile.Note{profile.KindRaised, profile.WayChanged},
			func(p profile.Profile) bool { return p.Kind == profile.Production },
		},
		"open for longer": {
			func(p *profile.Profile) { p.IdleMinutes = 0 }, nil, func(p profile.Profile) bool { return p.IdleMinutes == 20 },
		},
		"open for less long": {
			func(p *profile.Profile) { p.IdleMinutes = 5 }, nil, func(p profile.Profile) bool { return p.IdleMinutes == 5 },
		},
		"another host": {
			func(p *profile.Profile) { p.Redis.Addresses = []string{"evil.example:26379"} }, []profile.Note{profile.WayChanged},
			func(p profile.Profile) bool { return p.Redis.Addresses[0] == "evil.example:26379" },
		},
		"another source": {
			func(p *profile.Profile) { p.SecretsFrom.Kind = profile.FromOperator }, []profile.Note{profile.SourceKept},
			func(p profile.Profile) bool { return p.SecretsFrom.Kind == profile.FromKeyring },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := store(t)
			here := complete(t)
			here.Kind, here.IdleMinutes = profile.Staging, 20
			base := save(t, s, here, "")
			incoming := here
			test.change(&incoming)
			i, err := s.ReadImport(export(t, incoming))
			if err != nil || i.Base != base || !slices.Equal(i.Notes, test.notes) || !test.check(i.Profile) || !reflect.DeepEqual(i.Replaces, here) {
				t.Fatalf("%+v, %v", i, err)
			}
			beside := s.AsNew(i, "Beside")
			if beside.Profile.ID != "beside" || beside.Base != "" || len(beside.Notes) != 0 {
				t.Errorf("%+v", beside)
			}
			save(t, s, beside.Profile, beside.Base)
			save(t, s, i.Profile, i.Base)
		})
	}
}

func TestTheSandboxIsNotImported(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	p.ID = "sandbox"
	i, err := s.ReadImport(export(t, p))
	if err != nil || i.Profile.ID != "profile" || !slices.Equal(i.Notes, []profile.Note{profile.IDChanged}) {
		t.Errorf("%+v, %v", i, err)
	}
}

// Whatever is imported is refused, or is a profile that may be kept: normal, valid, without a command, and no less careful than the
// one that is here.
func FuzzImport(f *testing.F) {
	p := complete(f)
	f.Add(export(f, p))
	p.SecretsFrom.Kind, p.Kind, p.Reach.Kind = profile.FromPassphrase, profile.Sandbox, profile.SOCKS5
	f.Add(export(f, p))
	f.Add([]byte(`{"format": "opsdeck-profile", "version": 1, "profile": {"id": "tokyo", "secrets_from": {"kind": "command", "command": ["sh"]}}}`))
	f.Add([]byte(strings.Repeat(`{"profile":`, 1000)))
	s := store(f)
	save(f, s, complete(f), "")
	f.Fuzz(func(t *testing.T, b []byte) {
		i, err := s.ReadImport(b)
		if err != nil {
			return
		}
		p := i.Profile
		if err := p.Validate(); err != nil || !reflect.DeepEqual(p, p.Normal()) {
			t.Errorf("%+v is not what is kept: %v", p, err)
		}
		if p.SecretsFrom.Kind == profile.FromCommand || p.SecretsFrom.Command != nil {
			t.Errorf("it would run %q", p.SecretsFrom.Command)
		}
		if p.ID == "tokyo" && p.Kind != profile.Production {
			t.Errorf("production became %s", p.Kind)
		}
		again, err := s.ReadImport(export(t, p))
		if err != nil || !reflect.DeepEqual(again.Profile, p) {
			t.Errorf("exported and imported again: %+v, %v", again.Profile, err)
		}
	})
}
