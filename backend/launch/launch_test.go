package launch_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/scheduler"
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
	} {
		got, err := launch.ParseLink(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
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
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		link, err := launch.ParseLink(text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(link.Route, "/ops/") || strings.Contains(link.Route, "//") || strings.Contains(link.Route, "#") ||
			strings.Contains(link.Route, "/../") || strings.ContainsFunc(link.Route, unicode.IsControl) {
			t.Errorf("%q leads to %q", text, link.Route)
		}
		again, err := launch.ParseLink(link.String())
		if err != nil || again != link {
			t.Errorf("%q is %+v, and read again %+v, %v", text, link, again, err)
		}
	})
}
