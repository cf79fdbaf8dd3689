package watch

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// Every is how often the fleet is looked at, which costs two round trips to Redis.
	Every = 10 * time.Second
	// runsEvery is in how many looks the runs are looked at once: three cheap queries a minute.
	runsEvery = 2
	// overlap is how much of the time before the last look is looked at again: a transaction that began then may have
	// ended since, and a read replica may be late.
	overlap = 2 * time.Minute
	// reach is how far back a look goes at most, after a time at which none could be.
	reach = 24 * time.Hour
	// blindAfter is how many looks in a row have to fail until that is told.
	blindAfter  = int(2 * time.Minute / Every)
	lookTimeout = 8 * time.Second
	maxRuns     = 500
)

// looker looks, and remembers what it saw.
type looker struct {
	options Options
	runs    runMemory
	fleet   fleetMemory

	ranSeen           time.Time // when runs were seen last, by the wall's clock, which goes on while the machine sleeps
	seen              time.Time // when all was
	runsErr, fleetErr error     // of the last look at each
	failed            int       // looks in a row
}

func newLooker(o Options) *looker {
	now := wall()
	return &looker{options: o, ranSeen: now, seen: now}
}

func wall() time.Time { return time.Now().Round(0) }

// look looks once at what is watched, tells what is new, and gives the watched runs that are over.
func (l *looker) look(ctx context.Context, watches []Watch, asked []scheduler.RunID, runsToo bool) (over []scheduler.RunID) {
	now := wall()
	for _, id := range asked {
		l.runs.expect(id)
	}
	looking, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	events := l.lookAtFleet(looking, watches, now)
	if runsToo {
		var more []Event
		more, over = l.lookAtRuns(looking, watches, now)
		events = append(events, more...)
	}
	if ctx.Err() != nil {
		return nil // the environment is being closed
	}
	if events = append(events, l.judge(ctx, now)...); len(events) > 0 {
		l.options.Tell(events)
	}
	return over
}

func (l *looker) lookAtFleet(ctx context.Context, watches []Watch, now time.Time) []Event {
	l.fleetErr = nil
	var fleet scheduler.Fleet
	if watched(watches, Leader, Worker) {
		if fleet, l.fleetErr = l.options.Source.Fleet.Fleet(ctx); l.fleetErr != nil {
			return nil
		}
	}
	return l.fleet.look(watches, fleet, now)
}

func (l *looker) lookAtRuns(ctx context.Context, watches []Watch, now time.Time) ([]Event, []scheduler.RunID) {
	l.runsErr = nil
	var found console.WatchedRuns
	if watched(watches, Job, Run) {
		query := console.WatchedQuery{
			Runs: l.runs.open(watches), Back: min(max(now.Sub(l.ranSeen), 0)+overlap, reach), Limit: maxRuns,
		}
		for _, w := range watches {
			if w.Kind == Job {
				query.Jobs = append(query.Jobs, scheduler.JobID(w.number()))
			}
		}
		if found, l.runsErr = l.options.Source.Runs.WatchedRuns(ctx, query); l.runsErr != nil {
			return nil, nil
		}
	}
	l.ranSeen = now
	return l.runs.look(watches, found, now)
}

// judge tells once that nothing could be looked at for a while.
func (l *looker) judge(ctx context.Context, now time.Time) []Event {
	err := errors.Join(l.fleetErr, l.runsErr)
	if err == nil {
		l.failed, l.seen = 0, now
		return nil
	}
	if l.failed++; l.failed != blindAfter {
		return nil
	}
	l.options.Log.WarnContext(ctx, "what is watched can't be looked at", "environment", l.options.Environment, "error", err)
	return []Event{{What: Blind, At: now, Minutes: int(now.Sub(l.seen).Round(time.Minute) / time.Minute)}}
}

// watched tells whether something of these kinds is watched.
func watched(watches []Watch, kinds ...Kind) bool {
	return slices.ContainsFunc(watches, func(w Watch) bool { return slices.Contains(kinds, w.Kind) })
}
