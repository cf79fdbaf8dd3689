package write

import (
	"context"
	"errors"
	"os"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Contents are the rows of an archive that is small enough to be held in memory. Runs and audit are in the order of their lists,
// the oldest first, chunks by run and attempt.
type Contents struct {
	Jobs     []scheduler.Job
	Runs     []scheduler.Run
	Args     []history.RunArgs
	Attempts []history.Attempt
	Chunks   []history.LogChunk
	Audit    []history.AuditRow
	Seals    []history.Seal
	Events   []console.Event
	Terms    []history.Term
	Recorded []sample.Recording
	Samples  []sample.Row
	Notes    []history.Note
	Settings console.SettingTables
	Reloads  []history.Reload
}

// Rows writes an archive of rows as they are, at once, under its name.
func Rows(ctx context.Context, path string, d format.Description, c Contents) (err error) {
	partial := path + PartialSuffix
	w, err := create(ctx, partial)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close(), os.Remove(partial))
		}
	}()
	w.asOf, w.index = d.AsOf, d.LogIndex
	for _, add := range []func() error{
		func() error { return w.describe(ctx, d) },
		func() error {
			return each(c.Jobs, func(j scheduler.Job) error { return w.Add(ctx, format.Job, jobRow(j)...) })
		},
		func() error { return w.addSettings(ctx, c.Settings) },
		func() error {
			return each(c.Reloads, func(r history.Reload) error { return w.Add(ctx, format.Reload, reloadRow(r)...) })
		},
		func() error {
			return each(c.Terms, func(t history.Term) error { return w.Add(ctx, format.Term, termRow(t)...) })
		},
		func() error {
			return each(c.Seals, func(s history.Seal) error { return w.Add(ctx, format.Seal, sealRow(s)...) })
		},
		func() error { return w.addNotes(ctx, c.Notes) },
		func() error { return each(c.Audit, func(a history.AuditRow) error { return w.addAudit(ctx, a) }) },
		func() error {
			return each(c.Events, func(e console.Event) error { return w.Add(ctx, format.Event, eventRow(e)...) })
		},
		func() error {
			return each(c.Recorded, func(r sample.Recording) error { return w.Add(ctx, format.Recording, recordingRow(r)...) })
		},
		func() error {
			return each(c.Samples, func(s sample.Row) error { return w.Add(ctx, format.Sample, sampleRow(s)...) })
		},
		func() error { return each(c.Runs, func(r scheduler.Run) error { return w.addRun(ctx, r) }) },
		func() error {
			return each(c.Args, func(a history.RunArgs) error { return w.Add(ctx, format.RunArgs, int64(a.Run), string(a.Args)) })
		},
		func() error {
			return each(c.Attempts, func(a history.Attempt) error { return w.Add(ctx, format.Attempt, attemptRow(a)...) })
		},
		func() error { return w.addLogs(ctx, c.Chunks) },
	} {
		if err := add(); err != nil {
			return err
		}
	}
	if err := w.Finish(ctx, func(int, int) {}); err != nil {
		return err
	}
	return w.Place(ctx, path, false)
}

// each calls add with every row, until one fails.
func each[T any](rows []T, add func(T) error) error {
	for _, row := range rows {
		if err := add(row); err != nil {
			return err
		}
	}
	return nil
}
