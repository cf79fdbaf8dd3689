package node

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/worker"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// confirmTimeout bounds one question to one worker.
const confirmTimeout = 500 * time.Millisecond

// departure is a detached worker's way out of the cluster: the run in hand is confirmed or killed, and after the grace
// the worker leaves. Until then it can be had back.
type departure struct {
	undock   context.CancelFunc
	undocked chan struct{} // one of the two is closed at the end
	left     chan struct{}
}

// heedDetachFlag begins a departure when somebody asks this worker to stay away, and ends it when nobody does any more.
// One that has come to its end stays so: the worker leaves.
func (m *membership) heedDetachFlag(ctx context.Context, view cluster.View) {
	if m.departure != nil && m.departure.wasUndocked() {
		m.departure = nil
		m.log.Info("undocked: back to work")
	}
	switch {
	case view.Detached && m.departure == nil:
		m.log.Warn("detached: nothing new is taken, and this id leaves when its work is done")
		ctx, undock := context.WithCancel(ctx)
		d := &departure{undock: undock, undocked: make(chan struct{}), left: m.departed}
		m.departure = d
		m.departures.Go(func() {
			if m.depart(ctx) {
				close(d.left)
			} else {
				close(d.undocked)
			}
		})
	case !view.Detached && m.departure != nil:
		m.departure.undock()
	}
}

func (d *departure) wasUndocked() bool {
	select {
	case <-d.undocked:
		return true
	default:
		return false
	}
}

// depart tells whether the way out was gone to its end.
func (m *membership) depart(ctx context.Context) bool {
	over := time.After(m.timing().DetachGrace)
	for {
		t := m.timing()
		m.worker.Confirm(ctx, worker.Questions{Ask: m.mayContinue, Tries: t.ContinuationRetries, Every: t.ContinuationInterval})
		select {
		case <-ctx.Done():
			return false
		case <-m.worker.Idle():
		}
		if over != nil {
			select {
			case <-ctx.Done():
				return false
			case <-over:
				over = nil
			}
		}
		// A start that was on its way when the flag came may have put a run in hand meanwhile.
		if m.worker.Current() == "" {
			return ctx.Err() == nil
		}
	}
}

// mayContinue asks the leader, and the SubLeader if the leader doesn't decide.
func (m *membership) mayContinue(ctx context.Context, run string, epoch int64) worker.Answer {
	question := &workerpb.ConfirmContinuationRequest{LeaderEpoch: epoch, WorkerId: m.self.ID, JobRunId: run}
	answer := worker.Answer{Why: "nobody leads"}
	for _, id := range m.superiors() {
		said, err := m.askToContinue(ctx, id, question)
		if err != nil {
			answer.Why = id + " does not answer: " + err.Error()
			continue
		}
		answer = worker.Answer{Decision: said.Decision, Why: id + " said: " + said.Message}
		if said.Decision != workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED {
			break
		}
	}
	return answer
}

// superiors are the leader and the SubLeader as the last beat saw them, "" left out.
func (m *membership) superiors() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for _, id := range []string{m.leaderID, m.subLeaderID} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (m *membership) askToContinue(ctx context.Context, id string, question *workerpb.ConfirmContinuationRequest) (*workerpb.ConfirmContinuationResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	if id == m.self.ID {
		return m.worker.ConfirmContinuation(ctx, question)
	}
	address, err := m.cluster.Address(ctx, id)
	if err != nil {
		return nil, err
	}
	superior, err := m.peers.Worker(address)
	if err != nil {
		return nil, err
	}
	return superior.ConfirmContinuation(ctx, question, grpc.WaitForReady(true))
}

// standAside keeps a worker from office that is detached, or could do nothing there without PostgreSQL.
func (m *membership) standAside(ctx context.Context, view cluster.View) {
	if view.Leader == m.self.ID {
		m.release(ctx, cluster.LeaderLock)
	}
	if view.SubLeader == m.self.ID || view.NodeSubLeader == m.self.ID {
		m.releaseSubLocks(ctx)
	}
	m.isSub, m.isNodeSub = false, false
}
