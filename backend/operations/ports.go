package operations

import (
	"context"
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Ports are what operations need of one environment. Without a certificate for workers Orders refuses every call.
type Ports struct {
	Gate     Gate
	Records  Records
	Identity console.IdentityStore
	Runs     console.RunStore
	Stats    console.RunStats
	Jobs     console.JobStore
	Fleet    console.FleetStore
	Flags    Flags
	Workers  console.WorkerCalls
	Orders   Orders
}

// Gate carries operations out under the rights that the database gives this login. Errors are *scheduler.Error, marked
// with [ErrLost] where the operation may have been carried out all the same; repeating a call with the same operation id
// then gives its first outcome.
type Gate interface {
	// Do calls one function of the gate.
	Do(ctx context.Context, call Call) (Verdict, error)
	// Begin writes down that an operation outside of PostgreSQL is about to be done.
	Begin(ctx context.Context, intent Intent) (Verdict, error)
	// Finish writes down what became of it.
	Finish(ctx context.Context, id OperationID, result JournalResult, observed any) error
	// Open lists operations that were begun and not finished, and those that were finished as unknown not long ago, oldest
	// first.
	Open(ctx context.Context) ([]OpenOperation, error)
}

// Call is one function of the gate with its own arguments by name.
type Call struct {
	Signature
	Function string
	Args     map[string]any
}

// Intent is an operation about to be done.
type Intent struct {
	Signature
	Action string
	Target string
	Detail any // becomes JSON
}

// Signature is what every operation is written down with. Calls inside of a begun operation need its id alone.
type Signature struct {
	ID     OperationID
	Reason string
	Note   Origin
	Epoch  *int64
}

// Origin says where an operation came from. It is a note beside the identity that the database knows, never that identity.
type Origin struct {
	Host       string      `json:"host"`
	OSUser     string      `json:"os_user"`
	Program    string      `json:"program"`
	ClientTime time.Time   `json:"client_time"`
	PartOf     OperationID `json:"part_of,omitempty"` // the bulk operation
}

// Verdict is what the gate answers.
type Verdict struct {
	Result  string // done, stale, refused or open
	Reason  string
	Detail  json.RawMessage
	AuditID int64
}

// JournalResult is how an operation outside of PostgreSQL ended.
type JournalResult string

// The ends in the journal.
const (
	JournalSucceeded JournalResult = "succeeded"
	JournalFailed    JournalResult = "failed"
	JournalUnknown   JournalResult = "unknown"
)

// OpenOperation is an operation that was begun and not finished, or finished as unknown not long ago.
type OpenOperation struct {
	ID      OperationID
	Action  string
	Target  string
	Actor   string
	Login   string
	Reason  string
	Epoch   *int64
	Detail  json.RawMessage
	BegunAt time.Time
	Age     time.Duration // by the database's clock
	Unknown bool          // it was finished without anybody knowing how
}

// Records reads what operations compare against and the console's screens don't show this way.
type Records interface {
	// CountRunsOf counts every run of a job.
	CountRunsOf(ctx context.Context, job scheduler.JobID) (int64, error)
	// Setting gives a setting as an operator may see it; not_found for a key that has neither a value nor help.
	Setting(ctx context.Context, key string) (Setting, error)
	// EventJobs lists the enabled jobs that an event of this type starts.
	EventJobs(ctx context.Context, eventType string) ([]scheduler.Job, error)
}

// Flags are what the console writes in Redis. Errors are *scheduler.Error, marked with [ErrLost] where the write may have
// been carried out. Every one of them may be repeated.
type Flags interface {
	SetDetach(ctx context.Context, worker string, flag Flag) error
	ClearDetach(ctx context.Context, worker string) error
	// DetachFlag gives the flag of a worker; nil if there is none.
	DetachFlag(ctx context.Context, worker string) (*Flag, error)
	// AskDegrade asks the leader of flag.Epoch to step down, for as long as lasts.
	AskDegrade(ctx context.Context, flag Flag, lasts time.Duration) error
	// TakeLock deletes the leader's lock if holder still holds it, and tells whether it did.
	TakeLock(ctx context.Context, holder string) (bool, error)
}

// Flag is who asked for something in Redis, and why. A flag that another program set may be empty.
type Flag struct {
	By       string
	Reason   string
	ActionID string // the operation's
	Epoch    *int64
}

// Orders are the calls that change something at a worker. Errors are *scheduler.Error, marked with [ErrLost] where the
// worker may have obeyed.
type Orders interface {
	CancelJob(ctx context.Context, address string, epoch int64, run scheduler.RunID, reason string) (CancelAnswer, error)
	// Drain gives whether the worker is draining afterwards.
	Drain(ctx context.Context, address string, epoch int64, enable bool) (bool, error)
}

// CancelAnswer is what a worker answers to CancelJob.
type CancelAnswer string

// A worker's answers to CancelJob.
const (
	CancelAccepted CancelAnswer = "accepted"
	CancelOldEpoch CancelAnswer = "old_epoch"
	CancelNotFound CancelAnswer = "not_found"
	CancelFinished CancelAnswer = "finished"
)
