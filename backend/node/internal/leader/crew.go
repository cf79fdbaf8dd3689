package leader

import (
	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

// crew sorts the live workers by what they may get.
type crew struct {
	active  []string         // have a heartbeat
	present []string         // keep what they were assigned: all but the detached
	usable  []cluster.Member // may be assigned something
	leaving []string         // keep nothing that they haven't started
	said    store.Reports
}

// muster leaves out for a while who refused a start.
func muster(members []cluster.Member, avoided map[string]bool) crew {
	c := crew{active: []string{}, present: []string{}, leaving: []string{}}
	for _, m := range members {
		c.active = append(c.active, m.ID)
		if m.Reports {
			c.said.Workers = append(c.said.Workers, m.ID)
			c.said.Runs = append(c.said.Runs, m.CurrentRun)
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

// ids is never nil: in SQL, NULL is not the empty list.
func (c crew) ids() []string {
	ids := make([]string, len(c.usable))
	for i, m := range c.usable {
		ids[i] = m.ID
	}
	return ids
}

// candidate is a worker while runs are given out.
type candidate struct {
	id     string
	weight int
	load   int // assigned + running × its weight
	busy   bool
}

// choose gives each run to the worker with the smallest load for its weight, by id where two are equal, as the
// schedulers in the field do. A run that is due goes only to a worker that can start it now; the rest wait in line.
func choose(waiting []store.WaitingRun, usable []cluster.Member, loads []store.Load, s settings) []store.Choice {
	byID := map[string]store.Load{}
	for _, load := range loads {
		byID[load.WorkerID] = load
	}
	candidates := make([]*candidate, len(usable))
	for i, m := range usable {
		load := byID[m.ID]
		candidates[i] = &candidate{
			id: m.ID, weight: s.weight(m.Role), load: load.Assigned + load.Running*s.runningWeight,
			busy: load.Running > 0 || load.Due > 0,
		}
	}
	choices := []store.Choice{}
	for _, run := range waiting {
		if best := lightest(candidates, run.Due); best != nil {
			best.load++
			best.busy = best.busy || run.Due
			choices = append(choices, store.Choice{Run: run, Worker: best.id})
		}
	}
	return choices
}

func lightest(candidates []*candidate, idle bool) *candidate {
	var best *candidate
	for _, c := range candidates {
		if idle && c.busy {
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
