package desktop

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/launch"
)

const chestID = "0123456789abcdef0123456789abcdef"

func TestALinkLeadsToTheScreenAtTheMomentThatIsShown(t *testing.T) {
	t.Parallel()
	s := openChest(t, func(a *ArchiveFacts) { a.Path, a.ID, a.Profile = "/tmp/東 night.opsdeck", chestID, "tokyo-2" })
	if _, err := s.SetMoment(MomentRequest{"2026-11-23T05:00:00Z"}); err != nil {
		t.Fatal(err)
	}
	got, err := NewLaunches(s).Link(LinkRequest{"/ops/runs/?state=FAILED&at=2026-11-23T04:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	want := launch.Link{
		Archive: chestID, File: "東 night.opsdeck", Live: "tokyo-2", Moment: "2026-11-23T05:00:00Z", Route: "/ops/runs/?at=2026-11-23T04%3A00%3A00Z&state=FAILED",
	}
	if read, err := launch.ParseLink(got.Link); err != nil || read != want {
		t.Errorf("%s: %+v, %v", got.Link, read, err)
	}
	for _, route := range []string{"/ops/jobs/new/", "/compare-environments/", "/", "", "/ops/runs/../x"} {
		if got, err := NewLaunches(s).Link(LinkRequest{route}); Wire(err).Reason != "launch.no_link" {
			t.Errorf("%q: %+v, %v", route, got, err)
		}
	}
}

func TestWhatAnArchiveSaysOfItselfSpoilsNoLink(t *testing.T) {
	t.Parallel()
	s := openChest(t, func(a *ArchiveFacts) { a.Path, a.ID, a.Profile = "/tmp/night.sqlite", chestID, "../Tokyo" })
	got, err := NewLaunches(s).Link(LinkRequest{"/ops/"})
	if want := "opsdeck://archive." + chestID + "/ops/?moment=2026-11-24T00%3A00%3A00Z"; err != nil || got.Link != want {
		t.Errorf("%s, %v", got.Link, err)
	}
	s = openChest(t, nil)
	if got, err := NewLaunches(s).Link(LinkRequest{"/ops/"}); Wire(err).Reason != "launch.no_identity" {
		t.Errorf("an archive that nothing is known by: %+v, %v", got, err)
	}
}

func TestALinkIntoALiveEnvironmentHasTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			return &Environment{ID: "sandbox", Console: deaf(), Close: func() error { return nil }}, nil
		})
		if _, err := NewLaunches(s).Link(LinkRequest{"/ops/"}); Wire(err).Reason != "session.closed" {
			t.Errorf("with nothing open: %v", err)
		}
		s.StartSandbox()
		synctest.Wait()
		got, err := NewLaunches(s).Link(LinkRequest{"/ops/workers/w-1/"})
		read, bad := launch.ParseLink(got.Link)
		if want := (launch.Link{Profile: "sandbox", Route: "/ops/workers/w-1/", Moment: launch.Moment(time.Now())}); err != nil || bad != nil || read != want {
			t.Errorf("%s: %+v, %v, %v", got.Link, read, err, bad)
		}
		s.Close()
	})
}

// shelf is where opened archives are remembered.
type shelf struct{ list []RecentArchive }

func (s *shelf) List() []RecentArchive { return s.list }

func (s *shelf) Opened(a RecentArchive) error { s.list = append(s.list, a); return nil }

func (s *shelf) Forget(path string) error {
	s.list = slices.DeleteFunc(s.list, func(a RecentArchive) bool { return a.Path == path })
	return nil
}

// textFiles opens archives of files, whose texts they are known by.
type textFiles struct{ chestOpener }

func (textFiles) OpenArchive(_ context.Context, path string) (*Environment, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return chest(func(a *ArchiveFacts) { a.Path, a.ID = path, string(text) }), nil
}

func TestAFileIsOpenOnceAndRememberedWhenItIsClosed(t *testing.T) {
	t.Parallel()
	s, _ := session(t, nil)
	kept := &shelf{}
	s.config.Opener, s.config.Recent = textFiles{}, kept
	folder := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	open := func(path, expect string) (SessionState, error) {
		return s.OpenArchive(OpenArchiveRequest{path, expect})
	}
	a, b := put("a.opsdeck", "first"), put("b.opsdeck", "second")
	for _, path := range []string{a, b, filepath.Join(folder, ".", "a.opsdeck")} {
		if _, err := open(path, ""); err != nil {
			t.Fatal(err)
		}
	}
	state := s.State()
	if len(state.Open) != 2 || !state.Open[0].Shown || state.Open[0].Content != "first" || len(kept.list) != 2 {
		t.Errorf("the same file twice: %+v, remembered %+v", state.Open, kept.list)
	}
	if _, err := open(b, "first"); Wire(err).Reason != "archive.another" || len(s.State().Open) != 2 {
		t.Errorf("another archive than the one that is wanted: %v", err)
	}
	put("a.opsdeck", "first, but changed")
	if state, err := open(a, ""); err != nil || len(state.Open) != 3 || state.Open[2].Content != "first, but changed" {
		t.Errorf("a file that was replaced: %+v, %v", state.Open, err)
	}
	if err := os.Remove(b); err != nil {
		t.Fatal(err)
	}
	list := s.RecentArchives().Archives
	if len(list) != 3 || !list[0].There || list[1].There || list[1].ID != "second" {
		t.Errorf("remembered: %+v", list)
	}
	if list, err := s.ForgetArchive(PathRequest{b}); err != nil || len(list.Archives) != 2 {
		t.Errorf("after one was forgotten: %+v, %v", list, err)
	}
}
