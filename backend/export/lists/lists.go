// Package lists writes a filtered list of runs into a file for other programs: CSV, NDJSON or Parquet. It reads closed ranges as an
// archive's export does, so that it holds no snapshot and little memory whatever the length.
package lists

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Options say which runs go where.
type Options struct {
	Path    string // its extension is the format
	Replace bool
	Filter  console.RunFilter
}

// Progress is how far a list is.
type Progress struct {
	Runs     int64
	At       time.Time // in creation times
	From, To time.Time
}

// rangeRuns is how many runs are read by one statement.
const rangeRuns = 10_000

// Known tells whether a path has the extension of a list.
func Known(path string) bool {
	f := formatOf(path)
	return f.Known() || f == ParquetFormat
}

func formatOf(path string) export.Format {
	return export.Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(path), ".")))
}

// writer takes one run after the other.
type writer interface {
	Write(r scheduler.Run) error
	Finish() error
}

// Runs writes the runs that match. The file appears under its name only when it is complete. gate is asked between ranges and may
// hold the export up, or end it with an error.
func Runs(ctx context.Context, source history.Source, o Options, gate func(context.Context) error, told func(Progress)) (err error) {
	if err := o.Filter.Check(); err != nil {
		return err
	}
	format := formatOf(o.Path)
	if !Known(o.Path) {
		return scheduler.Errorf(scheduler.Invalid, "export.bad_format", "There is no export format %q.", format).With("format", string(format))
	}
	origin, err := source.Cluster.Origin(ctx)
	if err != nil {
		return err
	}
	file, err := export.Create(o.Path, string(format), o.Replace)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = file.Drop() // the error that led here says what there is to say
		}
	}()
	var w writer
	if format == ParquetFormat {
		w = NewParquet(file)
	} else if w, err = newRows(file, format); err != nil {
		return err
	}
	if err := each(ctx, source.Runs, o.Filter, origin.Now, gate, told, w.Write); err != nil {
		return err
	}
	if err := w.Finish(); err != nil {
		return err
	}
	done = true
	return file.Finish()
}

// each hands over the runs that match and were created before now, oldest first, range by range.
func each(ctx context.Context, runs history.Runs, f console.RunFilter, now time.Time, gate func(context.Context) error, told func(Progress), take func(scheduler.Run) error) error {
	span := history.Span{From: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Before: now}
	if f.CreatedFrom != nil {
		span.From = *f.CreatedFrom
	}
	if f.CreatedBefore != nil && f.CreatedBefore.Before(now) {
		span.Before = *f.CreatedBefore
	}
	f.CreatedFrom, f.CreatedBefore = nil, nil // the ranges say it
	first, any, err := runs.FirstRun(ctx, span)
	if err != nil || !any {
		return err
	}
	span.From = first
	p := Progress{From: first, To: span.Before}
	for span.From.Before(span.Before) {
		if err := gate(ctx); err != nil {
			return err
		}
		edge, err := runs.RunEdge(ctx, span, rangeRuns)
		if err != nil {
			return err
		}
		err = runs.EachRun(ctx, f, history.Span{From: span.From, Before: edge}, func(r scheduler.Run) error {
			p.Runs++
			r.ErrorSummary = console.MaskText(r.ErrorSummary)
			return take(r)
		})
		if err != nil {
			return err
		}
		span.From, p.At = edge, edge
		told(p)
	}
	return ctx.Err()
}
