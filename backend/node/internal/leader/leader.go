// Package leader is the part of a node that acts while it leads: it makes due runs, gives them to workers, starts them
// at their time and takes back what is lost. Everything that it writes is fenced by its term.
package leader

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/peer"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// discoverEvery is how often the key space is walked for workers that don't add themselves to the set.
	discoverEvery = 5 * time.Second
	// settleTicks is how long a new leader judges no worker absent: after a restart of Redis all of them are, until
	// their next beat.
	settleTicks = 3
	// hurry is how many times as often a leader acts while due runs wait and workers take them.
	hurry = 10
)

// Config is what a leader needs; everything is required.
type Config struct {
	ID      string
	Store   *store.Store
	Cluster *cluster.Client
	Peers   *peer.Pool
	// Settings are read anew with every tick. The heartbeat's interval is also the tick's; a leader wakes between two
	// ticks when a run is due.
	Settings *settings.Keeper
	Metrics  *metrics.Metrics
	Board    *metrics.Board
	Log      *slog.Logger
	Now      func() time.Time
}

// Leader acts for one term after another. Its methods must not be called concurrently.
type Leader struct {
	config     Config
	term       store.Term
	since      time.Time
	discovered time.Time
	schedules  schedules
	refusals   refusals
	flights    *flights
	reload     reload
	oddSeen    time.Time
	looked     time.Time                     // when the workers were looked at
	met        map[string]bool               // workers that were alive in this term
	made       map[scheduler.JobID]time.Time // up to which minute this term has made runs of a job
	keysKnown  *time.Time                    // up to when the keys of processed events are known; nil: as far as the table says
	suspects   suspects
	asked      string          // the last worker that had to be asked what it has in hand
	draining   map[string]bool // of those
}

// New makes a leader that leads nobody yet.
func New(config Config) *Leader {
	return &Leader{config: config, schedules: schedules{}, refusals: newRefusals(), flights: newFlights()}
}

// Lead acts as the leader of epoch until ctx ends (nil) or another term has begun ([store.ErrTermOver]). Fresh tells
// that the epoch was raised just now; a leader that found its own lock after a restart has an old one.
func (l *Leader) Lead(ctx context.Context, epoch int64, fresh bool) error {
	l.term = store.Term{Epoch: epoch, WorkerID: l.config.ID}
	for wait := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		if err := l.enter(ctx, fresh); err == nil {
			break
		} else if ctx.Err() == nil {
			l.config.Log.Warn("can't begin the term", "error", err)
		}
		wait = l.interval()
	}
	l.beginTerm()
	l.config.Log.Info("leading", "epoch", l.term.Epoch)
	return l.act(ctx)
}

// enter raises the epoch until it is above all others.
func (l *Leader) enter(ctx context.Context, fresh bool) error {
	for {
		entered, floor, err := l.config.Store.EnterTerm(ctx, l.term, fresh, l.config.Now())
		if err != nil || entered {
			return err
		}
		if l.term.Epoch, err = l.config.Cluster.RaiseEpoch(ctx, max(1, floor-l.term.Epoch+1)); err != nil {
			return err
		}
		fresh = true
	}
}

func (l *Leader) act(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer l.leave()
	defer cancel()
	for {
		began := l.config.Now()
		next, err := l.tick(ctx)
		l.config.Metrics.Ticked(l.config.Now().Sub(began), err)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, store.ErrTermOver):
			return err
		case err != nil:
			l.config.Log.Warn("a leader's tick failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(next):
		}
	}
}

// beginTerm forgets what held in the last one.
func (l *Leader) beginTerm() {
	l.since, l.keysKnown = l.config.Now(), nil
	l.met, l.made = map[string]bool{}, map[scheduler.JobID]time.Time{}
	l.suspects = suspects{since: map[string]time.Time{}}
}

// leave forgets what only a leader knows.
func (l *Leader) leave() {
	l.flights.end()
	l.config.Metrics.Leads(nil)
	l.config.Board.Set(metrics.BadSchedule, nil)
	l.config.Board.Set(metrics.BadRow, nil)
}

// tick does everything once and tells how long it may rest.
func (l *Leader) tick(ctx context.Context) (time.Duration, error) {
	looking := l.config.Now()
	members, err := l.members(ctx)
	if err != nil {
		return l.interval(), err
	}
	rows, err := l.config.Store.Settings(ctx, settings.Keys())
	if err != nil {
		return l.interval(), err
	}
	l.config.Settings.Apply(rows)
	l.looked = looking
	asked := l.config.Now()
	refused := l.flights.landed(l.judgeStart)
	var done plan
	err = l.config.Store.InTerm(ctx, l.term, func(tx *store.LeaderTx) (err error) {
		done, err = l.plan(ctx, tx, members, refused)
		return err
	})
	if err != nil {
		l.flights.again(refused)
		return l.interval(), err
	}
	l.remember(done.slots)
	l.config.Metrics.Leads(done.fleet)
	if err := l.dispatch(ctx, done, members); err != nil {
		return l.interval(), err
	}
	if err := l.config.Cluster.KeepEpoch(ctx, l.term.Epoch); err != nil {
		return l.interval(), err
	}
	if err := l.config.Cluster.LeaderSeen(ctx, l.config.Now()); err != nil {
		return l.interval(), err
	}
	return l.rest(done, l.config.Now().Sub(asked)), nil
}

// rest is how long a tick that began so long ago may be followed by nothing.
func (l *Leader) rest(done plan, passed time.Duration) time.Duration {
	rest := l.interval()
	if done.nextDue != nil {
		rest = min(rest, max(0, done.nextDue.Sub(done.now)-passed))
	}
	switch {
	case l.flights.anyRefused():
		return 0
	case done.backlog && len(done.startable) > 0:
		return min(rest, l.interval()/hurry) // workers become free meanwhile
	}
	return rest
}

// interval is how often the leader acts.
func (l *Leader) interval() time.Duration { return l.config.Settings.Values().HeartbeatInterval }

// members gives the live workers and forgets the connections to others.
func (l *Leader) members(ctx context.Context) ([]cluster.Member, error) {
	now := l.config.Now()
	discovers := now.Sub(l.discovered) >= discoverEvery
	if discovers {
		if err := l.config.Cluster.Discover(ctx); err != nil {
			return nil, err
		}
	}
	members, err := l.config.Cluster.Members(ctx)
	if err != nil {
		return nil, err
	}
	if discovers {
		if err := l.forgetFlags(ctx, members); err != nil {
			return nil, err
		}
		l.discovered = now
	}
	addresses := map[string]bool{}
	for _, m := range members {
		addresses[m.Address] = true
	}
	l.config.Peers.Keep(addresses)
	l.reconcile(ctx, members)
	return members, nil
}
