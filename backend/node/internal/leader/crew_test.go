package leader

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	standard := settings.Standard()
	everyRole := []cluster.Member{
		{ID: "l", Role: scheduler.Leader}, {ID: "s", Role: scheduler.SubLeader}, {ID: "w", Role: scheduler.Plain},
	}
	twins := []cluster.Member{{ID: "b", Role: scheduler.Plain}, {ID: "a", Role: scheduler.Plain}}
	tests := []struct {
		name   string
		usable []cluster.Member
		loads  []store.Load
		due    int    // runs in line that should have started
		future int    // and after them, ones that should not yet
		want   string // the workers in the order of the runs; runs that stay in line have none
	}{
		{"by weight 1, 2, 3", everyRole, nil, 0, 6, "lswwsw"},
		{"the smaller id where loads are equal", twins, nil, 0, 3, "aba"},
		{"a running job weighs two", twins, []store.Load{{WorkerID: "a", Running: 1}}, 0, 3, "bba"},
		{"a due run goes past a busy worker", twins, []store.Load{{WorkerID: "a", Running: 1}, {WorkerID: "b", Assigned: 5}}, 1, 0, "b"},
		{"due runs that nobody can start stay in line", twins, []store.Load{{WorkerID: "a", Assigned: 1, Due: 1}}, 3, 0, "b"},
		{"room for two", []cluster.Member{{ID: "a", Slots: 2}}, []store.Load{{WorkerID: "a", Running: 1}}, 2, 0, "a"},
		{"nobody is there", nil, nil, 1, 2, ""},
		{"load of a worker that is gone", twins[:1], []store.Load{{WorkerID: "gone", Running: 1}}, 0, 1, "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var waiting []store.OpenRun
			for range tt.due {
				waiting = append(waiting, store.OpenRun{Due: true})
			}
			for range tt.future {
				waiting = append(waiting, store.OpenRun{})
			}
			got := ""
			for _, choice := range choose(waiting, tt.usable, tt.loads, standard) {
				got += choice.Worker
			}
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestMuster(t *testing.T) {
	t.Parallel()
	c := muster([]cluster.Member{
		{ID: "drains", Draining: true, Reports: true, Runs: []string{"7"}}, {ID: "stays away", Detached: true},
		{ID: "refused"}, {ID: "works"},
	}, map[string]bool{"refused": true})
	if len(c.active) != 4 || len(c.present) != 3 || len(c.leaving) != 3 || len(c.usable) != 1 || c.usable[0].ID != "works" {
		t.Errorf("mustered %+v", c)
	}
	if len(c.said.Workers) != 1 || c.said.Workers[0] != "drains" || c.said.Runs[0] != "7" {
		t.Errorf("reports %+v", c.said)
	}
}

func TestRefusalsEnd(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := newRefusals()
	r.avoid("w", now.Add(time.Second))
	r.hold(7, now.Add(time.Second))
	if !r.avoided(now)["w"] || len(r.held(now)) != 1 {
		t.Error("a refusal is forgotten at once")
	}
	if later := now.Add(time.Second); r.avoided(later)["w"] || len(r.held(later)) != 0 || len(r.workers)+len(r.runs) != 0 {
		t.Error("a refusal never ends")
	}
}
