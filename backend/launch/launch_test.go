package launch_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// nightID is what an archive is known by, and night how links into it begin.
const (
	nightID = "0123456789abcdef0123456789abcdef"
	night   = "opsdeck://archive." + nightID
)

func TestLinksLeadToScreens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]launch.Link{
		"opsdeck://staging/ops/runs/123":                    {Profile: "staging", Route: "/ops/runs/123/"},
		"opsdeck://staging/ops/runs/123/":                   {Profile: "staging", Route: "/ops/runs/123/"},
		"OPSDECK://tokyo-2/ops":                             {Profile: "tokyo-2", Route: "/ops/"},
		"opsdeck://staging/ops/":                            {Profile: "staging", Route: "/ops/"},
		"opsdeck://a/ops/workers/w%2F1":                     {Profile: "a", Route: "/ops/workers/w%2F1/"},
		"opsdeck://a/ops/runs/?state=FAILED&text=%E6%9D%B1": {Profile: "a", Route: "/ops/runs/?state=FAILED&text=%E6%9D%B1"},
		"opsdeck://a/ops/compare/1/2":                       {Profile: "a", Route: "/ops/compare/1/2/"},
		"opsdeck://archive/ops/?file=x":                     {Profile: "archive", Route: "/ops/?file=x"},
		"opsdeck://a/ops/runs/?moment=2026-11-27T14:00:00%2B09:00&at=2026-11-27T00:00:00Z": {
			Profile: "a", Moment: "2026-11-27T05:00:00Z", Route: "/ops/runs/?at=2026-11-27T00%3A00%3A00Z",
		},
		night + "/ops/runs/7": {Archive: nightID, Route: "/ops/runs/7/"},
		night + "/ops/timeline/?from=1&moment=2026-11-27T05:00:00.123456789Z&file=%E6%9D%B1%20%26.opsdeck&live=tokyo-2": {
			Archive: nightID, File: "東 &.opsdeck", Live: "tokyo-2", Moment: "2026-11-27T05:00:00.123456Z", Route: "/ops/timeline/?from=1",
		},
	} {
		got, err := launch.ParseLink(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if again, err := launch.ParseLink(got.String()); err != nil || again != want {
			t.Errorf("%s is handed on as %s: %+v, %v", text, got, again, err)
		}
	}
}

func TestOtherLinksAreRefusedWithASentence(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"opsdeck:", "opsdeck:staging/ops/", "opsdeck:///ops/runs/1", "opsdeck://Staging/ops/", "opsdeck://stag ing/ops/",
		"opsdeck://staging", "opsdeck://staging/", "opsdeck://staging/admin/", "opsdeck://staging/opsx/", "opsdeck://staging/ops/secrets/",
		"opsdeck://u:p@staging/ops/", "opsdeck://staging:80/ops/", "opsdeck://staging/ops/#/x", "opsdeck://staging/ops/runs/1#", "opsdeck://../ops/",
		"opsdeck://staging/ops/runs/../jobs/", "opsdeck://staging/ops/runs/%2e%2e/", "opsdeck://staging/ops/runs//1", "opsdeck://staging/ops/runs/%00",
		"opsdeck://staging/ops/runs/%E2%80%AE1", "opsdeck://staging/ops/runs/%zz", "opsdeck://staging/ops/jobs/new/", "opsdeck://staging/ops/jobs/7/edit",
		"opsdeck://staging/ops/runs/1/2/3/4", "opsdeck://staging/ops/runs/?a=%00", "opsdeck://staging/ops/runs/?a;b", "opsdeck://staging\\ops",
		"opsdeck://staging/ops/runs/1\n", "https://staging/ops/", "opsdeck://staging/ops/runs/" + strings.Repeat("1", 2000), "opsdeck://東京/ops/",
		"opsdeck://archive./ops/", "opsdeck://archive.0123/ops/", "opsdeck://archive." + strings.ToUpper(nightID) + "/ops/", night + "0/ops/", night + "/ops/jobs/new/",
		"opsdeck://a/ops/?moment=yesterday", "opsdeck://a/ops/?moment=1969-12-31T23:59:59Z", "opsdeck://a/ops/?moment=9999-12-31T23:59:59-01:00",
		"opsdeck://a/ops/?moment=2026-11-27T05:00:00Z&moment=2026-11-27T05:00:00Z", night + "/ops/?file=a.opsdeck&file=a.opsdeck",
		night + "/ops/?file=../a.opsdeck", night + "/ops/?file=C:a.opsdeck", night + `/ops/?file=a%5Cb.opsdeck`, night + "/ops/?file=.opsdeck", night + "/ops/?file=a.txt",
		night + "/ops/?file=%20a.opsdeck", night + "/ops/?file=%E2%80%AE.opsdeck", night + "/ops/?file=" + strings.Repeat("a", 250) + ".opsdeck",
		night + "/ops/?live=Tokyo", night + "/ops/?live=..",
	} {
		link, err := launch.ParseLink(text)
		if e, ok := errors.AsType[*scheduler.Error](err); !ok || e.Reason != "launch.bad_link" {
			t.Errorf("%q: %+v, %v", text, link, err)
		}
	}
}

