package desktop

import (
	"context"
	"strings"
	"testing"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func (d *desk) tried(t *testing.T, p profile.Profile) {
	t.Helper()
	if _, err := d.StartTest(ProfileRequest{Profile: p}); err != nil {
		t.Fatal(err)
	}
	for e := range d.events {
		if e.Over {
			return
		}
	}
}

// Another server becomes the known one by a typed name, if the saved profile's test has met it.
func TestAnotherServerIsAccepted(t *testing.T) {
	t.Parallel()
	meets := ""
	d := openDesk(t, doctorFunc(func(_ context.Context, _ profile.Access, tell func(PartFound)) {
		if meets != "" {
			tell(PartFound{Name: "postgres.login", State: "failed", Err: scheduler.Errorf(scheduler.Forbidden, "postgres.swapped", "Another server.").
				With("found", meets).With("known", "1")})
		}
	}))
	p := filled("tokyo")
	p.ID = "tokyo"
	if saved, err := d.Save(ProfileRequest{Profile: p}); err != nil || len(saved.Problems) > 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
	known := func() string {
		local, err := d.keeper.store.Local(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		return local.SystemIdentifier
	}
	if err := d.keeper.store.Remember(p.ID, func(l *profile.Local) { l.SystemIdentifier = "1" }); err != nil {
		t.Fatal(err)
	}
	accept := func(name string) string {
		return Wire(d.AcceptServer(AcceptServerRequest{ID: p.ID, TypedName: name})).Reason
	}

	if reason := accept(p.Name); reason != "profile.no_other_server" {
		t.Errorf("before any test: %s", reason)
	}
	d.tried(t, p)
	if reason := accept(p.Name); reason != "profile.no_other_server" {
		t.Errorf("after a test that met the known one: %s", reason)
	}
	meets = "2"
	elsewhere := p
	elsewhere.Postgres.Hosts = []string{"elsewhere.example:5432"}
	d.tried(t, elsewhere)
	if reason := accept(p.Name); reason != "profile.no_other_server" {
		t.Errorf("after a test of what is not saved: %s", reason)
	}
	d.tried(t, p)
	if reason := accept("kyoto"); reason != "operation.wrong_name" {
		t.Errorf("by another name: %s", reason)
	}
	if known() != "1" {
		t.Errorf("the server is %s by now", known())
	}
	if err := d.AcceptServer(AcceptServerRequest{ID: p.ID, TypedName: p.Name}); err != nil || known() != "2" || !strings.Contains(d.log.String(), "was accepted") {
		t.Errorf("%v, %s", err, known())
	}
	if reason := accept(p.Name); reason != "profile.no_other_server" {
		t.Errorf("twice: %s", reason)
	}
}

func TestWhatTestsFoundIsKeptForWhoeverHelps(t *testing.T) {
	t.Parallel()
	d := openDesk(t, doctorFunc(func(_ context.Context, access profile.Access, tell func(PartFound)) {
		tell(PartFound{Name: "redis.connect", State: "failed", Err: scheduler.Errorf(scheduler.Unavailable, "redis.unreachable", "%s does not answer.", access.Profile.Name)})
	}))
	first, second := filled("first"), filled("second")
	for _, p := range []profile.Profile{first, second, first} {
		d.tried(t, p)
	}
	found := d.session.tests.report()
	if len(found) != 2 || found[0].Profile != first.Name || found[1].Profile != second.Name || found[0].At == "" {
		t.Fatalf("%+v", found)
	}
	if got := found[0].Findings; len(got) != 2 || got[1] != (ExaminedResult{"redis.connect", "failed", "redis.unreachable", first.Name + " does not answer."}) {
		t.Errorf("%+v", got)
	}
}
