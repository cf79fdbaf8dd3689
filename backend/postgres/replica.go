package postgres

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	// maxLag is how far behind a replica may be to be asked at all.
	maxLag = 5 * time.Second
	// lagEvery is how long an answer about that counts.
	lagEvery = 2 * time.Second
	// afterWrite is how long questions go to the primary after an operation, whose effect the operator wants to see.
	afterWrite = maxLag + lagEvery
	// replicaPatience is how long a question waits for a replica before it goes to the primary.
	replicaPatience = 2 * time.Second
)

// replica answers questions in the primary's place, as long as it is reachable and not far behind.
type replica struct {
	primary, store *Store

	mu    sync.Mutex
	asked time.Time // when its lag was asked for last
	state Replica
}

// Replica is how a read replica is.
type Replica struct {
	Address string
	Used    bool          // questions go there
	Lag     time.Duration // behind the primary; only while it is used
	Problem error         // why it isn't used
}

// WithReplica gives a Store that asks a read replica first, and this one where the replica is out of reach or far behind, or shortly
// after something was written. What is written, and what decides about it, must go to this one. The replica is dialled when it is
// first wanted. Closing the Store that is given closes its connections to the replica and leaves this one open.
func (s *Store) WithReplica(ctx context.Context, c Config) (*Store, error) {
	c.Profile.Hosts, c.Profile.Replicas, c.Profile.TargetSessionAttrs, c.Server = c.Profile.Replicas, nil, "any", s.Server()
	copies, err := newStore(ctx, c, s.log)
	if err != nil {
		return nil, err
	}
	r := &replica{primary: s, store: copies, state: Replica{Address: copies.address, Used: true}}
	return &Store{pool: s.pool, address: s.address, own: s.own, effort: s.effort, meter: s.meter, hasGate: s.hasGate, replica: r, log: s.log}, nil
}

// CloseReplica ends the connections to the replica.
func (s *Store) CloseReplica() {
	if s.replica != nil {
		s.replica.store.Close()
	}
}

// Replica tells how the read replica is; nil where there is none.
func (s *Store) Replica() *Replica {
	if s.replica == nil {
		return nil
	}
	s.replica.mu.Lock()
	defer s.replica.mu.Unlock()
	state := s.replica.state
	return &state
}

// read asks the replica. answered is false where the primary has to be asked.
func (r *replica) read(ctx context.Context, fn func(context.Context, *pgx.Conn) error) (answered bool, err error) {
	if r == nil || time.Since(time.Unix(0, r.primary.wrote.Load())) < afterWrite {
		return false, nil
	}
	patience := replicaPatience
	if deadline, ok := ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/2)
	}
	brief, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := r.store.acquire(brief)
	if err != nil {
		r.note(ctx, 0, err)
		return false, nil
	}
	defer conn.Release()
	if !r.fresh(brief, conn.Conn()) {
		return false, nil
	}
	err = fn(ctx, conn.Conn())
	if err != nil && conn.Conn().IsClosed() && ctx.Err() == nil { // while it rested: the primary is asked in its place
		r.store.pool.Reset()
		return false, nil
	}
	err = r.store.explain(err)
	if err != nil && scheduler.CodeOf(err) == scheduler.Unavailable && ctx.Err() == nil {
		r.note(ctx, 0, err)
	}
	return true, err
}

// fresh tells whether the replica is close enough behind the primary.
func (r *replica) fresh(ctx context.Context, conn *pgx.Conn) bool {
	r.mu.Lock()
	due, used := time.Since(r.asked) >= lagEvery, r.state.Used
	if due {
		r.asked = time.Now()
	}
	r.mu.Unlock()
	if !due {
		return used
	}
	type row struct {
		Seconds *float64 `db:"seconds"`
	}
	found, err := collect[row](ctx, conn, sql.replicaLag, nil)
	switch {
	case err != nil:
		r.note(ctx, 0, r.store.explain(err))
		return false
	case found[0].Seconds == nil:
		r.note(ctx, 0, scheduler.Errorf(scheduler.Unavailable, "postgres.replica_unfed",
			"The read replica at %s receives nothing from the primary, which is asked instead. Check its replication.", r.store.address).
			With("address", r.store.address))
		return false
	}
	lag := duration(*found[0].Seconds)
	if lag > maxLag {
		r.note(ctx, lag, scheduler.Errorf(scheduler.Unavailable, "postgres.replica_behind",
			"The read replica at %s is %s behind the primary, which is asked instead.", r.store.address, lag.Round(time.Second)).
			With("address", r.store.address).With("lag", lag.Round(time.Second).String()))
		return false
	}
	r.note(ctx, lag, nil)
	return true
}

// note keeps how the replica is, and logs when that changes.
func (r *replica) note(ctx context.Context, lag time.Duration, problem error) {
	r.mu.Lock()
	changed := r.state.Used != (problem == nil)
	r.state.Used, r.state.Lag, r.state.Problem = problem == nil, lag, problem
	r.mu.Unlock()
	if changed {
		r.store.log.Log(ctx, slog.LevelWarn, "questions go elsewhere", "replica", r.store.address, "used", problem == nil, "because", problem)
	}
}
