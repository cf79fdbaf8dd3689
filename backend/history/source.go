package history

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Source is everything that an export reads from. Nil ports give nothing.
type Source struct {
	Cluster Cluster
	Runs    Runs
	Details Details
	Trail   Trail
	Samples Samples
}

// Span is a closed range of creation times: from From on, before Before.
type Span struct{ From, Before time.Time }

// Cluster reads what is small enough to be read whole.
type Cluster interface {
	Origin(ctx context.Context) (Origin, error)
	// Jobs gives every job with its arguments, by id.
	Jobs(ctx context.Context) ([]scheduler.Job, error)
	Settings(ctx context.Context) (console.SettingTables, error)
	Reloads(ctx context.Context, span Span) ([]Reload, error)
	// Terms gives the terms that nodes recorded and that reach into the span, oldest first.
	Terms(ctx context.Context, span Span) ([]Term, error)
}

// Runs reads runs in the order of their list, (created_at, id), oldest first.
type Runs interface {
	// FirstRun gives when the oldest run of the span was created, so that no empty time is walked through; false without one.
	FirstRun(ctx context.Context, span Span) (time.Time, bool, error)
	// RunEdge gives where to end a range that begins with span so that it holds about n runs, all runs of one moment
	// together.
	RunEdge(ctx context.Context, span Span, n int) (time.Time, error)
	// EachRun calls each with the runs of a span that match, with their whole errors.
	EachRun(ctx context.Context, filter console.RunFilter, span Span, each func(scheduler.Run) error) error
}

// Details reads what belongs to runs. Rows come by run, and then in their own order.
type Details interface {
	EachAttempt(ctx context.Context, runs []scheduler.RunID, each func(Attempt) error) error
	EachArgs(ctx context.Context, runs []scheduler.RunID, each func(RunArgs) error) error
	// EachChunk reads the logs that are kept in the database.
	EachChunk(ctx context.Context, runs []scheduler.RunID, each func(LogChunk) error) error
}

// Trail reads the audit in the order of its list, and the events by id, both from the oldest on and up to limit rows. The
// last row tells where to go on.
type Trail interface {
	EachAudit(ctx context.Context, span Span, afterID int64, limit int, each func(AuditRow) error) error
	Seals(ctx context.Context, span Span) ([]Seal, error)
	EachEvent(ctx context.Context, span Span, afterID int64, limit int, each func(console.Event) error) error
}

// Samples gives what was recorded of a cluster's workers, leadership and jobs in a span.
type Samples interface {
	EachRecording(ctx context.Context, span Span, each func(sample.Recording) error) error
	// EachSample gives the frames that tell of the span, oldest first.
	EachSample(ctx context.Context, span Span, each func(sample.Row) error) error
}
