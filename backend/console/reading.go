package console

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Reading is how the schedulers of a cluster read a schedule, where they don't read it alike.
type Reading struct {
	Notes  []scheduler.ScheduleNote
	Others []string // live workers that tell nothing of themselves: as leaders they read every time in UTC and ignore retries and policy
	Leads  bool     // one of them leads now
	// InUTC is when it is due where one of them leads; empty where that makes no difference.
	InUTC []time.Time
}

// othersAge is how old the look at the workers may be. A draft is read at every pause in typing, and the workers of a large
// cluster are many.
const othersAge = 5 * time.Second

// othersMemo remembers the workers of the other kind. Its lock is one that a caller can stop waiting for.
type othersMemo struct {
	lock  *semaphore.Weighted
	at    time.Time
	ids   []string
	leads bool
}

// reading compares how the live workers would read a schedule as leaders. Workers of this project publish what they
// are; those in the field don't, and evaluate every schedule in UTC (contract of the Django application). Who can't be
// asked leaves the comparison out: it must not keep a job from being shown or edited.
func (c *Console) reading(ctx context.Context, s scheduler.Schedule, now time.Time) Reading {
	r := Reading{Notes: s.Notes(now)}
	var err error
	if r.Others, r.Leads, err = c.otherWorkers(ctx, now); err != nil {
		c.log.InfoContext(ctx, "the workers can't be asked how they read a schedule", "cause", err)
		return r
	}
	if len(r.Others) > 0 && s.Location != nil && s.Location != time.UTC {
		r.InUTC = s.InUTC().Next(now, PreviewTimes)
	}
	return r
}

// otherWorkers gives the live workers that publish nothing of themselves, and whether one of them leads, at most
// othersAge old.
func (c *Console) otherWorkers(ctx context.Context, now time.Time) (ids []string, leads bool, err error) {
	if err := c.others.lock.Acquire(ctx, 1); err != nil {
		return nil, false, err
	}
	defer c.others.lock.Release(1)
	if !c.others.at.IsZero() && now.Sub(c.others.at) < othersAge {
		return c.others.ids, c.others.leads, nil
	}
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, w := range fleet.Workers {
		if w.Reports || w.Silent() {
			continue
		}
		ids = append(ids, w.ID)
		leads = leads || w.ID == fleet.Leadership.LeaderID
	}
	c.others.at, c.others.ids, c.others.leads = now, ids, leads
	return ids, leads, nil
}
