package scheduler

import (
	"encoding/json"
	"time"
)

// RunID is the row id of a job run.
type RunID int64

// RunState is where a run stands.
type RunState string

// The states of the contract. The first four are open, the others final.
const (
	Pending   RunState = "PENDING"
	Assigned  RunState = "ASSIGNED"
	Running   RunState = "RUNNING"
	Orphaned  RunState = "ORPHANED"
	Succeeded RunState = "SUCCEEDED"
	Failed    RunState = "FAILED"
	Canceled  RunState = "CANCELED"
	Skipped   RunState = "SKIPPED"
	TimedOut  RunState = "TIMED_OUT"
)

// RunStates lists every state, in the order a run passes through them.
var RunStates = []RunState{Pending, Assigned, Running, Orphaned, Succeeded, Failed, TimedOut, Canceled, Skipped}

// Known tells whether s is a state of the contract; a row edited by hand may hold anything.
func (s RunState) Known() bool {
	for _, k := range RunStates {
		if s == k {
			return true
		}
	}
	return false
}

// Final tells whether a run in this state will never change again.
func (s RunState) Final() bool {
	switch s {
	case Succeeded, Failed, Canceled, Skipped, TimedOut:
		return true
	}
	return false
}

// ContinuationState tells whether a running run's worker is doubted.
type ContinuationState string

// While a run is Confirming it stays Running and nobody may reassign it.
const (
	NotConfirming ContinuationState = "NONE"
	Confirming    ContinuationState = "CONFIRMING"
)

// Run is one execution of a job, from being due to its final state. Nil times and numbers are unknown.
type Run struct {
	ID             RunID
	JobID          JobID
	JobName        string
	Command        string
	ScheduledFor   *time.Time
	AssignedAt     *time.Time
	AssignedWorker string // "" = none
	State          RunState
	Attempt        int // counts from 0; +1 each time the run was orphaned
	Version        int // +1 at each change; the condition of every write
	LeaderEpoch    *int64
	StartedAt      *time.Time
	FinishedAt     *time.Time
	ExitCode       *int
	ErrorSummary   string // free text, newline separated, hostile; lists may carry its first 2,000 characters only
	LogRef         string // "" | db:<run>/<attempt> | path on the worker | http(s) URL | s3://bucket/key
	IdempotencyKey string
	Args           json.RawMessage // of its own, where the nodes keep them and it has some; nil in lists; secrets may be masked

	CPUSeconds   *float64
	PeakRSSBytes *int64
	IOReadBytes  *int64
	IOWriteBytes *int64

	Continuation         ContinuationState
	ConfirmingSince      *time.Time
	ConfirmingDeadlineAt *time.Time

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Attempt is one try at a run, kept by nodes that record them: orphaning erases it from the run itself.
type Attempt struct {
	Number      int
	WorkerID    string
	LeaderEpoch int64
	StartedAt   time.Time
	EndedAt     *time.Time
	Outcome     string // "" while it runs
	ExitCode    *int
	Note        string
	LogRef      string // where its log has been moved to; "" = not moved
	LogGone     bool   // nothing of its log is left in the database
}
