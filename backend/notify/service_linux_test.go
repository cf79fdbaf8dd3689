package notify_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/opsdeck/opsdeck/backend/notify"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

const (
	name = "org.freedesktop.Notifications"
	path = "/org/freedesktop/Notifications"
)

// desk is a desktop's service on a bus of the test's own.
type desk struct {
	bus   *dbus.Conn
	can   []string
	shown chan shown
}

type shown struct {
	app, title, body string
	actions          []string
	hints            map[string]dbus.Variant
	id               uint32
}

// GetCapabilities is called over the bus.
func (d *desk) GetCapabilities() ([]string, *dbus.Error) { return d.can, nil }

// Notify is called over the bus.
func (d *desk) Notify(app string, _ uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	id := uint32(len(d.shown) + 7)
	d.shown <- shown{app, title, body, actions, hints, id}
	return id, nil
}

func serve(t *testing.T, can ...string) *desk {
	t.Helper()
	bus, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bus.Close() })
	d := &desk{bus: bus, can: can, shown: make(chan shown, 10)}
	if err := bus.Export(d, path, name); err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return d
}

func open(t *testing.T) (*notify.Service, <-chan string) {
	t.Helper()
	clicks := make(chan string, 10)
	s, err := notify.Open(func(target string) { clicks <- target })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, clicks
}

const hostile = `<a href="http://evil/">Run</a> & <b>x</b>` + "\u202e\x1b[31m"

func TestANoticeIsShownAndAClickSaysWhich(t *testing.T) {
	servertest.UseBus(t, servertest.MessageBus(t))
	d := serve(t, "actions", "body", "body-markup")
	s, clicks := open(t)
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"first", "second"} {
		if err := s.Show(notify.Notice{Title: "[Production] tokyo " + hostile, Body: hostile + "\n次", Open: "Open", Urgent: true, Target: target}); err != nil {
			t.Fatal(err)
		}
	}
	got, second := <-d.shown, <-d.shown
	if strings.ContainsAny(got.body, "<>\u202e\x1b") || !strings.Contains(got.body, "&lt;b&gt;x&lt;/b&gt;") || !strings.HasSuffix(got.body, "\n次") {
		t.Errorf("markup, or what looks like it: %q", got.body)
	}
	if !strings.HasPrefix(got.title, "[Production] tokyo <a href") || strings.ContainsAny(got.title, "\u202e\x1b") {
		t.Errorf("a title has no markup: %q", got.title)
	}
	if got.app != "Opsdeck" || !slices.Equal(got.actions, []string{"default", "Open"}) || got.hints["urgency"].Value() != byte(2) {
		t.Errorf("%+v", got)
	}
	say := func(what string, args ...any) {
		if err := d.bus.Emit(path, name+"."+what, args...); err != nil {
			t.Fatal(err)
		}
	}
	say("ActionInvoked", uint32(99), "default") // somebody else's
	say("NotificationClosed", got.id, uint32(1))
	say("ActionInvoked", got.id, "default") // of one that is gone
	say("ActionInvoked", "x")
	say("ActionInvoked", second.id, "default")
	if target := <-clicks; target != "second" {
		t.Errorf("the click is said to be on %q", target)
	}
}

func TestAServiceWithoutMarkupGetsTheTextAsItIs(t *testing.T) {
	servertest.UseBus(t, servertest.MessageBus(t))
	d := serve(t, "body")
	s, _ := open(t)
	if err := s.Show(notify.Notice{Body: "a < b & c " + strings.Repeat("長", 5000), Target: "x"}); err != nil {
		t.Fatal(err)
	}
	got := <-d.shown
	if !strings.HasPrefix(got.body, "a < b & c ") || len([]rune(got.body)) != 1001 || len(got.actions) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestWithoutAServiceNothingIsShown(t *testing.T) {
	servertest.UseBus(t, servertest.MessageBus(t))
	s, _ := open(t)
	if err := s.Check(); !errors.Is(err, notify.ErrNone) {
		t.Errorf("nobody is there: %v", err)
	}
	if err := s.Show(notify.Notice{Title: "x"}); !errors.Is(err, notify.ErrNone) {
		t.Errorf("nobody is there: %v", err)
	}
	d := serve(t) // a service that comes later is found
	if err := s.Show(notify.Notice{Title: "x"}); err != nil || (<-d.shown).title != "x" {
		t.Error(err)
	}
}

func TestWithoutABusThereIsNoService(t *testing.T) {
	servertest.UseBus(t, "unix:path=/nonexistent/bus")
	if s, err := notify.Open(func(string) {}); !errors.Is(err, notify.ErrNone) {
		t.Errorf("%v, %v", s, err)
	}
}
