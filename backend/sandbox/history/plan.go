package history

import (
	"container/heap"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// due is a run that is to be made.
type due struct {
	job     *job
	created time.Time // when its row was inserted: rows are written in this order, so that ids and created_at agree
	at      time.Time // scheduled_for
	key     string    // idempotency key
	retry   int       // how many runs of this chain failed before
	first   int64     // the chain's first run, if retry > 0
	rerunOf *run      // the skipped run that an operator asked for again
}

// queue holds what is due, oldest first. Retries join it while it is worked off.
type queue []due

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].created.Before(q[j].created) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push is for package heap.
func (q *queue) Push(d any) { *q = append(*q, d.(due)) }

// Pop is for package heap.
func (q *queue) Pop() any {
	last := len(*q) - 1
	d := (*q)[last]
	*q = (*q)[:last]
	return d
}

// ahead is how long before its time a leader makes a run.
const ahead = time.Minute

// plan decides how far back the past goes, who worked when, and what was due.
func (p *past) plan() error {
	span := month
	p.from = p.to.Add(-span)
	if p.Runs == 0 {
		p.from = p.to
		p.planEras()
		return nil
	}
	slots, err := p.slots()
	if err != nil {
		return err
	}
	// Events and retries come on top of what the clock makes.
	const extra = 1.12
	usual := float64(len(slots)) * extra
	if float64(p.Runs) > 1.1*usual {
		p.from = p.to.Add(-time.Duration(float64(span) * float64(p.Runs) / usual))
		if slots, err = p.slots(); err != nil {
			return err
		}
	}
	share := min(1, float64(p.Runs)/usual)
	if share > 0.9 {
		share = 1
	}
	for _, d := range slots {
		if share == 1 || rare(d.job) || p.chance(share) {
			p.runs = append(p.runs, d)
		}
	}
	p.planEras()
	p.planEvents(share)
	heap.Init(&p.runs)
	p.expect = int64(float64(len(p.runs)) * 1.05)
	return nil
}

// rare tells whether a job runs so seldom that thinning it out would leave nothing.
func rare(j *job) bool {
	s, err := j.schedule()
	return err == nil && s.Kind != scheduler.EveryNMinutes && s.Kind != scheduler.Hourly
}

func (j *job) schedule() (scheduler.Schedule, error) {
	return scheduler.ParseSchedule(j.Type, json.RawMessage(j.Schedule))
}

// slots are the minutes in which time jobs were due.
func (p *past) slots() ([]due, error) {
	var all []due
	for i := range p.jobs {
		j := &p.jobs[i]
		if j.Type != scheduler.TimeJob || j.Disabled || j.Past.Typical == 0 {
			continue
		}
		schedule, err := j.schedule()
		if err != nil {
			return nil, err
		}
		for at := p.from; ; {
			next := schedule.Next(at, 1)
			if len(next) == 0 || !next[0].Before(p.to) {
				break
			}
			at = next[0]
			all = append(all, due{job: j, at: at, created: at.Add(-ahead + time.Duration(p.random.IntN(1000))*time.Millisecond)})
		}
	}
	return all, nil
}
