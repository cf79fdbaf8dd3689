package workerrpc

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/workerpb"
)

// Ping and GetStatus change nothing, so they are short and may be repeated.
const (
	tryTimeout = 500 * time.Millisecond
	tries      = 3
)

// callerRole is how the console names itself to workers.
const callerRole = "console"

// Client calls workers. It is safe for concurrent use.
type Client struct {
	pool *pool
	own  []tls.Certificate
	now  func() time.Time
}

var _ console.WorkerCalls = (*Client)(nil)

// New reads the certificates and makes a Client; nothing is dialled yet. The caller closes it.
func New(config Config, now func() time.Time) (*Client, error) {
	c, own, err := config.credentials(now)
	if err != nil {
		return nil, err
	}
	rules, err := parseRules(config.Rewrite)
	if err != nil {
		return nil, err
	}
	return &Client{pool: newPool(c, rules, config.Dial, now), own: own, now: now}, nil
}

// Close ends all connections once their calls are over. Calling it again does nothing.
func (c *Client) Close() { c.pool.close() }

// Ping asks a worker who it is, which epoch it has seen, and what time it has.
func (c *Client) Ping(ctx context.Context, address string) (console.Pong, error) {
	var pong console.Pong
	err := c.ask(ctx, address, func(ctx context.Context, w workerpb.WorkerServiceClient) error {
		pong.SentAt = c.now()
		answer, err := w.Ping(ctx, &workerpb.PingRequest{CallerRole: callerRole})
		if err != nil {
			return err
		}
		pong.RoundTrip = c.now().Sub(pong.SentAt)
		pong.WorkerID, pong.NodeID = answer.GetWorkerId(), answer.GetNodeId()
		pong.ObservedEpoch, pong.WorkerClock = answer.GetObservedLeaderEpoch(), time.UnixMilli(answer.GetNowUnixMs())
		return nil
	})
	return pong, err
}

// Status asks a worker what it is doing.
func (c *Client) Status(ctx context.Context, address string) (console.WorkerStatus, error) {
	var s console.WorkerStatus
	err := c.ask(ctx, address, func(ctx context.Context, w workerpb.WorkerServiceClient) error {
		answer, err := w.GetStatus(ctx, &workerpb.GetStatusRequest{CallerRole: callerRole})
		if err != nil {
			return err
		}
		s = console.WorkerStatus{
			WorkerID: answer.GetWorkerId(), NodeID: answer.GetNodeId(), Role: scheduler.Role(answer.GetRole()),
			Detached: answer.GetDetached(), Draining: answer.GetDraining(), Load: int(answer.GetLoad()),
			CurrentRun: answer.GetCurrentJobRunId(), ObservedEpoch: answer.GetObservedLeaderEpoch(),
		}
		if ms := answer.GetLastHeartbeatUnixMs(); ms > 0 {
			s.LastHeartbeat = time.UnixMilli(ms)
		}
		return nil
	})
	return s, err
}

// Certificate gives what the worker showed in the handshake of the kept connection; nil in plaintext.
func (c *Client) Certificate(ctx context.Context, address string) (*console.Certificate, error) {
	var from peer.Peer
	err := c.ask(ctx, address, func(ctx context.Context, w workerpb.WorkerServiceClient) error {
		_, err := w.Ping(ctx, &workerpb.PingRequest{CallerRole: callerRole}, grpc.Peer(&from))
		return err
	})
	if err != nil {
		return nil, err
	}
	info, ok := from.AuthInfo.(credentials.TLSInfo)
	if !ok || len(info.State.PeerCertificates) == 0 {
		return nil, nil
	}
	leaf := info.State.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	return &console.Certificate{
		Subject: leaf.Subject.String(), NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, SHA256: hex.EncodeToString(sum[:]),
	}, nil
}

// ask makes one call, again where the network may have lost it.
func (c *Client) ask(ctx context.Context, address string, call func(context.Context, workerpb.WorkerServiceClient) error) error {
	lent, giveBack, err := c.pool.borrow(address)
	if err != nil {
		return c.explain(address, nil, err)
	}
	defer func() { giveBack(err) }()
	worker := workerpb.NewWorkerServiceClient(lent.conn)
	for range tries {
		try, cancel := context.WithTimeout(ctx, tryTimeout)
		err = call(try, worker)
		cancel()
		code := status.Code(err)
		if err == nil || ctx.Err() != nil || (code != codes.Unavailable && code != codes.DeadlineExceeded) || final(err) {
			break
		}
		lent.conn.ResetConnectBackoff() // or the next try would fail at once, remembering this one
	}
	return c.explain(address, lent, err)
}
