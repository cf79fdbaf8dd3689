package write

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// beginning is the first creation time of an export without a range.
var beginning = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)

// identity is what must be the same for an export to go on with a file: where from, and what is taken.
type identity struct {
	System, Database, Address string
	Content                   string
}

// begun is what the file of an unfinished export says of itself.
type begun struct {
	Identity identity
	AsOf     time.Time
}

const begunStep = "begun"

// begin opens the unfinished file of an earlier export, or makes a new one.
func begin(ctx context.Context, source history.Source, o Options, told func(Progress)) (*export, error) {
	masker, err := newMasker(o.Masks)
	if err != nil {
		return nil, err
	}
	origin, err := source.Cluster.Origin(ctx)
	if err != nil {
		return nil, err
	}
	e := &export{source: source, options: o, origin: origin, masker: masker, told: told}
	e.progress.Phase = Reading
	own := identity{System: origin.System, Database: origin.Database, Address: origin.Address, Content: o.content()}
	path := o.Path + PartialSuffix
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		err = e.start(ctx, path, own)
		return e, err
	}
	return e, e.resume(ctx, path, own)
}

// content is a digest of everything that decides what an archive holds.
func (o Options) content() string {
	notes := make([]string, len(o.Notes)) // whoever starts it again writes them again, at another time
	for i, n := range o.Notes {
		notes[i] = n.Text
	}
	text, _ := json.Marshal([]any{format.Version, o.LogIndex, o.Kind, o.Title, o.Filter, o.Reach, o.Logs, notes, o.Masks}) // nothing in it can't be marshalled
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (e *export) start(ctx context.Context, path string, own identity) (err error) {
	if e.w, err = create(ctx, path); err != nil {
		return err
	}
	asOf := e.origin.Now.Truncate(time.Microsecond)
	e.cover(asOf)
	text, _ := json.Marshal(begun{Identity: own, AsOf: asOf}) // nothing in it can't be marshalled
	if err := e.w.Commit(ctx, begunStep, string(text)); err != nil {
		return errors.Join(err, e.w.Close(), Discard(e.options.Path))
	}
	return nil
}

// resume goes on with a file, if it is the same export.
func (e *export) resume(ctx context.Context, path string, own identity) (err error) {
	if e.w, err = open(path); err != nil {
		return err
	}
	text, err := e.w.place(ctx, begunStep)
	var was begun
	if err == nil && json.Unmarshal([]byte(text), &was) != nil || errors.Is(err, errNoJournal) {
		err = nil
		was = begun{}
	}
	if err == nil && was.Identity != own {
		err = scheduler.Errorf(scheduler.Conflict, "export.other",
			"%s was begun from another database or with other choices. Delete it, or choose another name.", path).With("path", path)
	}
	if err != nil {
		return errors.Join(err, e.w.Close())
	}
	e.progress.Resumed = true
	e.cover(was.AsOf)
	if e.masker.counts, err = e.w.counts(ctx); err != nil {
		return errors.Join(err, e.w.Close())
	}
	return nil
}

// cover sets the moment and the range that the archive is of. Nothing that is created after the moment comes in.
func (e *export) cover(asOf time.Time) {
	e.w.asOf, e.w.index = asOf, e.options.indexesLogs()
	e.span = history.Span{From: beginning, Before: asOf.Add(time.Microsecond)}
	if f := e.options.Filter.CreatedFrom; f != nil {
		e.span.From = *f
	}
	if f := e.options.Filter.CreatedBefore; f != nil && f.Before(e.span.Before) {
		e.span.Before = *f
	}
	e.progress.From, e.progress.To = e.span.From, e.span.Before
}

// description is what the archive says of itself.
func (e *export) description() format.Description {
	o := e.options
	d := format.Description{
		Program: o.Program, Exported: e.w.asOf, AsOf: e.w.asOf, To: e.span.Before, TimeZone: o.TimeZone, Kind: o.Kind, Title: o.Title, Filter: chosen(o.Filter),
		Operator: e.origin.Operator, Login: e.origin.Login, Account: o.Account, Host: o.Host, Profile: o.Profile, ProfileID: o.ProfileID, Stage: o.Stage,
		Address: e.origin.Address, System: e.origin.System, Database: e.origin.Database, Server: e.origin.Server, Schema: e.origin.Schema,
		Gate: e.origin.Gate, Masks: o.Masks, Masked: e.masker.counts, LogIndex: o.indexesLogs(), Absent: e.origin.Absent,
	}
	if o.Filter.CreatedFrom != nil {
		d.From = *o.Filter.CreatedFrom
	}
	switch {
	case !o.Logs:
		d.Logs = "left out: the operator did not ask for them"
	default:
		d.Logs = "those that the database kept; others are where log_ref says"
	}
	if e.source.Samples == nil {
		d.Absent = append(d.Absent, format.Recording.Name, format.Sample.Name)
	}
	return d
}
