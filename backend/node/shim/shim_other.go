//go:build !unix

package shim

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Process is a command that runs under its shim. There is none on this system.
type Process struct{}

// Start refuses: without process groups a node could not promise that a command ends with it.
func Start(Command) (*Process, error) {
	return nil, scheduler.Errorf(scheduler.Invalid, "node.unsupported_system",
		"scheduler nodes need process groups, which this system does not have: run the node on Linux or macOS")
}

// Main refuses, like Start.
func Main([]string) int { return 1 }

// Terminate does nothing: no Process was started.
func (*Process) Terminate() {}

// Extend does nothing: no Process was started.
func (*Process) Extend(time.Time) {}

// Kill does nothing: no Process was started.
func (*Process) Kill() {}

// Wait gives no result: no Process was started.
func (*Process) Wait(context.Context) (Result, error) {
	return Result{}, errNotStarted("unsupported system")
}
