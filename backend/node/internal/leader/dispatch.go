package leader

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const (
	startTimeout  = 3 * time.Second
	startsAtATime = 16
)

// dispatch starts runs on live workers, and puts back in line at once what was not started.
func (l *Leader) dispatch(ctx context.Context, runs []store.StartableRun, members []cluster.Member) error {
	addresses := map[string]string{}
	for _, m := range members {
		addresses[m.ID] = m.Address
	}
	var mu sync.Mutex
	refused := []store.StartableRun{}
	var starts errgroup.Group
	starts.SetLimit(startsAtATime)
	for _, run := range runs {
		address, live := addresses[run.WorkerID]
		if !live {
			continue // sweep takes it back when the grace is over
		}
		starts.Go(func() error {
			answer, err := l.start(ctx, address, run)
			mu.Lock()
			defer mu.Unlock()
			if l.refusedBy(run, answer, err) {
				refused = append(refused, run)
			}
			return nil
		})
	}
	_ = starts.Wait()
	if len(refused) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	return l.config.Store.InTerm(ctx, l.term, l.config.Now(), func(tx *store.LeaderTx) error {
		_, err := tx.ReturnRefused(ctx, refused)
		return err
	})
}

func (l *Leader) start(ctx context.Context, address string, run store.StartableRun) (*workerpb.StartJobResponse, error) {
	worker, err := l.config.Peers.Worker(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	return worker.StartJob(ctx, &workerpb.StartJobRequest{
		LeaderEpoch: l.term.Epoch, JobRunId: strconv.FormatInt(int64(run.ID), 10), CommandName: run.Command,
		ArgsJson: run.Args, TimeoutSeconds: int32(run.Timeout), Attempt: int32(run.Attempt), //nolint:gosec // both columns are int4
	})
}

// refusedBy notes what the answer says about worker or run. No answer leaves open whether the run has started: then
// putting it back changes nothing, because its version is another.
func (l *Leader) refusedBy(run store.StartableRun, answer *workerpb.StartJobResponse, err error) bool {
	now := l.config.Now()
	log := l.config.Log.With("run", run.ID, "worker", run.WorkerID)
	if err != nil {
		log.Warn("a start got no answer", "error", err)
		l.refusals.avoid(run.WorkerID, now.Add(avoidFor))
		return true
	}
	switch answer.Result {
	case workerpb.StartJobResponse_ACCEPTED:
		return false
	case workerpb.StartJobResponse_REJECTED_ALREADY_RUNNING:
		l.refusals.avoid(run.WorkerID, now.Add(avoidBusy))
	case workerpb.StartJobResponse_REJECTED_INVALID:
		l.refusals.hold(run.ID, now.Add(holdFor))
	default:
		l.refusals.avoid(run.WorkerID, now.Add(avoidFor))
	}
	log.Info("a start was refused", "result", answer.Result.String(), "message", answer.Message)
	return true
}
