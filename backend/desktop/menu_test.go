package desktop_test

import (
	"testing"

	"github.com/opsdeck/opsdeck/backend/desktop"
)

func TestTheMenuIsNamedByThePageAndAsksIt(t *testing.T) {
	t.Parallel()
	var named []desktop.MenuTexts
	var events []string
	s := desktop.NewSession(desktop.Config{
		Emit:    func(event string, data any) { events = append(events, event+" "+data.(string)) },
		SetMenu: func(texts desktop.MenuTexts) { named = append(named, texts) },
	})
	s.SetMenu(desktop.MenuTexts{File: "ファイル"})
	desktop.Choose(s, desktop.MenuOpenArchive)
	// What a page has missed of the changes it reads again, all of it: the menu must not be among them.
	if len(named) != 1 || named[0].File != "ファイル" || len(events) != 1 || events[0] != "opsdeck:menu archive" {
		t.Errorf("%v, %v", named, events)
	}
	desktop.NewSession(desktop.Config{}).SetMenu(desktop.MenuTexts{}) // a system without one
}
