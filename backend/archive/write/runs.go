package write

import (
	"context"
	"strconv"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// readRuns reads runs in closed ranges of creation times, each with all that belongs to them. The end of the last range is the
// place.
func (e *export) readRuns(ctx context.Context, place string, commit func(string) error) error {
	span := e.span
	if e.options.Reach && span.From.After(beginning) {
		span.From = span.From.Add(-console.LookBack)
	}
	if place != "" {
		span.From = placeTime(place)
	}
	first, any, err := e.source.Runs.FirstRun(ctx, span)
	if err != nil || !any {
		return err
	}
	span.From = first
	if e.progress.From.Before(first) {
		e.progress.From = first
	}
	filter := e.options.Filter
	filter.CreatedFrom, filter.CreatedBefore = nil, nil // the ranges say it
	for span.From.Before(e.span.Before) {
		edge, err := e.source.Runs.RunEdge(ctx, span, rangeRuns)
		if err != nil {
			return err
		}
		if err := e.readRange(ctx, filter, history.Span{From: span.From, Before: edge}); err != nil {
			return err
		}
		span.From, e.progress.At = edge, edge
		if err := commit(strconv.FormatInt(edge.UnixMicro(), 10)); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) readRange(ctx context.Context, filter console.RunFilter, span history.Span) error {
	var ids, logged []scheduler.RunID
	err := e.source.Runs.EachRun(ctx, filter, span, func(r scheduler.Run) error {
		if !e.reaches(r) {
			return nil
		}
		r.ErrorSummary = e.masker.text("run", r.ErrorSummary)
		ids = append(ids, r.ID)
		if r.StartedAt != nil {
			logged = append(logged, r.ID)
		}
		e.progress.Runs++
		e.progress.Rows++
		return e.w.addRun(ctx, r)
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	err = e.source.Details.EachAttempt(ctx, ids, func(a history.Attempt) error {
		a.Note = e.masker.text("attempt", a.Note)
		e.progress.Rows++
		return e.w.Add(ctx, format.Attempt, attemptRow(a)...)
	})
	if err != nil {
		return err
	}
	err = e.source.Details.EachArgs(ctx, ids, func(a history.RunArgs) error {
		masked, _ := e.masker.document("run_args", a.Args)
		return e.w.Add(ctx, format.RunArgs, int64(a.Run), string(masked))
	})
	if err != nil || !e.options.Logs {
		return err
	}
	return e.readLogs(ctx, logged)
}

// reaches tells whether a run belongs into the archive: it was created in its range, or was in somebody's hand within it.
func (e *export) reaches(r scheduler.Run) bool {
	return !r.CreatedAt.Before(e.span.From) || r.FinishedAt == nil && !r.State.Final() || r.FinishedAt != nil && !r.FinishedAt.Before(e.span.From)
}

// logRuns is how many runs' logs are read by one statement: logs may be long.
const logRuns = 500

// readLogs reads logs in the order of the list of runs, so that a search through them gives runs in that order. A statement gives
// them by the runs' ids, so that no run of it may have a higher id than the one after it.
func (e *export) readLogs(ctx context.Context, ids []scheduler.RunID) error {
	var b logBlock
	mask := logMask{masker: e.masker, next: func(c history.LogChunk) error { return e.w.addChunk(ctx, &b, c) }}
	for len(ids) > 0 {
		n := 1
		for n < min(logRuns, len(ids)) && ids[n-1] < ids[n] {
			n++
		}
		err := e.source.Details.EachChunk(ctx, ids[:n], func(c history.LogChunk) error {
			e.progress.Rows++
			return mask.add(c)
		})
		if err != nil {
			return err
		}
		ids = ids[n:]
	}
	if err := mask.flush(0); err != nil {
		return err
	}
	return e.w.addBlock(ctx, &b)
}
