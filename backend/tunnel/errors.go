package tunnel

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// explainDial says why an address can't be dialled from this machine. A withdrawn dial stays the context's error.
func explainDial(ctx context.Context, part, address string, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return explainLookup(dns.Name, err)
	}
	var e *scheduler.Error
	switch timeout, _ := errors.AsType[net.Error](err); {
	case errors.Is(err, syscall.ECONNREFUSED):
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.refused",
			"%s refuses connections (%s). Check that the server runs and listens on that address and port.", address, part)
	case timeout != nil && timeout.Timeout(), errors.Is(err, os.ErrDeadlineExceeded), ctx.Err() != nil:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.no_answer",
			"Nothing answers at %s (%s). Check the address; a firewall may be in between, or a VPN missing.", address, part)
	default:
		e = scheduler.Errorf(scheduler.Unavailable, "tunnel.unreachable",
			"There is no way from here to %s (%s). Check the address and the network.", address, part)
	}
	return e.With("address", address).With("part", part).Because(err)
}

// explainLookup says that a name leads nowhere.
func explainLookup(host string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return scheduler.Errorf(scheduler.Unavailable, "tunnel.unresolved",
		"The name %s is unknown here. Check its spelling, and this machine's DNS or VPN.", host).With("host", host).Because(err)
}
