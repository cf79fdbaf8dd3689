package tunnel

import (
	"context"
	"net"
)

// direct dials from this machine.
type direct struct{}

func (direct) dial(ctx context.Context, part, network, address string) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout:         dialTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence, Interval: silence / 4, Count: 3},
		Control:         giveUpAfter(silence),
	}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, explainDial(ctx, part, address, err)
	}
	return conn, nil
}

func (direct) check(context.Context) error { return nil }
func (direct) drop()                       {}
func (direct) close()                      {}
