package worker

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// takeTimeout bounds taking a run in hand. It is not the caller's deadline: a caller that goes away must not leave it
// open whether the run has started.
const takeTimeout = 5 * time.Second

// Ping answers who and where the worker is.
func (w *Worker) Ping(context.Context, *workerpb.PingRequest) (*workerpb.PingResponse, error) {
	return &workerpb.PingResponse{
		WorkerId: w.config.ID, NodeId: w.config.NodeID,
		ObservedLeaderEpoch: w.config.Standing().Epoch, NowUnixMs: w.config.Now().UnixMilli(),
	}, nil
}

// GetStatus answers what the worker is doing.
func (w *Worker) GetStatus(context.Context, *workerpb.GetStatusRequest) (*workerpb.GetStatusResponse, error) {
	standing := w.config.Standing()
	status := &workerpb.GetStatusResponse{
		WorkerId: w.config.ID, NodeId: w.config.NodeID, Role: string(standing.Role),
		Detached: standing.Detached, Draining: w.Draining(), CurrentJobRunId: w.Current(),
		ObservedLeaderEpoch: standing.Epoch, LastHeartbeatUnixMs: standing.LastBeat.UnixMilli(),
	}
	status.Load = int32(len(w.InHand())) //nolint:gosec // a few
	return status, nil
}

// StartJob starts an assigned run. The tests come in the order of the contract; a refusal is an answer, not an error.
func (w *Worker) StartJob(_ context.Context, req *workerpb.StartJobRequest) (*workerpb.StartJobResponse, error) {
	standing := w.config.Standing()
	if req.LeaderEpoch < standing.Epoch {
		return startAnswer(workerpb.StartJobResponse_REJECTED_OLD_EPOCH, "a newer leader is known"), nil
	}
	if standing.Detached {
		return startAnswer(workerpb.StartJobResponse_REJECTED_DETACHED, "the worker is detached"), nil
	}
	// A request that is wrong in itself has no run to take in hand; being busy is still told first.
	r, invalid := w.newRun(req)
	if refusal := w.reserve(r); refusal != nil {
		return refusal, nil
	}
	if invalid != "" {
		close(r.launched)
		w.release(r)
		return startAnswer(workerpb.StartJobResponse_REJECTED_INVALID, invalid), nil
	}
	return w.start(r, req), nil
}

// newRun reads a request, and says what is wrong with it.
func (w *Worker) newRun(req *workerpb.StartJobRequest) (r *run, invalid string) {
	r = &run{
		command: req.CommandName, args: req.ArgsJson, cancel: make(chan string, 1), abort: make(chan string, 1),
		launched: make(chan struct{}),
	}
	r.timeout = time.Duration(req.TimeoutSeconds) * time.Second
	id, err := strconv.ParseInt(req.JobRunId, 10, 64)
	if err != nil || id <= 0 {
		return r, "job_run_id is no positive number"
	}
	r.attempt = store.Attempt{
		Run: scheduler.RunID(id), Number: int(req.Attempt), WorkerID: w.config.ID, Grace: w.config.Grace(),
	}
	if req.CommandName == "" {
		return r, "command_name is empty"
	}
	var args any
	if json.Unmarshal([]byte(req.ArgsJson), &args) != nil {
		return r, "args_json is not JSON"
	}
	switch args.(type) {
	case map[string]any, []any:
		return r, ""
	}
	return r, "args_json is neither an object nor an array"
}

// start takes the run in hand in the database and starts its command.
func (w *Worker) start(r *run, req *workerpb.StartJobRequest) *workerpb.StartJobResponse {
	ctx, cancel := context.WithTimeout(w.abandon, takeTimeout)
	defer cancel()
	asked := time.Now()
	assignedIn, err := w.config.Store.StartRun(ctx, r.attempt, req.LeaderEpoch)
	if err != nil {
		close(r.launched)
		w.release(r)
		if !errors.Is(err, store.ErrNotYours) {
			w.config.Log.Error("taking a run in hand failed", "run", r.id(), "error", err)
		}
		return startAnswer(workerpb.StartJobResponse_REJECTED_INVALID, err.Error())
	}
	r.attempt.AssignedIn = assignedIn // nobody else reads it before the launch
	r.lease = newLease(r.attempt.Grace, asked)
	w.config.Changed()
	if err := w.launch(r); err != nil {
		return startAnswer(workerpb.StartJobResponse_REJECTED_INVALID, err.Error())
	}
	return startAnswer(workerpb.StartJobResponse_ACCEPTED, "")
}

// CancelJob ends the run in hand. The run is CANCELED once its command has ended.
func (w *Worker) CancelJob(_ context.Context, req *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
	if req.LeaderEpoch < w.config.Standing().Epoch {
		return cancelAnswer(workerpb.CancelJobResponse_REJECTED_OLD_EPOCH, "a newer leader is known"), nil
	}
	w.mu.Lock()
	i := slices.IndexFunc(w.hand, func(r *run) bool { return r.id() == req.JobRunId })
	var current *run
	if i >= 0 {
		current = w.hand[i]
	}
	last := w.last
	w.mu.Unlock()
	switch {
	case current != nil:
		select {
		case current.cancel <- req.Reason:
		default: // it is being canceled already
		}
		return cancelAnswer(workerpb.CancelJobResponse_ACCEPTED, ""), nil
	case last != 0 && strconv.FormatInt(int64(last), 10) == req.JobRunId:
		return cancelAnswer(workerpb.CancelJobResponse_ALREADY_FINISHED, ""), nil
	}
	return cancelAnswer(workerpb.CancelJobResponse_NOT_FOUND, "the run is not in hand here"), nil
}

// Drain lets the worker take nothing new, or ends that. The run in hand goes on. A restart ends it.
func (w *Worker) Drain(_ context.Context, req *workerpb.DrainRequest) (*workerpb.DrainResponse, error) {
	w.mu.Lock()
	w.draining = req.Enable
	w.mu.Unlock()
	w.config.Log.Info("drain", "enable", req.Enable)
	w.config.Changed()
	return &workerpb.DrainResponse{Draining: w.Draining()}, nil
}

func startAnswer(result workerpb.StartJobResponse_Result, message string) *workerpb.StartJobResponse {
	return &workerpb.StartJobResponse{Result: result, Message: message}
}

func cancelAnswer(result workerpb.CancelJobResponse_Result, message string) *workerpb.CancelJobResponse {
	return &workerpb.CancelJobResponse{Result: result, Message: message}
}
