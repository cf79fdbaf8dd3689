package desktop_test

import (
	"errors"
	"testing"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/launch"
)

func TestALaunchWaitsForThePage(t *testing.T) {
	t.Parallel()
	var events []desktop.Changed
	s := desktop.NewSession(desktop.Config{Emit: func(_ string, data any) { events = append(events, data.(desktop.Changed)) }})
	defer s.Close()
	launches := desktop.NewLaunches(s)
	desktop.Launch(s, nil, nil)
	if got := launches.Pending(); got.Seq != 0 || len(events) != 0 {
		t.Errorf("nothing was asked for: %+v, %v", got, events)
	}
	desktop.Launch(s, &launch.Request{Link: &launch.Link{Profile: "staging", Route: "/ops/runs/1/"}}, nil)
	first := launches.Pending()
	if first.Profile != "staging" || first.Route != "/ops/runs/1/" || first.Seq == 0 || len(events) != 1 || events[0].Topics[0] != "launch" {
		t.Errorf("a link: %+v, %v", first, events)
	}
	desktop.Launch(s, &launch.Request{Archive: "/tmp/x.opsdeck"}, nil)
	launches.Taken(desktop.LaunchTaken{Seq: first.Seq})
	if got := launches.Pending(); got.Archive != "/tmp/x.opsdeck" || got.Profile != "" {
		t.Errorf("what came later was taken with what came first: %+v", got)
	}
	launches.Taken(desktop.LaunchTaken{Seq: launches.Pending().Seq})
	desktop.Launch(s, nil, errors.New("boom"))
	last := launches.Pending()
	if last.Error == nil || last.Error.Code != "internal" || last.Archive != "" {
		t.Errorf("a problem: %+v", last)
	}
	launches.Taken(desktop.LaunchTaken{Seq: last.Seq})
	if got := launches.Pending(); got.Seq != 0 {
		t.Errorf("it stays: %+v", got)
	}
}
