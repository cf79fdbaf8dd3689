package profile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
)

func TestWhatIsSavedIsReadAgain(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	revision := save(t, s, p, "")
	got, base, err := s.Get(p.ID)
	if err != nil || base != revision || !reflect.DeepEqual(got, p) {
		t.Fatalf("%+v, %s, %v", got, base, err)
	}
	info, err := os.Stat(s.Path(p.ID, ".profile.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(s.Dir()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	p.Name = "京都"
	save(t, s, p, base)
	for _, name := range []string{"tokyo", "京都", " 京都 "} {
		if got, _, err := s.Find(name); err != nil || got.Name != "京都" {
			t.Errorf("%s finds %v, %v", name, got, err)
		}
	}
	for range 2 {
		if err := s.Delete(p.ID); err != nil {
			t.Fatal(err)
		}
	}
	_, _, err = s.Find("tokyo")
	expect.Reason(t, err, "profile.not_found")
	expect.Reason(t, s.Delete("../x"), "profile.not_found")
}

func TestWhatWasChangedMeanwhileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	first := save(t, s, p, "")
	_, err := s.Save(p, "")
	expect.Reason(t, err, "profile.changed")
	p.Color = profile.Pink
	save(t, s, p, first)
	p.Color = profile.Green
	_, err = s.Save(p, first)
	expect.Reason(t, err, "profile.changed")
	if got, _, err := s.Get(p.ID); err != nil || got.Color != profile.Pink {
		t.Errorf("%v, %v", got, err)
	}
}

func TestNamesThatLookAlikeAreRefused(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	p.Name = "Production"
	save(t, s, p, "")
	for i, name := range []string{"production", "Ｐroduction", " Production ", "tokyo"} {
		other := complete(t)
		other.ID, other.Name = fmt.Sprintf("other-%d", i), name
		_, err := s.Save(other, "")
		expect.Reason(t, err, "profile.name_taken")
	}
	p.ID, p.Name = "sandbox", "S"
	_, err := s.Save(p, "")
	expect.Reason(t, err, "profile.reserved_id")
}

func TestIDsComeFromNames(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	p.ID = "tokyo-2"
	save(t, s, p, "")
	if err := s.WriteBeside("old", ".sealed", []byte("x")); err != nil { // left of a profile that is gone
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Staging  EU/1": "staging-eu-1", "東京": "profile", "Tokyo 2": "tokyo-2-2", "Old": "old-2", "CON": "profile", "sandbox": "profile",
		strings.Repeat("ab ", 40): strings.TrimSuffix(strings.Repeat("ab-", 14)[:40], "-"),
	} {
		if got := s.FreeID(name); got != want {
			t.Errorf("%s becomes %s, not %s", name, got, want)
		}
	}
}

func TestListsGoByLastUse(t *testing.T) {
	t.Parallel()
	s := store(t)
	for _, name := range []string{"b", "c", "a"} {
		p := complete(t)
		p.ID, p.Name = name, name
		save(t, s, p, "")
	}
	opened := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if err := s.Remember("c", func(l *profile.Local) { l.LastOpened = opened }); err != nil {
		t.Fatal(err)
	}
	expect.Reason(t, s.Remember("gone", func(*profile.Local) {}), "profile.not_found")
	if got, want := listed(t, s), "c a b"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if local, err := s.Local("c"); err != nil || !local.LastOpened.Equal(opened) {
		t.Errorf("%+v, %v", local, err)
	}
	// Another profile of that id, later, was never opened.
	if err := s.Delete("c"); err != nil {
		t.Fatal(err)
	}
	if local, err := s.Local("c"); err != nil || local != (profile.Local{}) {
		t.Errorf("%+v, %v", local, err)
	}
}

func listed(t *testing.T, s *profile.Store) string {
	t.Helper()
	entries, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		if e.Err != nil {
			e.ID += "!"
		}
		ids = append(ids, e.ID)
	}
	return strings.Join(ids, " ")
}

