//go:build !bindings && linux

package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/signers"
	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestAnArchiveIsSignedWithTheKeyFromTheKeyring(t *testing.T) {
	source, done, err := connect.HistoryAt(t.Context(), servertest.Database(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	e := exporter{source, profile.Profile{Name: "Staging", Kind: profile.Staging}, "test"}
	path := filepath.Join(t.TempDir(), "a.opsdeck")
	export := func() error {
		order := desktop.ArchiveOrder{Path: path, Replace: true, Sign: true, TimeZone: "UTC"}
		return e.Export(t.Context(), order, func(context.Context) error { return nil }, func(desktop.ArchiveProgress) {})
	}

	servertest.UseBus(t, "unix:path="+filepath.Join(t.TempDir(), "nobody"))
	if who, err := e.Signer(t.Context()); desktop.Wire(err).Reason != "secrets.sign_no_keyring" {
		t.Errorf("without a keyring: %+v, %v", who, err)
	}
	if err := export(); scheduler.CodeOf(err) != scheduler.Unavailable {
		t.Errorf("signed without a keyring: %v", err)
	}

	servertest.Keyring(t)
	if who, err := e.Signer(t.Context()); err != nil || who.Name == "" || who.Fingerprint != "" {
		t.Errorf("before there is a key: %+v, %v", who, err)
	}
	if err := export(); err != nil {
		t.Fatal(err)
	}
	who, err := e.Signer(t.Context())
	if err != nil || who.Fingerprint == "" {
		t.Errorf("after the first signature: %+v, %v", who, err)
	}

	file := signers.At(filepath.Join(t.TempDir(), "known-signers"))
	o := opener{options: cli.WindowOptions{Log: slog.New(slog.DiscardHandler)}, signers: file}
	stranger := trustOf(t, o, path)
	if len(stranger.Changed) > 0 || stranger.Signature != "good" || stranger.Signer != "" || stranger.Fingerprint != who.Fingerprint || stranger.Claimed != who.Name {
		t.Errorf("a stranger's: %+v", stranger)
	}
	if err := (signerBook{file}).Trust("佐藤", stranger.Key); err != nil {
		t.Fatal(err)
	}
	if known := trustOf(t, o, path); known.Signer != "佐藤" || known.Impostor {
		t.Errorf("a known signer's: %+v", known)
	}
	other := signers.At(filepath.Join(t.TempDir(), "known-signers"))
	if err := (signerBook{other}).Trust(who.Name, make([]byte, 32)); err != nil {
		t.Fatal(err)
	}
	o.signers = other
	if got := trustOf(t, o, path); got.Signer != "" || !got.Impostor {
		t.Errorf("somebody else's under a known name: %+v", got)
	}
}

func trustOf(t *testing.T, o opener, path string) desktop.Trust {
	t.Helper()
	a, err := archive.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	trust, err := o.verify(t.Context(), a, func(int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func TestAnArchiveOfThePastOpensAsOfItsEnd(t *testing.T) {
	source, done, err := connect.HistoryAt(t.Context(), servertest.Database(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	e := exporter{source, profile.Profile{ID: "staging", Name: "Staging", Kind: profile.Staging}, "test"}
	o := opener{options: cli.WindowOptions{Log: slog.New(slog.DiscardHandler)}}
	from, now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), time.Now()
	for name, until := range map[string]time.Time{"past": from.Add(time.Hour), "present": now.Add(time.Hour)} {
		path := filepath.Join(t.TempDir(), name+".opsdeck")
		order := desktop.ArchiveOrder{Path: path, Incident: true, Filter: console.RunFilter{
			CreatedFrom: &from, CreatedBefore: &until, JobID: 12_345_678, States: []scheduler.RunState{scheduler.Failed, scheduler.TimedOut},
		}}
		if err := e.Export(t.Context(), order, func(context.Context) error { return nil }, func(desktop.ArchiveProgress) {}); err != nil {
			t.Fatal(err)
		}
		env, err := o.OpenArchive(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		a := env.Archive
		if past := a.Moment.Equal(until); past != (name == "past") || past == a.Moment.Equal(a.To) || a.To.Before(now) || a.Profile != "staging" || len(a.ID) != 32 {
			t.Errorf("%s: until %v as of %v, known as %q of %q", name, a.To, a.Moment, a.ID, a.Profile)
		}
		told := map[string]string{}
		for _, c := range a.Filter {
			told[c.Name] = c.Value
		}
		if told["created_from"] != "2026-11-01T00:00:00Z" || told["job"] != "12345678" || told["states"] != "FAILED,TIMED_OUT" || len(told) != 4 {
			t.Errorf("%s: its runs were narrowed by %v", name, told)
		}
		if err := env.Close(); err != nil {
			t.Error(err)
		}
	}
}
