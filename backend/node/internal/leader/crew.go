package leader

import (
	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// crew sorts the live workers by what they may get.
type crew struct {
	all     []cluster.Member
	active  []string         // have a heartbeat
	present []string         // keep what they were assigned: all but the detached
	usable  []cluster.Member // may be assigned something
	leaving []string         // keep nothing that they haven't started
	said    store.Reports
	trusted store.Reports // without the detached: those ask for themselves whether they may go on
}

// muster leaves out for a while who refused a start.
func muster(members []cluster.Member, avoided map[string]bool) crew {
	c := crew{all: members, active: []string{}, present: []string{}, leaving: []string{}}
	for _, m := range members {
		c.active = append(c.active, m.ID)
		if m.Reports {
			c.said = report(c.said, m)
		}
		if m.Reports && !m.Detached {
			c.trusted = report(c.trusted, m)
		}
		if !m.Detached {
			c.present = append(c.present, m.ID)
		}
		if m.Detached || m.Draining || avoided[m.ID] {
			c.leaving = append(c.leaving, m.ID)
		} else {
			c.usable = append(c.usable, m)
		}
	}
	return c
}

// room is what the usable workers can take beside the starts that are on their way. Its lists are never nil: in SQL,
// NULL is not the empty list.
func (c crew) room(starting map[string]int) store.Room {
	r := store.Room{Workers: make([]string, len(c.usable)), Slots: make([]int32, len(c.usable))}
	for i, m := range c.usable {
		r.Workers[i], r.Slots[i] = m.ID, int32(max(0, slotsOf(m)-starting[m.ID])) //nolint:gosec // a few
	}
	return r
}

// report adds what a worker says it has in hand: an empty line says that it is nothing.
func report(to store.Reports, m cluster.Member) store.Reports {
	runs := m.Runs
	if len(runs) == 0 {
		runs = []string{""}
	}
	for _, run := range runs {
		to.Workers, to.Runs = append(to.Workers, m.ID), append(to.Runs, run)
	}
	return to
}

// slotsOf is how many runs a worker may have in hand at once.
func slotsOf(m cluster.Member) int { return max(1, m.Slots) }

// candidate is a worker while runs are given out.
type candidate struct {
	id     string
	weight int
	load   int // assigned + running × its weight
	free   int // how many runs it could start now
}

func enlist(usable []cluster.Member, loads []store.Load, s settings.Values) []*candidate {
	byID := map[string]store.Load{}
	for _, load := range loads {
		byID[load.WorkerID] = load
	}
	candidates := make([]*candidate, len(usable))
	for i, m := range usable {
		load := byID[m.ID]
		candidates[i] = &candidate{
			id: m.ID, weight: s.Weight(m.Role), load: load.Assigned + load.Running*s.RunningWeight,
			free: slotsOf(m) - load.Running - load.Due,
		}
	}
	return candidates
}

// choose gives each run to the worker with the smallest load for its weight, by id where two are equal, as the
// schedulers in the field do. A run that is due goes only to a worker that can start it now; the rest wait in line.
func choose(waiting []store.OpenRun, usable []cluster.Member, loads []store.Load, s settings.Values) []store.Choice {
	candidates := enlist(usable, loads, s)
	choices := []store.Choice{}
	for _, run := range waiting {
		best := lightest(candidates, run.Due)
		if best == nil {
			continue
		}
		best.load++
		if run.Due {
			best.free--
		}
		choices = append(choices, store.Choice{Run: run, Worker: best.id})
	}
	return choices
}

func lightest(candidates []*candidate, withRoom bool) *candidate {
	var best *candidate
	for _, c := range candidates {
		if withRoom && c.free <= 0 {
			continue
		}
		// load/weight compared without division
		if best == nil || c.load*best.weight < best.load*c.weight ||
			c.load*best.weight == best.load*c.weight && c.id < best.id {
			best = c
		}
	}
	return best
}
