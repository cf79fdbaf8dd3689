package leader

import (
	"log/slog"
	"testing"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
)

func TestEveryMuteWorkerHasItsTurn(t *testing.T) {
	t.Parallel()
	l := New(Config{Settings: settings.NewKeeper(settings.Standard(), slog.New(slog.DiscardHandler))})
	members := []cluster.Member{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}, {ID: "e"}}
	mute := []int{0, 2, 4}
	got := ""
	for range 3 {
		for _, i := range l.turn(members, mute) {
			got += members[i].ID
		}
		got += " "
	}
	if want := "ac ea ce "; got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	many := make([]cluster.Member, 95)
	for i := range many {
		many[i].ID = string(rune('A' + i))
		mute = append(mute[:min(i, len(mute))], i)
	}
	if batch := len(l.turn(many, mute)); batch != 10 {
		t.Errorf("%d of 95 have their turn in one tick", batch)
	}
	members = members[:1] // the others are gone
	if turn := l.turn(members, []int{0}); len(turn) != 1 {
		t.Errorf("turn %v", turn)
	}
}
