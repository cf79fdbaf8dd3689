package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Belief is what one participant takes the leader and the epoch to be.
type Belief struct {
	WorkerID string
	NodeID   string
	Role     scheduler.Role
	Silent   bool

	Leader   string // "" = it doesn't say
	Epoch    *int64 // the newest that it has seen, by its answer or its own record
	Claims   bool   // it takes itself for the leader
	Disagree bool   // with what Redis says

	Offset    *time.Duration // of its clock from ours
	RoundTrip *time.Duration
	Err       error // why it did not answer: a *scheduler.Error
}

// Beliefs is the epoch panel: what Redis says and what each worker takes for true.
type Beliefs struct {
	Leadership scheduler.Leadership
	Workers    []Belief
	AsOf       time.Time
}

// Beliefs asks every worker whom it follows. A worker that lags one look behind a change of leader disagrees only
// until the next look; that is what the panel is for.
func (c *Console) Beliefs(ctx context.Context) (Beliefs, error) {
	fleet, err := c.ports.Fleet.Fleet(ctx)
	if err != nil {
		return Beliefs{}, err
	}
	probes := c.probeAll(ctx, fleet.Workers)
	result := Beliefs{Leadership: fleet.Leadership, AsOf: fleet.AsOf}
	for i, w := range fleet.Workers {
		result.Workers = append(result.Workers, belief(fleet.Leadership, w, probes[i]))
	}
	return result, nil
}

func belief(l scheduler.Leadership, w scheduler.Worker, p Probe) Belief {
	b := Belief{WorkerID: w.ID, NodeID: w.NodeID, Role: w.Role, Silent: w.Silent(), Leader: w.SeenLeader, Epoch: w.SeenEpoch, Err: p.Err}
	if p.Pong != nil {
		b.Epoch = &p.Pong.ObservedEpoch
		offset, trip := p.Pong.ClockOffset(), p.Pong.RoundTrip
		b.Offset, b.RoundTrip = &offset, &trip
	}
	b.Claims = b.Leader != "" && b.Leader == w.ID
	wrongEpoch := b.Epoch != nil && l.Epoch != nil && *b.Epoch != *l.Epoch
	wrongLeader := b.Leader != "" && b.Leader != l.LeaderID
	b.Disagree = wrongEpoch || wrongLeader
	return b
}
