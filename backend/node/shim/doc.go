// Package shim runs one command in a process group of its own that can't outlive the node: between the node and the
// command stands a small process, the shim, that holds the reading end of a pipe. As long as the node lives the pipe is
// open; when it ends, by whatever signal, the shim reads end of file and kills the whole group.
//
// A command may also have a lease: the time until which its node may let it run without word from the cluster. The node
// prolongs it through the same pipe. When it is over the shim kills the group, whatever the node does meanwhile, also if
// that stands still.
//
// What a command moves out of its process group (by setsid) is outside of the promise, and so is a shim that is
// itself killed with SIGKILL.
package shim

import (
	"io"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Command is what to run, and how.
type Command struct {
	Shim           []string  // the argv that ends in [Main], without the command
	Argv           []string  // the command
	Env            []string  // its whole environment
	Stdout, Stderr io.Writer // called from one goroutine each
	Lease          time.Time // zero: none; otherwise with a monotonic clock reading, see [Process.Extend]
}

// Usage is what a process tree has used so far. IO is nil where the system doesn't tell.
type Usage struct {
	CPU      time.Duration
	PeakRSS  int64 // bytes
	IORead   *int64
	IOWrites *int64
}

// Result is how a command ended.
type Result struct {
	ExitCode  int // negative: the number of the signal that ended it
	LeaseOver bool
	Usage     Usage
}

// The orders that the node writes into the pipe; end of file means kill.
const (
	terminate = 'T'
	lease     = 'L' // eight bytes follow: its end in nanoseconds of the system's clock, see now
)

// report is a line that the shim writes about the command, as JSON.
type report struct {
	Failed  string `json:"failed,omitempty"`  // it could not be started, and why
	Started int    `json:"started,omitempty"` // its process id
	Ended   *ended `json:"ended,omitempty"`
}

type ended struct {
	ExitCode  int           `json:"exit_code"`
	LeaseOver bool          `json:"lease_over,omitempty"`
	CPU       time.Duration `json:"cpu"`
	PeakRSS   int64         `json:"peak_rss"`
}

// errNotStarted wraps why a command could not be started.
func errNotStarted(why string) error {
	return scheduler.Errorf(scheduler.Invalid, "command.not_started", "failed to start subprocess: %s", why).With("why", why)
}
