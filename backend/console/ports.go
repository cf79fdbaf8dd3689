package console

import (
	"context"
	"io"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// RunStore reads runs. Errors are *scheduler.Error: unavailable, forbidden, or not_found for an id that no row has.
type RunStore interface {
	// ListRuns gives up to size runs that follow cursor, newest first whichever way the cursor points, and whether
	// more follow beyond them in that direction. Errors may be cut to their first 2,000 characters.
	ListRuns(ctx context.Context, filter RunFilter, cursor Cursor, size int) (runs []scheduler.Run, more bool, err error)
	// CountRuns counts matching runs, but stops at limit.
	CountRuns(ctx context.Context, filter RunFilter, limit int) (int, error)
	// EstimateRuns gives the planner's idea of how many runs match.
	EstimateRuns(ctx context.Context, filter RunFilter) (int64, error)
	Run(ctx context.Context, id scheduler.RunID) (scheduler.Run, error)
	// Attempts gives a run's recorded attempts in order; none where the cluster's nodes record none.
	Attempts(ctx context.Context, id scheduler.RunID) ([]scheduler.Attempt, error)
}

// RunStats aggregates runs over bounded windows.
type RunStats interface {
	// RunActivity aggregates the runs created in [from, to); it never reads outside of that window but for open runs.
	RunActivity(ctx context.Context, from, to time.Time, bucket time.Duration, lateAfter time.Duration) (RunActivity, error)
	// JobActivity counts the runs created in [from, to) by job; it never reads outside of that window.
	JobActivity(ctx context.Context, from, to time.Time) ([]JobActivity, error)
	// OpenRunsByWorker counts the assigned and running runs of every worker that has any.
	OpenRunsByWorker(ctx context.Context) (map[string]OpenRuns, error)
}

// JobStore reads job definitions.
type JobStore interface {
	// ListJobs gives every job with its latest runs' results, by name.
	ListJobs(ctx context.Context, recentRuns int) ([]JobResults, error)
	// EnabledJobs gives the jobs that may fire.
	EnabledJobs(ctx context.Context) ([]scheduler.Job, error)
	Job(ctx context.Context, id scheduler.JobID) (scheduler.Job, error)
	// JobOutcomes gives how up to limit runs of a job went that are due or done, the latest first. Runs without a time
	// to run at are left out.
	JobOutcomes(ctx context.Context, id scheduler.JobID, limit int) ([]RunOutcome, error)
	// JobChanges gives what the audit has about jobs, newest first. A login that may not read it gets Unreadable.
	JobChanges(ctx context.Context, filter ChangeFilter) (Changes, error)
}

// ChangeFilter narrows the audit of jobs.
type ChangeFilter struct {
	JobID scheduler.JobID // 0 = of every job
	Since time.Time       // zero = of any age
	Limit int
}

// WindowStore reads the runs of a window of time whole, up to a bound. Errors are those of a RunStore.
type WindowStore interface {
	// RunsInHand gives up to limit runs that a worker had in hand at some moment of [from, to), the latest start first,
	// and whether there are more. Finished runs that were created more than LookBack before from are left out.
	RunsInHand(ctx context.Context, from, to time.Time, limit int) (runs []scheduler.Run, more bool, err error)
	// RunsScheduled gives up to limit runs whose time lies in [from, to), by job and time, and whether there are more.
	RunsScheduled(ctx context.Context, from, to time.Time, limit int) (runs []scheduler.Run, more bool, err error)
	// Terms gives the terms of leaders that reach into [from, to), oldest first. Where the cluster's nodes record none they
	// are inferred from the runs created in the window: a term then begins with its first assignment, and has no worker.
	Terms(ctx context.Context, from, to time.Time) (terms []Term, recorded bool, err error)
}

// WatchStore reads what became of runs that somebody watches. Errors are those of a RunStore.
type WatchStore interface {
	WatchedRuns(ctx context.Context, query WatchedQuery) (WatchedRuns, error)
}

// WatchedQuery names the runs of jobs that are open or were created in the last Back, by the database's clock, and runs by
// their ids.
type WatchedQuery struct {
	Jobs  []scheduler.JobID
	Runs  []scheduler.RunID
	Back  time.Duration
	Limit int
}

// WatchedRuns are up to Limit runs, newest first, without their texts. AsOf is the database's time, zero where there is no run.
type WatchedRuns struct {
	Runs []scheduler.Run
	More bool
	AsOf time.Time
}

// FleetStore reads the live workers and the leadership.
type FleetStore interface {
	Fleet(ctx context.Context) (scheduler.Fleet, error)
}

// WorkerCalls asks a worker itself. Errors are *scheduler.Error with code unavailable that name the worker's address.
type WorkerCalls interface {
	Ping(ctx context.Context, address string) (Pong, error)
	Status(ctx context.Context, address string) (WorkerStatus, error)
	// Certificate gives what the worker presented in the kept connection's handshake; nil on a plaintext connection.
	Certificate(ctx context.Context, address string) (*Certificate, error)
}

// LogStore reads the log that nodes keep in the database.
type LogStore interface {
	// LogPart gives the chunks of a run's attempt after sequence number after, oldest first, of up to maxBytes
	// together (at least one, if there is one), and what the run is at the same moment.
	LogPart(ctx context.Context, run scheduler.RunID, attempt int, after int64, maxBytes int) (LogPart, error)
}

// LogFiles reads logs that lie outside of the database. Errors are *scheduler.Error: forbidden, not_found, invalid for what may
// not be opened, or unavailable.
type LogFiles interface {
	// OpenLog reads the log at an address from a place on, or from its beginning where the server can't, until ctx ends. With a version
	// the place counts only if the log is still that one.
	OpenLog(ctx context.Context, ref string, from int64, version string) (*LogFile, error)
}

// LogFile is an opened log. Its text comes unpacked; it ends with io.EOF or fails with a *scheduler.Error.
type LogFile struct {
	io.ReadCloser
	From    int64  // where it begins: the place that was asked for, or 0
	Size    int64  // of the whole log; -1 = not known
	Version string // as its server names it; "" = it doesn't
	Grows   bool   // it can be read on from a place
}

// IdentityStore tells whom the servers take the operator for.
type IdentityStore interface {
	Operator(ctx context.Context) (Operator, error)
}

// SettingStore reads what the database holds of the scheduler's settings.
type SettingStore interface {
	// SettingTables gives every stored setting and every help text, secrets without their values.
	SettingTables(ctx context.Context) (SettingTables, error)
	// SettingChanges gives the newest entry of the audit about each setting that was ever set or deleted.
	SettingChanges(ctx context.Context) ([]SettingChange, error)
	// Reloads gives the newest n requests for a reload, newest first.
	Reloads(ctx context.Context, n int) ([]Reload, error)
}

// AuditStore reads the audit. Details come as they are stored, or masked by the database.
type AuditStore interface {
	// ListAudit gives up to size entries that follow cursor, newest first whichever way the cursor points. A search that
	// takes too long stops and says how far it came.
	ListAudit(ctx context.Context, filter AuditFilter, cursor Cursor, size int) (Stretch[AuditEntry], error)
	AuditEntry(ctx context.Context, id int64) (AuditEntry, error)
	// AuditActions gives every action that the audit has.
	AuditActions(ctx context.Context) ([]string, error)
	AuditChain(ctx context.Context) (AuditChain, error)
	// VerifyAudit has the database check the chains and seals from a seal on; nil = from the beginning.
	VerifyAudit(ctx context.Context, seen *Seal) (AuditVerdict, error)
}

// EventStore reads events.
type EventStore interface {
	// ListEvents gives up to size events that follow cursor, newest first, as ListAudit does.
	ListEvents(ctx context.Context, filter EventFilter, cursor Cursor, size int) (Stretch[Event], error)
	Event(ctx context.Context, id int64) (Event, error)
	// EventRuns gives the runs that events made, the oldest first.
	EventRuns(ctx context.Context, events []Event) ([]EventRun, error)
}

// FailureStore reads failed runs in bulk.
type FailureStore interface {
	// EachFailure calls each with up to limit failed and timed-out runs that were due in [from, to), newest first.
	EachFailure(ctx context.Context, from, to time.Time, limit int, each func(FailedRun)) error
}
