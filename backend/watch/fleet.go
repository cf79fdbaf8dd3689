package watch

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// freeLooks is at how many looks in a row the lock has to be free: between two leaders it always is for a moment.
const freeLooks = 2

// fleetMemory is what was seen of the leader and of workers at the looks before.
type fleetMemory struct {
	leader string // that was seen last
	looked bool   // for a leader
	free   int    // looks in a row at which nobody led
	lost   bool   // that nobody leads has been told, or was so at the first look

	alive map[string]bool // watched workers, whether they were at the last look
}

// look compares the fleet with what was seen of it, and gives what there is to tell.
func (m *fleetMemory) look(watches []Watch, fleet scheduler.Fleet, at time.Time) []Event {
	var events []Event
	alive, leader := map[string]bool{}, false
	for _, w := range watches {
		switch w.Kind {
		case Leader:
			leader = true
			events = append(events, m.lookForLeader(fleet.Leadership.LeaderID, at)...)
		case Worker:
			alive[w.ID] = beats(fleet, w.ID)
			if m.alive[w.ID] && !alive[w.ID] {
				events = append(events, Event{What: WorkerSilent, At: at, Worker: w.ID})
			}
		}
	}
	m.alive = alive
	if !leader {
		m.leader, m.looked, m.free, m.lost = "", false, 0, false
	}
	return events
}

func (m *fleetMemory) lookForLeader(leader string, at time.Time) []Event {
	first, was := !m.looked, m.leader
	m.looked = true
	switch {
	case leader == "" && first:
		m.lost = true
		return nil
	case leader == "":
		m.free++
		if m.lost || m.free < freeLooks {
			return nil
		}
		m.lost = true
		return []Event{{What: LeaderLost, At: at, Worker: was}}
	}
	changed := leader != was || m.lost
	m.leader, m.free, m.lost = leader, 0, false
	if first || !changed {
		return nil
	}
	if leader == was {
		was = "" // nobody led in between
	}
	return []Event{{What: LeaderChanged, At: at, Worker: leader, Was: was}}
}

// beats tells whether a worker is there and its heart beats.
func beats(fleet scheduler.Fleet, id string) bool {
	for _, w := range fleet.Workers {
		if w.ID == id {
			return !w.Silent()
		}
	}
	return false
}
