package console

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LogReader reads the log of one attempt from its beginning on, wherever it is. It is for one goroutine.
type LogReader struct {
	Place LogPlace
	Size  int64 // as its place tells it; -1 = not known

	next  func(context.Context) (LogPage, error)
	close func() error
}

// Next gives what follows. A page without a chunk that hasn't ended says that there is nothing more yet.
func (r *LogReader) Next(ctx context.Context) (LogPage, error) { return r.next(ctx) }

// Close gives the log up.
func (r *LogReader) Close() error { return r.close() }

// OpenLog opens the log of an attempt. What it reads from outside of the database ends with ctx.
func (c *Console) OpenLog(ctx context.Context, id scheduler.RunID, attempt int) (*LogReader, error) {
	detail, err := c.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	place, gone := placeOfAttempt(detail.Run, detail.Attempts, attempt)
	switch {
	case gone:
		return nil, scheduler.Errorf(scheduler.NotFound, "log.expired",
			"The log's days in the database are over, and the cluster had no archive to move it to.")
	case place.Kind == LogNowhere:
		return nil, scheduler.Errorf(scheduler.NotFound, "log.none", "Run %d has no log: nothing refers to one.", id)
	case place.Kind == LogElsewhere:
		return nil, scheduler.Errorf(scheduler.Invalid, "log.bad_kind",
			"Opsdeck opens no address of this kind: %s. Logs lie in the database, at http(s) addresses, in S3 storage or at a path on a worker.", place.Ref).With("ref", place.Ref)
	case place.Kind == LogInDatabase:
		return c.databaseLog(id, place), nil
	case c.ports.LogFiles == nil:
		return c.archivedLog(ctx, id, place)
	case place.Kind == LogOnWorker:
		fleet, _ := c.ports.Fleet.Fleet(ctx) // without it the host isn't known
		return nil, onWorker(place, detail, fleet)
	}
	return c.remoteLog(ctx, detail.Run, place)
}

// archivedLog opens a log where no network is: an archive has its text, or only the reference.
func (c *Console) archivedLog(ctx context.Context, id scheduler.RunID, place LogPlace) (*LogReader, error) {
	part, err := c.ports.Logs.LogPart(ctx, id, place.Attempt, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(part.Chunks) == 0 {
		return nil, scheduler.Errorf(scheduler.NotFound, "log.only_reference",
			"The archive has only the log's reference, not its text: %s. Open it where the cluster can be reached.", place.Ref).With("ref", place.Ref)
	}
	return c.databaseLog(id, place), nil
}

func (c *Console) databaseLog(id scheduler.RunID, place LogPlace) *LogReader {
	after := int64(0)
	return &LogReader{
		Place: place, Size: -1,
		next: func(ctx context.Context) (LogPage, error) {
			page, err := c.RunLog(ctx, id, place.Attempt, after)
			after = max(after, page.Next)
			return page, err
		},
		close: func() error { return nil },
	}
}
