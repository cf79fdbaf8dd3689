//go:build !linux

package postgres

import (
	"syscall"
	"time"
)

// giveUpAfter does nothing here: only Linux has the option. The deadline of each call takes its place.
func giveUpAfter(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
