package write

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// trailRows is how many rows of the audit, or events, are read by one statement.
const trailRows = 5_000

// steps are the parts in the order in which they are read. What decides how the rest is read comes first, and what says how
// many values were masked comes last.
func (e *export) steps() []step {
	steps := []step{
		{"job", e.readJobs}, {"setting", e.readSettings}, {"reload", e.readReloads}, {"term", e.readTerms}, {"note", e.readNotes},
		{"run", e.readRuns}, {"seal", e.readSeals}, {"audit", e.readAudit}, {"event", e.readEvents},
	}
	if e.source.Samples != nil {
		steps = append(steps, step{"recording", e.readRecordings}, step{"sample", e.readSamples})
	}
	return append(steps, step{"meta", e.readMeta})
}

func (e *export) readMeta(ctx context.Context, _ string, _ func(string) error) error {
	return e.w.describe(ctx, e.description())
}

func (e *export) readJobs(ctx context.Context, _ string, _ func(string) error) error {
	jobs, err := e.source.Cluster.Jobs(ctx)
	if err != nil {
		return err
	}
	return each(jobs, func(j scheduler.Job) error {
		var hidden bool
		j.DefaultArgs, hidden = e.masker.document("job", j.DefaultArgs)
		j.ArgsMasked = j.ArgsMasked || hidden || strings.Contains(string(j.DefaultArgs), console.Masked)
		e.progress.Rows++
		return e.w.Add(ctx, format.Job, jobRow(j)...)
	})
}

func (e *export) readSettings(ctx context.Context, _ string, _ func(string) error) error {
	tables, err := e.source.Cluster.Settings(ctx)
	if err != nil {
		return err
	}
	for i, s := range tables.Stored {
		if s.Secret {
			tables.Stored[i].Value = nil
			e.masker.counts["setting"]++
			continue
		}
		tables.Stored[i].Value, _ = e.masker.document("setting", s.Value)
	}
	e.progress.Rows += int64(len(tables.Stored) + len(tables.Help))
	return e.w.addSettings(ctx, tables)
}

func (e *export) readReloads(ctx context.Context, _ string, _ func(string) error) error {
	reloads, err := e.source.Cluster.Reloads(ctx, e.span)
	if err != nil {
		return err
	}
	return each(reloads, func(r history.Reload) error {
		r.Raw, _ = e.masker.document("reload", r.Raw)
		return e.w.Add(ctx, format.Reload, reloadRow(r)...)
	})
}

func (e *export) readTerms(ctx context.Context, _ string, _ func(string) error) error {
	terms, err := e.source.Cluster.Terms(ctx, e.span)
	if err != nil {
		return err
	}
	return each(terms, func(t history.Term) error { return e.w.Add(ctx, format.Term, termRow(t)...) })
}

func (e *export) readNotes(ctx context.Context, _ string, _ func(string) error) error {
	return e.w.addNotes(ctx, e.options.Notes)
}

func (e *export) readSeals(ctx context.Context, _ string, _ func(string) error) error {
	seals, err := e.source.Trail.Seals(ctx, e.span)
	if err != nil {
		return err
	}
	return each(seals, func(s history.Seal) error { return e.w.Add(ctx, format.Seal, sealRow(s)...) })
}

// readAudit goes on behind the last row that was committed: its time and its id are the place.
func (e *export) readAudit(ctx context.Context, place string, commit func(string) error) error {
	at, id := e.span.From, int64(-1)
	if micros, last, found := strings.Cut(place, " "); found {
		at, id = placeTime(micros), number(last)
	}
	for {
		rows := 0
		err := e.source.Trail.EachAudit(ctx, history.Span{From: at, Before: e.span.Before}, id, trailRows, func(a history.AuditRow) error {
			rows++
			e.progress.Rows++
			at, id = a.At, a.ID
			return e.addAudit(ctx, a)
		})
		if err != nil || rows < trailRows {
			return err
		}
		if err := commit(strconv.FormatInt(at.UnixMicro(), 10) + " " + strconv.FormatInt(id, 10)); err != nil {
			return err
		}
	}
}

// addAudit masks a detail as the console does. A digest over what stands here in other words is left out.
func (e *export) addAudit(ctx context.Context, a history.AuditRow) error {
	masked, _ := e.masker.document("audit", console.MaskDetail(a.Target, a.Detail))
	changed := !bytes.Equal(masked, a.Detail)
	a.Detail, a.Size = masked, int64(len(masked))
	if a.Link != nil && changed {
		link := *a.Link
		link.Digest = nil
		a.Link = &link
	}
	return e.w.addAudit(ctx, a)
}

// readEvents goes on behind the last id.
func (e *export) readEvents(ctx context.Context, place string, commit func(string) error) error {
	id := number(place)
	for {
		rows := 0
		err := e.source.Trail.EachEvent(ctx, e.span, id, trailRows, func(event console.Event) error {
			rows++
			e.progress.Rows++
			id = event.ID
			event.Payload, _ = e.masker.document("event", event.Payload)
			event.Size = int64(len(event.Payload))
			return e.w.Add(ctx, format.Event, eventRow(event)...)
		})
		if err != nil || rows < trailRows {
			return err
		}
		if err := commit(strconv.FormatInt(id, 10)); err != nil {
			return err
		}
	}
}

func (e *export) readRecordings(ctx context.Context, _ string, _ func(string) error) error {
	return e.source.Samples.EachRecording(ctx, e.span, func(r sample.Recording) error {
		return e.w.Add(ctx, format.Recording, recordingRow(r)...)
	})
}

func (e *export) readSamples(ctx context.Context, _ string, _ func(string) error) error {
	return e.source.Samples.EachSample(ctx, e.span, func(s sample.Row) error {
		s.Doc, _ = e.masker.document("sample", s.Doc)
		e.progress.Rows++
		return e.w.Add(ctx, format.Sample, sampleRow(s)...)
	})
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // a place is what was written there
	return n
}

func placeTime(micros string) time.Time { return time.UnixMicro(number(micros)).UTC() }
