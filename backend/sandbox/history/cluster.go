package history

import (
	"strconv"
	"time"
)

// era is a time in which the same processes worked under the same leader.
type era struct {
	from    time.Time
	epoch   int64
	workers []worker
}

type worker struct{ id, node string }

// processes are the nodes of the cluster, one entry a process.
var processes = []string{"node-a", "node-a", "node-b", "node-b", "node-c"}

// planEras lets the cluster be restarted about every second day, and lose its leader in between now and then. Each
// makes a new epoch; a restart makes new worker ids, a lost leader one.
func (p *past) planEras() {
	current := era{from: p.from, epoch: 1, workers: p.newWorkers(nil)}
	p.eras = []era{current}
	for at := p.from; ; {
		at = at.Add(time.Duration(p.about(float64(18*time.Hour), 0.8)))
		if !at.Before(p.to) {
			return
		}
		next := era{from: at, epoch: current.epoch + 1}
		if p.chance(0.6) {
			next.workers = p.newWorkers(current.workers)
		} else {
			next.workers = append(next.workers, current.workers...)
			next.workers[p.random.IntN(len(next.workers))].id = p.newID(current.workers)
		}
		p.eras = append(p.eras, next)
		current = next
	}
}

func (p *past) newWorkers(before []worker) []worker {
	var all []worker
	for _, node := range processes {
		all = append(all, worker{p.newID(append(all, before...)), node})
	}
	return all
}

// newID draws a three-digit number, as the schedulers of the field do.
func (p *past) newID(taken []worker) string {
	for {
		id := strconv.Itoa(100 + p.random.IntN(900))
		free := true
		for _, w := range taken {
			free = free && w.id != id
		}
		if free {
			return id
		}
	}
}

// eraAt is the era of a moment. Moments come in order, give or take a minute.
func (p *past) eraAt(t time.Time) era {
	for i := len(p.eras) - 1; i > 0; i-- {
		if !t.Before(p.eras[i].from) {
			return p.eras[i]
		}
	}
	return p.eras[0]
}

// choose picks the worker that has waited longest, as a leader that balances load does; the one to avoid is out.
func (p *past) choose(e era, avoid string) worker {
	best := -1
	offset := p.random.IntN(len(e.workers))
	for n := range e.workers {
		i := (n + offset) % len(e.workers)
		if e.workers[i].id == avoid {
			continue
		}
		if best < 0 || p.busy[e.workers[i].id].Before(p.busy[e.workers[best].id]) {
			best = i
		}
	}
	return e.workers[best]
}
