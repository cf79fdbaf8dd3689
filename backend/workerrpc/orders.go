package workerrpc

import (
	"context"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// orderTimeout is one try's.
const orderTimeout = 3 * time.Second

var (
	_ operations.Orders = (*Client)(nil)
	_ operations.Orders = NoCalls{}
)

// CancelJob asks a worker to end a run that it has in hand.
func (c *Client) CancelJob(ctx context.Context, address string, epoch int64, run scheduler.RunID, reason string) (operations.CancelAnswer, error) {
	var answer operations.CancelAnswer
	err := c.order(ctx, address, func(ctx context.Context, w workerpb.WorkerServiceClient) error {
		got, err := w.CancelJob(ctx, &workerpb.CancelJobRequest{LeaderEpoch: epoch, JobRunId: strconv.FormatInt(int64(run), 10), Reason: reason})
		if err != nil {
			return err
		}
		answer = answerOf(got.GetResult())
		return nil
	})
	return answer, err
}

// answerOf reads a worker's answer; one that the contract doesn't know is no acceptance.
func answerOf(result workerpb.CancelJobResponse_Result) operations.CancelAnswer {
	switch result {
	case workerpb.CancelJobResponse_ACCEPTED:
		return operations.CancelAccepted
	case workerpb.CancelJobResponse_REJECTED_OLD_EPOCH:
		return operations.CancelOldEpoch
	case workerpb.CancelJobResponse_ALREADY_FINISHED:
		return operations.CancelFinished
	}
	return operations.CancelNotFound
}

// Drain lets a worker take nothing new, or ends that.
func (c *Client) Drain(ctx context.Context, address string, epoch int64, enable bool) (draining bool, err error) {
	err = c.order(ctx, address, func(ctx context.Context, w workerpb.WorkerServiceClient) error {
		answer, err := w.Drain(ctx, &workerpb.DrainRequest{LeaderEpoch: epoch, Enable: enable})
		draining = answer.GetDraining()
		return err
	})
	return draining, err
}

// order makes one call that changes something, once more where it surely did not reach the worker. An error that leaves open
// whether the worker obeyed is marked: meanwhile somebody else may have ordered the opposite, so it isn't for us to repeat it.
func (c *Client) order(ctx context.Context, address string, call func(context.Context, workerpb.WorkerServiceClient) error) error {
	lent, giveBack, err := c.pool.borrow(address)
	if err != nil {
		return c.explain(address, nil, err)
	}
	defer func() { giveBack(err) }()
	worker := workerpb.NewWorkerServiceClient(lent.conn)
	for range 2 {
		try, cancel := context.WithTimeout(ctx, orderTimeout)
		err = call(try, worker)
		cancel()
		if mayHaveObeyed(err) {
			return c.explain(address, lent, lostError{err})
		}
		if status.Code(err) != codes.Unavailable || final(err) || ctx.Err() != nil {
			break
		}
		lent.conn.ResetConnectBackoff()
	}
	return c.explain(address, lent, err)
}

// mayHaveObeyed tells whether a call may have reached the worker before it failed. gRPC says of a connection that could not
// be made at all that it is unavailable too, but names the attempt.
func mayHaveObeyed(err error) bool {
	switch status.Code(err) {
	case codes.OK, codes.Unimplemented, codes.PermissionDenied, codes.Unauthenticated, codes.InvalidArgument:
		return false
	case codes.Unavailable:
		return !neverSent(err) && !final(err)
	}
	return true
}

// lostError keeps a gRPC error's status and says that its call may have been carried out.
type lostError struct{ error }

func (e lostError) Unwrap() []error            { return []error{e.error, operations.ErrLost} }
func (e lostError) GRPCStatus() *status.Status { return status.Convert(e.error) }

// neverSent recognises a connection that could not be made.
func neverSent(err error) bool {
	return strings.Contains(status.Convert(err).Message(), "while dialing")
}
