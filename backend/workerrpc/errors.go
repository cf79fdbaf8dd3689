package workerrpc

import (
	"errors"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/opsdeck/opsdeck/backend/operations"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/trust"
)

// final tells whether asking again is pointless: one side refuses the other.
func final(err error) bool { return refusedByUs(err) || refusedByWorker(err) || notTLS(err) }

func refusedByUs(err error) bool { return says(err, untrusted) || says(err, outOfDate) }

func says(err error, words string) bool {
	return strings.Contains(status.Convert(err).Message(), words)
}

// refusedByWorker recognises a worker that didn't like our certificate. With TLS 1.3 the handshake looks complete to
// us, and the refusal arrives as an alert or as a connection that is closed before gRPC's first frame.
func refusedByWorker(err error) bool {
	return says(err, "remote error: tls") || says(err, "error reading server preface")
}

// closedEarly recognises the same refusal where our first frame met the closed connection before the alert was read.
// A worker that just died looks the same once: this counts only after every try.
func closedEarly(err error) bool {
	return says(err, "write: broken pipe") || says(err, "connection reset by peer")
}

func notTLS(err error) bool {
	return says(err, "first record does not look like a TLS handshake")
}

// explain turns a gRPC error into what an operator can act on. lent is the connection that was used; nil = there was none.
func (c *Client) explain(address string, lent *kept, err error) error {
	if err == nil {
		return nil
	}
	if lent != nil && status.Code(err) == codes.Unavailable && !errors.Is(err, operations.ErrLost) {
		if dialled := lent.failed.Load(); dialled != nil {
			return dialled
		}
	}
	return c.explanation(address, err).With("address", address).Because(err)
}

func (c *Client) explanation(address string, err error) (e *scheduler.Error) {
	from, until, out := trust.OutOfDate(c.own, c.now())
	switch {
	case says(err, outOfDate):
		from, until = termIn(err)
		e = scheduler.Errorf(scheduler.Unavailable, "worker.certificate_expired",
			"The certificate of the worker at %s is valid from %s to %s only. Have it renewed there; if it looks right, check this machine's clock.",
			address, from, until).With("from", from).With("until", until)
	case out && (refusedByWorker(err) || closedEarly(err)):
		e = scheduler.Errorf(scheduler.Forbidden, "worker.own_expired",
			"The worker at %s refused our certificate, which is valid from %s to %s only. Put a new one into the profile; if it looks right, check this machine's clock.",
			address, from, until).With("from", from).With("until", until)
	case refusedByUs(err):
		e = scheduler.Errorf(scheduler.Unavailable, "worker.untrusted",
			"The process at %s shows a certificate that this environment does not trust. Check the address and the trusted certificates.", address)
	case notTLS(err):
		e = scheduler.Errorf(scheduler.Unavailable, "worker.plaintext",
			"The worker at %s does not speak TLS, but this environment expects it to.", address)
	case refusedByWorker(err), closedEarly(err):
		e = scheduler.Errorf(scheduler.Unavailable, "worker.refused_certificate",
			"The worker at %s closed the connection right after the handshake. It most likely does not trust our certificate, or speaks plaintext.", address)
	case status.Code(err) == codes.DeadlineExceeded:
		e = scheduler.Errorf(scheduler.Unavailable, "worker.timeout",
			"The worker at %s did not answer in time. It may be busy, stopped, or out of reach.", address)
	case status.Code(err) == codes.PermissionDenied || status.Code(err) == codes.Unauthenticated:
		e = scheduler.Errorf(scheduler.Forbidden, "worker.forbidden",
			"The worker at %s does not let this certificate give it orders.", address)
	case status.Code(err) == codes.Unimplemented:
		e = scheduler.Errorf(scheduler.Unavailable, "worker.unimplemented",
			"The process at %s answers gRPC but does not know this call; it is no scheduler worker, or a very old one.", address)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "worker.unreachable",
			"The worker at %s can't be reached. Check that its process runs and that its address is reachable from here.", address)
	}
	return e
}
