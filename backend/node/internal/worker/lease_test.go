package worker

import (
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

func TestLease(t *testing.T) {
	t.Parallel()
	const grace, ttl = 30 * time.Second, 15 * time.Second
	begin := time.Now()
	at := func(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }
	beats := func(seconds ...int) (c chain) {
		for _, s := range seconds {
			c = c.add(at(s), at(s), ttl)
		}
		return c
	}
	never := at(1000)
	type word struct {
		at   int
		hold store.Hold
	}
	for _, tt := range []struct {
		name   string
		named  time.Time // the answer of the first heartbeat that named the run
		beats  chain
		proofs []word // after the one with which the run began, in second 10
		end    int    // before the margin of a second
	}{
		{"PostgreSQL alone", at(10), chain{}, []word{{at: 20}}, 50},
		{"heartbeats alone, after the start", at(10), beats(0, 10, 20), nil, 65},
		{"both", at(10), beats(0, 10, 20), []word{{at: 40}}, 70},
		{"a heartbeat that came too late proves nothing", at(10), beats(0, 20), nil, 40},
		{"nor do those that follow soon", at(10), beats(0, 20, 30), []word{{at: 32}}, 62},
		{"but those that follow for long", at(10), beats(0, 20, 30, 40, 50, 60), []word{{at: 52}}, 105},
		{"a doubt counts, whatever the heart does", at(10), beats(0, 10, 20), []word{{20, store.Hold{Doubted: true, Left: 5 * time.Second}}}, 25},
		{"also one whose deadline is over", at(10), beats(0, 10, 20), []word{{20, store.Hold{Doubted: true, Left: -5 * time.Second}}}, 15},
		{"a doubt that has ended counts no more", at(10), beats(0, 10, 20), []word{{20, store.Hold{Doubted: true}}, {at: 22}}, 65},
		{"beats before the start", at(10), beats(0, 5), nil, 50},
		{"heartbeats that did not name the run", never, beats(0, 10, 20), []word{{at: 22}}, 52},
		{"one that did, after PostgreSQL was asked", at(20), beats(0, 10, 20), nil, 40},
		{"and before", at(20), beats(0, 10, 20), []word{{at: 22}}, 65},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLease(grace, at(10))
			if tt.named != never {
				l.beaten(tt.beats, tt.named)
			}
			for _, w := range tt.proofs {
				l.proven(at(w.at), w.hold, tt.beats)
			}
			var told time.Time
			l.hand(func(end time.Time) { told = end }, tt.beats)
			if want := at(tt.end).Add(-time.Second); !told.Equal(want) {
				t.Errorf("ends in second %s, want %d", told.Add(time.Second).Sub(begin), tt.end)
			}
		})
	}
}
