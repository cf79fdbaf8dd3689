package worker

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// holdTimeout bounds one question whether a run is still this worker's.
const holdTimeout = 2 * time.Second

// doubtTimeout bounds marking a run as CONFIRMING. Without PostgreSQL the cluster is asked all the same.
const doubtTimeout = 2 * time.Second

// Answer is what the cluster says about a run at a detached worker.
type Answer struct {
	Decision workerpb.ConfirmContinuationResponse_Decision // unspecified: nobody decided
	Why      string
}

// Questions is how a detached worker asks.
type Questions struct {
	Ask   func(ctx context.Context, run string, epoch int64) Answer
	Tries int
	Every time.Duration
}

// Confirm lets the cluster decide whether the runs in hand may go on at a worker that was asked to stay away: one that
// may finishes; one that may not, or that nobody decides, is killed and recorded FAILED. It returns once that is decided
// for all, or if there is nothing in hand. The end of ctx takes the question back.
func (w *Worker) Confirm(ctx context.Context, q Questions) {
	w.mu.Lock()
	hand := slices.Clone(w.hand)
	w.mu.Unlock()
	var all sync.WaitGroup
	for _, r := range hand {
		all.Go(func() {
			if w.launched(ctx, r) {
				w.confirm(ctx, r, q)
			}
		})
	}
	all.Wait()
}

// confirm lets the cluster decide about one run.
func (w *Worker) confirm(ctx context.Context, r *run, q Questions) {
	log := w.config.Log.With("run", r.id(), "attempt", r.attempt.Number)
	bounded, cancel := context.WithTimeout(ctx, doubtTimeout)
	if err := w.config.Store.DoubtOwn(bounded, r.attempt); err != nil {
		log.Warn("the run could not be marked as CONFIRMING", "error", err)
	}
	cancel()
	answer := w.ask(ctx, r, q)
	switch {
	case answer.Decision == workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE:
		log.Info("the run may go on at this detached worker")
		w.trust(r)
	case ctx.Err() != nil:
		log.Info("the worker is detached no longer: the run goes on")
		w.trust(r)
	default:
		log.Warn("the run must end", "why", answer.Why)
		r.abort <- "ended because the worker was detached: " + answer.Why // the one that is ever sent: the caller waits for the end
	}
}

// launched waits until a run's command has started, and tells whether it has.
func (w *Worker) launched(ctx context.Context, r *run) bool {
	select {
	case <-r.launched:
	case <-ctx.Done():
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.hand, r) // else it was not started after all
}

// ask asks until somebody decides.
func (w *Worker) ask(ctx context.Context, r *run, q Questions) Answer {
	answer := Answer{Why: "nobody was asked"}
	for try := range q.Tries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return answer
			case <-time.After(q.Every):
			}
		}
		answer = q.Ask(ctx, r.id(), r.epoch())
		if answer.Decision != workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED || ctx.Err() != nil {
			return answer
		}
	}
	answer.Why = "neither Leader nor SubLeader confirmed it: " + answer.Why
	return answer
}

// trust ends the doubt about a run, as long as that can be of use.
func (w *Worker) trust(r *run) {
	ctx, cancel := context.WithTimeout(w.abandon, r.attempt.Grace)
	defer cancel()
	err := persist(ctx, func(ctx context.Context) error { return w.config.Store.TrustOwn(ctx, r.attempt) })
	if err != nil {
		w.config.Log.Warn("the doubt about the run could not be ended", "run", r.id(), "error", err)
	}
}

// ConfirmContinuation decides, as Leader or SubLeader, whether a detached worker may go on with a run: if PostgreSQL
// says that it is still that worker's, was not given out again since, and was not canceled.
func (w *Worker) ConfirmContinuation(ctx context.Context, req *workerpb.ConfirmContinuationRequest) (*workerpb.ConfirmContinuationResponse, error) {
	if w.config.Standing().Role == scheduler.Plain {
		return confirmAnswer(workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED, "this worker neither leads nor is a SubLeader"), nil
	}
	id, err := strconv.ParseInt(req.JobRunId, 10, 64)
	if err != nil || id <= 0 {
		return confirmAnswer(workerpb.ConfirmContinuationResponse_MUST_ABORT, "job_run_id is no positive number"), nil
	}
	why, err := w.config.Store.MayContinue(ctx, scheduler.RunID(id), req.WorkerId, req.LeaderEpoch)
	if err != nil {
		w.config.Log.Warn("a continuation could not be decided", "run", id, "worker", req.WorkerId, "error", err)
		return confirmAnswer(workerpb.ConfirmContinuationResponse_DECISION_UNSPECIFIED, "PostgreSQL does not answer"), nil
	}
	decision := workerpb.ConfirmContinuationResponse_ALLOW_CONTINUE
	if why != "" {
		decision = workerpb.ConfirmContinuationResponse_MUST_ABORT
	}
	w.config.Log.Info("continuation decided", "run", id, "worker", req.WorkerId, "decision", decision.String(), "why", why)
	return confirmAnswer(decision, why), nil
}

func confirmAnswer(decision workerpb.ConfirmContinuationResponse_Decision, message string) *workerpb.ConfirmContinuationResponse {
	return &workerpb.ConfirmContinuationResponse{Decision: decision, Message: message}
}

// watchHold asks PostgreSQL now and then whether the run in hand is still this worker's, which prolongs its lease, and
// closes the channel when it isn't: a worker that was cut off for long may find it given to another, and two must not
// go on. The goroutine ends with ctx.
func (w *Worker) watchHold(ctx context.Context, r *run) <-chan struct{} {
	taken := make(chan struct{})
	w.runs.Go(func() {
		every := min(holdEvery, r.attempt.Grace/4)
		// The first time comes soon: only then do heartbeats prolong the lease too.
		for wait := min(firstHold, every); ; wait = every {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			asked := time.Now()
			bounded, cancel := context.WithTimeout(ctx, holdTimeout)
			hold, err := w.config.Store.Held(bounded, r.attempt)
			cancel()
			switch {
			case err == nil:
				r.lease.proven(asked, hold, w.beats())
			case errors.Is(err, store.ErrNotYours):
				close(taken)
				return
			} // otherwise PostgreSQL is away
		}
	})
	return taken
}

// Beaten takes over that a heartbeat was sent, which named these runs, and has just been answered.
func (w *Worker) Beaten(sent time.Time, ttl time.Duration, named []string) {
	answered := time.Now()
	w.mu.Lock()
	w.chain = w.chain.add(sent, answered, ttl)
	hand, beats := slices.Clone(w.hand), w.chain
	w.mu.Unlock()
	for _, r := range hand {
		select {
		case <-r.launched:
			if r.lease != nil && slices.Contains(named, r.id()) {
				r.lease.beaten(beats, answered)
			}
		default: // it begins with the heartbeats of that moment
		}
	}
}

func (w *Worker) beats() chain {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.chain
}