func TestArgumentsAreLinksOrArchives(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"night.opsdeck":                     "/srv/me/night.opsdeck",
		"../a/Night.OPSDECK":                "/srv/a/Night.OPSDECK",
		"/tmp/x.opsdeck":                    "/tmp/x.opsdeck",
		"file:///tmp/%E6%9D%B1%20x.opsdeck": "/tmp/東 x.opsdeck",
		"file://localhost/tmp/x.opsdeck":    "/tmp/x.opsdeck",
	} {
		got, err := launch.Read(argument, "/srv/me")
		if err != nil || got.Link != nil || got.Archive != want {
			t.Errorf("%s: %+v, %v", argument, got, err)
		}
	}
	if got, err := launch.Read("opsdeck://a/ops/", "/"); err != nil || got.Link == nil || got.Archive != "" {
		t.Errorf("a link: %+v, %v", got, err)
	}
	for _, argument := range []string{"", "sandbx", "x.txt", "file://other/x.opsdeck", "file:x.opsdeck", "file:///x.opsdeck?a", "a\x00.opsdeck"} {
		if got, err := launch.Read(argument, "/srv/me"); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%q: %+v, %v", argument, got, err)
		}
	}
}

// Whatever somebody writes into a link, it is refused or leads below /ops/, and reading it again gives the same.
func FuzzParseLink(f *testing.F) {
	for _, seed := range []string{
		"opsdeck://staging/ops/runs/123", "opsdeck://a/ops/runs/?state=FAILED", "opsdeck://a/ops/workers/w%2F1", "opsdeck://a/ops/%2e%2e/x",
		"opsdeck://a/ops/?moment=2026-11-27T05:00:00Z", "opsdeck://a/ops/?moment=0000-01-01T00:00:00%2B23:59", "opsdeck://a/ops/?=&moment=",
		night + "/ops/timeline/?from=1&moment=2026-11-27T05:00:00.5Z&file=a%26b.opsdeck&live=a", night + "/ops/?file=a%00.opsdeck", "opsdeck://archive.a/ops/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		link, err := launch.ParseLink(text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(link.Route, "/ops/") || strings.Contains(link.Route, "//") || strings.Contains(link.Route, "#") ||
			(link.Profile == "") == (link.Archive == "") || strings.ContainsAny(link.File, `/\`) || strings.Contains(link.Route, "/../") || strings.ContainsFunc(link.Route, unicode.IsControl) {
			t.Errorf("%q leads to %q", text, link.Route)
		}
		again, err := launch.ParseLink(link.String())
		if err != nil || again != link {
			t.Errorf("%q is %+v, and read again %+v, %v", text, link, again, err)
		}
	})
}
