package leader

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/cluster"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

const (
	startTimeout  = 3 * time.Second
	cancelTimeout = 3 * time.Second
	// leaseTTL outlasts a start that gets no answer: no other leader starts the same run meanwhile.
	leaseTTL = 2 * startTimeout
)

// dispatch starts runs on live workers and asks for the end of those that are to be replaced. What was refused is put
// back in line by the next tick, which then comes at once.
func (l *Leader) dispatch(ctx context.Context, p plan, members []cluster.Member) error {
	addresses := map[string]string{}
	for _, m := range members {
		addresses[m.ID] = m.Address
	}
	l.stopReplaced(ctx, p.stop, addresses)
	l.reloadAll(ctx, p, members)
	runs := make([]store.StartableRun, 0, len(p.startable))
	ids := make([]scheduler.RunID, 0, len(p.startable))
	for _, run := range p.startable {
		if _, live := addresses[run.WorkerID]; live { // else sweep takes it back when the grace is over
			runs, ids = append(runs, run), append(ids, run.ID)
		}
	}
	leased, err := l.config.Cluster.Lease(ctx, ids, l.config.ID, leaseTTL)
	if err != nil {
		return err
	}
	var calls []<-chan struct{}
	for _, run := range runs {
		if !leased[run.ID] {
			// It goes back in line, where it is in nobody's way.
			l.config.Log.Debug("another leader is starting a run", "run", run.ID)
			l.refusals.hold(run.ID, l.config.Now().Add(startTimeout))
			l.flights.again([]store.RefusedRun{{StartableRun: run}})
			continue
		}
		address := addresses[run.WorkerID]
		calls = append(calls, l.flights.start(ctx, run, func(ctx context.Context) (*workerpb.StartJobResponse, error) {
			return l.start(ctx, address, run)
		}))
	}
	l.flights.wait(ctx, calls)
	return ctx.Err()
}

func (l *Leader) start(ctx context.Context, address string, run store.StartableRun) (*workerpb.StartJobResponse, error) {
	worker, err := l.config.Peers.Worker(address)
	if err != nil {
		return nil, err
	}
	calling, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	answer, err := worker.StartJob(calling, &workerpb.StartJobRequest{
		LeaderEpoch: l.term.Epoch, JobRunId: runID(run.ID), CommandName: run.Command,
		ArgsJson: run.Args, TimeoutSeconds: int32(run.Timeout), Attempt: int32(run.Attempt), //nolint:gosec // both columns are int4
	})
	if err == nil {
		// Nothing was started, or the run is RUNNING: nobody has to be kept away. An answer that never came leaves that
		// open. A lease that stayed would keep a run that is lost soon from being started again.
		if err := l.config.Cluster.EndLease(ctx, run.ID, l.config.ID); err != nil && ctx.Err() == nil {
			l.config.Log.Warn("a lease could not be given back; it runs out by itself", "run", run.ID, "error", err)
		}
	}
	return answer, err
}

// judgeStart notes what an outcome says about worker or run. No answer leaves open whether the run has started: then
// putting it back changes nothing, because its version is another.
func (l *Leader) judgeStart(o outcome) (refused bool, why string) {
	now := l.config.Now()
	log := l.config.Log.With("run", o.run.ID, "worker", o.run.WorkerID)
	if o.err != nil {
		log.Warn("a start got no answer", "error", o.err)
		l.config.Metrics.StartRefused("NO_ANSWER")
		l.refusals.avoid(o.run.WorkerID, now.Add(avoidFor))
		return true, ""
	}
	if o.answer.Result == workerpb.StartJobResponse_ACCEPTED {
		return false, ""
	}
	l.config.Metrics.StartRefused(o.answer.Result.String())
	switch o.answer.Result {
	case workerpb.StartJobResponse_REJECTED_ALREADY_RUNNING:
		l.refusals.avoid(o.run.WorkerID, now.Add(avoidBusy))
	case workerpb.StartJobResponse_REJECTED_INVALID:
		l.refusals.hold(o.run.ID, now.Add(holdFor))
		why = "refused by worker " + o.run.WorkerID + ": " + plain(o.answer.Message)
	default:
		l.refusals.avoid(o.run.WorkerID, now.Add(avoidFor))
	}
	log.Info("a start was refused", "result", o.answer.Result.String(), "message", o.answer.Message)
	return true, why
}

// mostSaid bounds what a worker's message may add to a run.
const mostSaid = 300

// plain is what a text column takes of another process's words.
func plain(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
	if r := []rune(text); len(r) > mostSaid {
		return string(r[:mostSaid])
	}
	return text
}

// stopReplaced asks workers to end runs. The newer run starts once the older has ended, however that comes about; until
// then the question is repeated with every tick.
func (l *Leader) stopReplaced(ctx context.Context, stops []stop, addresses map[string]string) {
	for _, s := range stops {
		address, live := addresses[s.worker]
		if !live {
			continue
		}
		l.flights.stop(ctx, s.run, func(ctx context.Context) {
			worker, err := l.config.Peers.Worker(address)
			if err == nil {
				calling, cancel := context.WithTimeout(ctx, cancelTimeout)
				defer cancel()
				_, err = worker.CancelJob(calling, &workerpb.CancelJobRequest{
					LeaderEpoch: l.term.Epoch, JobRunId: runID(s.run), Reason: s.reason,
				})
			}
			if err != nil && ctx.Err() == nil {
				l.config.Log.Warn("a worker was not told to end a replaced run", "run", s.run, "worker", s.worker, "error", err)
			}
		})
	}
}

func runID(id scheduler.RunID) string { return strconv.FormatInt(int64(id), 10) }
