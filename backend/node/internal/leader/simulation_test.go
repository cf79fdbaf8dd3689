package leader

import (
	"flag"
	"testing"
)

// How many worlds are simulated. Each is ten minutes of a cluster with some ten thousand events, and faults in the first
// four. -simulations=10000 is for changes of what a leader decides.
var simulations = flag.Int("simulations", 150, "how many seeds the simulation tries")

func TestSimulation(t *testing.T) {
	t.Parallel()
	events := 0
	for seed := range uint64(*simulations) {
		w := newWorld(seed, "")
		w.run()
		if len(w.wrong) > 0 {
			t.Fatalf("seed %d: %s\n%s", seed, w.wrong[0], w.ending())
		}
		events += w.steps
	}
	t.Logf("%d events in %d worlds", events, *simulations)
}

// Each of these faults is one that a scheduler could have. A simulation that doesn't find it proves nothing. The last
// two are ones that this node had: they were found with these seeds.
func TestSimulationFindsBugs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		bug  string
		from uint64
	}{
		{"start without a guard", 0}, {"skip what was lost", 0}, {"take back without waiting", 0}, {"don't look at what runs", 0},
		{"start early", 0}, {"make runs twice", 0}, {"take every event", 0}, {"watch nothing", 0}, {"lead without a lock", 0},
		{"write without a fence", 0}, {"miss workers that were never met", 113}, {"count on beats that don't name a run", 164},
	} {
		t.Run(tt.bug, func(t *testing.T) {
			t.Parallel()
			for seed := tt.from; seed < tt.from+500; seed++ {
				w := newWorld(seed, tt.bug)
				w.run()
				if len(w.wrong) > 0 {
					t.Logf("found with seed %d: %s", seed, w.wrong[0])
					return
				}
			}
			t.Error("nobody noticed")
		})
	}
}
