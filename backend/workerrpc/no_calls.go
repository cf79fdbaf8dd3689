package workerrpc

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// NoCalls stands for the workers where the operator holds no certificate to call them with: where all workers share one
// certificate, whoever has it may do everything, so viewers don't. Every question is refused with worker.no_certificate.
type NoCalls struct{}

var _ console.WorkerCalls = NoCalls{}

// Ping is refused.
func (NoCalls) Ping(context.Context, string) (console.Pong, error) {
	return console.Pong{}, noCertificate()
}

// Status is refused.
func (NoCalls) Status(context.Context, string) (console.WorkerStatus, error) {
	return console.WorkerStatus{}, noCertificate()
}

// Certificate is refused.
func (NoCalls) Certificate(context.Context, string) (*console.Certificate, error) {
	return nil, noCertificate()
}

// CancelJob is refused.
func (NoCalls) CancelJob(context.Context, string, int64, scheduler.RunID, string) (operations.CancelAnswer, error) {
	return "", noCertificate()
}

// Drain is refused.
func (NoCalls) Drain(context.Context, string, int64, bool) (bool, error) {
	return false, noCertificate()
}

func noCertificate() error {
	return scheduler.Errorf(scheduler.Unavailable, "worker.no_certificate",
		"This environment has no certificate for calling workers, so they are not asked.")
}
