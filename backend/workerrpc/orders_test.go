package workerrpc_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
	"github.com/opsdeck/opsdeck/backend/workerrpc"
)

// ordered is a worker that answers orders as a test wants.
type ordered struct {
	workerpb.UnimplementedWorkerServiceServer
	calls  atomic.Int64
	cancel func(context.Context, *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error)
}

func (o *ordered) CancelJob(ctx context.Context, req *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
	o.calls.Add(1)
	return o.cancel(ctx, req)
}

func (o *ordered) Drain(_ context.Context, req *workerpb.DrainRequest) (*workerpb.DrainResponse, error) {
	o.calls.Add(1)
	return &workerpb.DrainResponse{Draining: req.Enable && req.LeaderEpoch == 9}, nil
}

func plain(t *testing.T) *workerrpc.Client {
	t.Helper()
	c, err := workerrpc.New(workerrpc.Config{Plaintext: true}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestOrdersCarryTheEpochAndTheirAnswer(t *testing.T) {
	t.Parallel()
	w := &ordered{}
	address, c := serve(t, w, insecure.NewCredentials()), plain(t)
	for answer, want := range map[workerpb.CancelJobResponse_Result]operations.CancelAnswer{
		workerpb.CancelJobResponse_ACCEPTED: operations.CancelAccepted, workerpb.CancelJobResponse_REJECTED_OLD_EPOCH: operations.CancelOldEpoch,
		workerpb.CancelJobResponse_NOT_FOUND: operations.CancelNotFound, workerpb.CancelJobResponse_ALREADY_FINISHED: operations.CancelFinished,
		workerpb.CancelJobResponse_RESULT_UNSPECIFIED: operations.CancelNotFound, 99: operations.CancelNotFound,
	} {
		w.cancel = func(_ context.Context, req *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
			if req.LeaderEpoch != 9 || req.JobRunId != "88" || req.Reason != "because" {
				t.Errorf("the order: %v", req)
			}
			return &workerpb.CancelJobResponse{Result: answer}, nil
		}
		if got, err := c.CancelJob(t.Context(), address, 9, 88, "because"); got != want || err != nil {
			t.Errorf("%s: %s, %v", answer, got, err)
		}
	}
	for _, enable := range []bool{true, false} {
		if draining, err := c.Drain(t.Context(), address, 9, enable); draining != enable || err != nil {
			t.Errorf("%t, %v", draining, err)
		}
	}
}

func TestAnOrderIsGivenOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer func(context.Context) error
		calls  int64
		lost   bool
		reason string
	}{
		"unavailable":       {func(context.Context) error { return status.Error(codes.Unavailable, "stopping") }, 1, true, "worker.unreachable"},
		"no answer in time": {func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, 1, true, "worker.timeout"},
		"refused":           {func(context.Context) error { return status.Error(codes.PermissionDenied, "not yours") }, 1, false, "worker.forbidden"},
		"unknown call":      {func(context.Context) error { return status.Error(codes.Unimplemented, "old") }, 1, false, "worker.unimplemented"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &ordered{}
			w.cancel = func(ctx context.Context, _ *workerpb.CancelJobRequest) (*workerpb.CancelJobResponse, error) {
				return nil, test.answer(ctx)
			}
			_, err := plain(t).CancelJob(t.Context(), serve(t, w, insecure.NewCredentials()), 9, 88, "because")
			e, _ := errors.AsType[*scheduler.Error](err)
			if e == nil || e.Reason != test.reason || errors.Is(err, operations.ErrLost) != test.lost || w.calls.Load() != test.calls {
				t.Errorf("%d calls, lost %t: %v", w.calls.Load(), errors.Is(err, operations.ErrLost), err)
			}
		})
	}
}

func TestAWorkerThatWasNeverReachedDidNothing(t *testing.T) {
	t.Parallel()
	_, err := plain(t).Drain(t.Context(), "127.0.0.1:1", 9, true)
	if e, _ := errors.AsType[*scheduler.Error](err); e == nil || e.Reason != "worker.unreachable" || errors.Is(err, operations.ErrLost) {
		t.Errorf("%v", err)
	}
	if _, err := (workerrpc.NoCalls{}).Drain(t.Context(), "127.0.0.1:1", 9, true); errors.Is(err, operations.ErrLost) {
		t.Errorf("without a certificate: %v", err)
	}
}
