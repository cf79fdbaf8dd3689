package cli_test

import (
	"context"
	"testing"

	"github.com/opsdeck/opsdeck/backend/cli"
	"github.com/opsdeck/opsdeck/backend/launch"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestTheWindowTakesALinkOrAnArchive(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args    []string
		link    launch.Link
		archive string
		bad     bool // the window says what is wrong with it
	}{
		"nothing":    {args: []string{"--sandbox"}},
		"a link":     {args: []string{"--sandbox", "opsdeck://staging/ops/runs/7"}, link: launch.Link{Profile: "staging", Route: "/ops/runs/7/"}},
		"a profile":  {args: []string{"--profile", "東京"}, link: launch.Link{Profile: "東京", Route: "/ops/"}},
		"an archive": {args: []string{"--", "/tmp/x.opsdeck"}, archive: "/tmp/x.opsdeck"},
		"a bad link": {args: []string{"opsdeck://staging/etc/passwd"}, bad: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got cli.WindowOptions
			root := cli.NewOpsdeck("test", func(_ context.Context, o cli.WindowOptions) error { got = o; return nil })
			root.SetArgs(test.args)
			if err := root.ExecuteContext(t.Context()); err != nil {
				t.Fatal(err)
			}
			handed, err := cli.ReadWindow(test.args, "/")
			if err != nil {
				t.Fatal(err)
			}
			for way, o := range map[string]cli.WindowOptions{"the first start": got, "another start": handed} {
				var link launch.Link
				var archive string
				if o.Launch != nil {
					archive = o.Launch.Archive
					if o.Launch.Link != nil {
						link = *o.Launch.Link
					}
				}
				if link != test.link || archive != test.archive || (o.LaunchProblem != nil) != test.bad {
					t.Errorf("%s: %+v, %q, %v", way, link, archive, o.LaunchProblem)
				}
			}
		})
	}
}

func TestASlipOfTheHandOpensNoWindow(t *testing.T) {
	t.Parallel()
	root := cli.NewOpsdeck("test", func(context.Context, cli.WindowOptions) error { t.Error("a window"); return nil })
	root.SetArgs([]string{"sandbx"})
	if err := root.ExecuteContext(t.Context()); scheduler.CodeOf(err) != scheduler.Invalid {
		t.Errorf("%v", err)
	}
	for _, args := range [][]string{{"sandbx"}, {"--no-such-flag"}} {
		if _, err := cli.ReadWindow(args, "/"); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