func TestADamagedFileIsToldAndLeftAlone(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	save(t, s, p, "")
	whole, err := os.ReadFile(s.Path(p.ID, ".profile.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(whole)
	for reason, damaged := range map[string][]string{
		"profile.unreadable": {
			"", "{", text[:len(text)/2], text + "{}", strings.Replace(text, `"name"`, `"Name"`, 1), strings.Replace(text, `"name"`, `"surprise"`, 1),
			strings.Replace(text, `"user"`, `"database"`, 1), strings.Replace(text, "東京", "\xff", 1), strings.Replace(text, `"tls": true`, `"tls": 1`, 1),
			strings.Repeat("[", 100_000),
		},
		"profile.no_profile":      {`{}`, `{"format": "other", "version": 1}`, strings.Replace(text, `"version": 2`, `"version": 0`, 1)},
		"profile.newer":           {strings.Replace(text, `"version": 2`, `"version": 99, "more": 1`, 1)},
		"profile.too_large":       {text + strings.Repeat(" ", 1<<20)},
		"profile.bad_choice":      {strings.Replace(text, `"production"`, `"harmless"`, 1)},
		"profile.renamed":         {strings.Replace(text, `"id": "tokyo"`, `"id": "osaka"`, 1)},
		"profile.bad_id":          {strings.Replace(text, `"id": "tokyo"`, `"id": "../tokyo"`, 1)},
		"profile.private_key":     {strings.Replace(text, "BEGIN CERTIFICATE", "BEGIN PRIVATE KEY", 1)},
		"profile.bad_address":     {strings.Replace(text, "db-1.example:5432", "u:pw@db-1.example:5432", 1)},
		"profile.bad_name":        {strings.Replace(text, "東京", "\u202e東京", 1)},
		"profile.missing":         {strings.Replace(text, `"database": "jobs"`, `"database": ""`, 1)},
		"profile.bad_url":         {strings.Replace(text, "https://s3.example:9000", "https://u:pw@s3.example:9000", 1)},
		"profile.bad_text":        {strings.Replace(text, `"user": "ops"`, `"user": "o\nps"`, 1)},
		"profile.bad_known_hosts": {strings.Replace(text, "ssh-ed25519", "ssh-none x", 1)},
	} {
		for i, content := range damaged {
			write(t, s.Path("tokyo", ".profile.json"), content, 0o600)
			_, _, err := s.Get("tokyo")
			expect.Reason(t, err, reason)
			if t.Failed() {
				t.Fatalf("%s, number %d", reason, i)
			}
			if got := listed(t, s); got != "tokyo!" {
				t.Errorf("listed %s", got)
			}
			if b, err := os.ReadFile(s.Path("tokyo", ".profile.json")); err != nil || string(b) != content {
				t.Errorf("the file was changed, %v", err)
			}
		}
	}
}

func TestFilesOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	s := store(t)
	p := complete(t)
	save(t, s, p, "")
	file := s.Path(p.ID, ".profile.json")
	for name, spoil := range map[string]func() error{
		"others may read":   func() error { return os.Chmod(file, 0o644) },
		"a group may write": func() error { return os.Chmod(file, 0o660) },
		"a link":            func() error { return errors.Join(os.Rename(file, file+"x"), os.Symlink(file+"x", file)) },
		"a folder":          func() error { return errors.Join(os.Remove(file), os.Mkdir(file, 0o700)) },
	} {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
		save(t, s, p, "")
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.Get(p.ID)
		if err == nil {
			t.Errorf("%s: it is read", name)
		}
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "profiles"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := profile.OpenStore(dir)
	expect.Reason(t, err, "profile.not_private")
}

// Writers in several places neither damage a file nor lose each other's change: all but one of each round are refused.
func TestTwoWindowsAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := complete(t)
	s, err := profile.OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	base := save(t, s, p, "")
	for range 10 {
		var writers sync.WaitGroup
		saved := make(chan profile.Revision, 8)
		for i := range 8 {
			writers.Go(func() {
				own, err := profile.OpenStore(dir)
				if err != nil {
					t.Error(err)
					return
				}
				mine := p
				mine.Name = fmt.Sprintf("%d of %s", i, base[:8])
				if r, err := own.Save(mine, base); err == nil {
					saved <- r
				}
				if _, _, err := own.Get(p.ID); err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		if base = <-saved; len(saved) != 0 {
			t.Errorf("%d more were saved", len(saved))
		}
	}
}
