package node

import (
	"errors"
	"net"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// listen takes the first free port of the range.
func listen(host string, first, last int) (*net.TCPListener, error) {
	var cause error
	for port := first; port <= max(first, last); port++ {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			tcp, ok := listener.(*net.TCPListener)
			if !ok {
				return nil, errors.Join(errors.New("not a TCP listener"), listener.Close())
			}
			return tcp, nil
		}
		cause = err
	}
	return nil, scheduler.Errorf(scheduler.Unavailable, "node.no_port",
		"no free port from %d to %d on %s: give another range", first, max(first, last), host).
		With("host", host).Because(cause)
}
