package leader

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const (
	statusTimeout = 500 * time.Millisecond
	// statusRounds is within how many ticks every worker that has to be asked is asked, however many there are.
	statusRounds = 10
)

// reconcile asks workers that don't tell Redis what they have in hand, which those in the field don't: some with each
// tick, in turn. What one answers counts in this tick; that it drains counts until it is asked again.
func (l *Leader) reconcile(ctx context.Context, members []cluster.Member) {
	var mute []int
	for i, m := range members {
		if !m.Reports && m.Address != "" {
			mute = append(mute, i)
		}
	}
	if len(mute) == 0 {
		l.asked, l.draining = "", nil
		return
	}
	answers := l.askStatus(ctx, members, l.turn(members, mute))
	draining := map[string]bool{}
	for _, i := range mute {
		m := &members[i]
		status, answered := answers[i]
		if answered {
			m.Reports, m.Runs, m.Detached = true, nil, m.Detached || status.Detached
			if status.CurrentJobRunId != "" {
				m.Runs = []string{status.CurrentJobRunId}
			}
		}
		m.Draining = answered && status.Draining || !answered && l.draining[m.ID]
		draining[m.ID] = m.Draining
	}
	l.draining = draining
}

// turn picks who is asked now: those after the one that was asked last, by id.
func (l *Leader) turn(members []cluster.Member, mute []int) []int {
	batch := min(len(mute), max(l.config.Settings.Values().PingBatch, (len(mute)+statusRounds-1)/statusRounds))
	first := slices.IndexFunc(mute, func(i int) bool { return members[i].ID > l.asked })
	if first < 0 {
		first = 0
	}
	turn := slices.Concat(mute[first:], mute[:first])[:batch]
	l.asked = members[turn[batch-1]].ID
	return turn
}

func (l *Leader) askStatus(ctx context.Context, members []cluster.Member, turn []int) map[int]*workerpb.GetStatusResponse {
	var mu sync.Mutex
	answers := map[int]*workerpb.GetStatusResponse{}
	var calls errgroup.Group
	for _, i := range turn {
		calls.Go(func() error {
			worker, err := l.config.Peers.Worker(members[i].Address)
			if err != nil {
				return nil //nolint:nilerr // an address that is none is as good as no answer
			}
			bounded, cancel := context.WithTimeout(ctx, statusTimeout)
			defer cancel()
			status, err := worker.GetStatus(bounded, &workerpb.GetStatusRequest{
				CallerRole: string(scheduler.Leader), LeaderEpoch: l.term.Epoch,
			})
			if err == nil && status.WorkerId == members[i].ID { // another process may listen there by now
				mu.Lock()
				defer mu.Unlock()
				answers[i] = status
			}
			return nil
		})
	}
	_ = calls.Wait()
	return answers
}
