package leader

import (
	"cmp"
	"slices"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// rebalance moves runs that are not due soon from the workers that have most in line for their weight to those that
// have least, as long as the two come closer.
func rebalance(movable []store.MovableRun, usable []cluster.Member, loads []store.Load, s settings.Values) []store.Choice {
	candidates := enlist(usable, loads, s)
	byID := map[string]*candidate{}
	for _, c := range candidates {
		byID[c.id] = c
	}
	moves := []store.Choice{}
	for _, run := range heaviestFirst(movable, byID) {
		if s.RebalanceMaxMoves > 0 && len(moves) == s.RebalanceMaxMoves {
			break
		}
		from, to := byID[run.Worker], lightest(candidates, false)
		// Worth it only if the receiver is still below what the giver has now.
		if from == nil || to == nil || from == to || (to.load+1)*from.weight >= from.load*to.weight {
			continue
		}
		from.load--
		to.load++
		moves = append(moves, store.Choice{Run: store.OpenRun{ID: run.ID, Version: run.Version}, Worker: to.id})
	}
	return moves
}

// heaviestFirst sorts by the load of who has the run, so that a limit is spent where it helps most.
func heaviestFirst(movable []store.MovableRun, byID map[string]*candidate) []store.MovableRun {
	ranked := slices.Clone(movable)
	burden := map[string]float64{}
	for id, c := range byID {
		burden[id] = float64(c.load) / float64(c.weight)
	}
	slices.SortStableFunc(ranked, func(a, b store.MovableRun) int { return cmp.Compare(burden[b.Worker], burden[a.Worker]) })
	return ranked
}
