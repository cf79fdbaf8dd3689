package write

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Options say what goes into an archive.
type Options struct {
	Path    string
	Replace bool

	Kind   string // RunsKind or IncidentKind
	Title  string
	Filter console.RunFilter // of the runs; its time range is the archive's
	// Reach says to also take the runs that were in somebody's hand within the range but were created up to console.LookBack
	// before it.
	Reach bool
	Logs  bool // those that the database keeps
	// LogIndex says to make an index of the logs' texts, which takes time and room; see docs/performance.md.
	LogIndex bool
	Notes    []history.Note
	Masks    []string // patterns that are masked beside what always is

	// What the archive says of where it comes from, beside what the source knows.
	Program, Profile, ProfileID, Stage, Account, Host, TimeZone string

	Signer Signer // nil = unsigned
}

func (o Options) indexesLogs() bool { return o.Logs && o.LogIndex }

// The kinds of archives.
const (
	RunsKind     = "runs"     // a filtered list
	IncidentKind = "incident" // everything of a window of time
)

// Signer signs an archive with an operator's key.
type Signer interface {
	PublicKey() []byte
	Name() string
	Sign(message []byte) ([]byte, error)
}

// Phase is what an export is doing.
type Phase string

// The phases, in their order.
const (
	Reading   Phase = "reading"   // from the cluster
	Finishing Phase = "finishing" // indexes, totals and digests; needs no server
)

// Progress is how far an export is.
type Progress struct {
	Phase   Phase
	Part    string    // that is being read
	Runs    int64     // so far
	Rows    int64     // of all parts
	At      time.Time // how far the runs are, in creation times
	From    time.Time // where they begin
	To      time.Time
	Step    int // of finishing
	Steps   int
	Resumed bool
}

// rangeRuns is how many runs are read by one statement.
const rangeRuns = 10_000

// Export writes an archive. It goes on where an earlier export of the same things into the same file stopped. gate is asked
// between ranges and may hold the export up, or end it with an error; told hears of progress.
func Export(ctx context.Context, source history.Source, o Options, gate func(context.Context) error, told func(Progress)) error {
	if err := checkPath(o); err != nil {
		return err
	}
	e, err := begin(ctx, source, o, told)
	if err != nil {
		return err
	}
	defer func() { _ = e.w.Close() }() // what was committed stays for the next try
	for _, step := range e.steps() {
		if err := e.once(ctx, step, gate); err != nil {
			return err
		}
	}
	e.progress.Phase, e.progress.Part = Finishing, ""
	if err := e.w.Finish(ctx, func(done, of int) {
		e.progress.Step, e.progress.Steps = done, of
		e.told(e.progress)
	}); err != nil {
		return err
	}
	if o.Signer != nil {
		if err := e.w.sign(ctx, o.Signer, time.Now()); err != nil {
			return err
		}
	}
	return e.w.Place(ctx, o.Path, o.Replace)
}

// checkPath refuses what can't become an archive before anything is read.
func checkPath(o Options) error {
	if !filepath.IsAbs(o.Path) || !strings.EqualFold(filepath.Ext(o.Path), "."+format.Extension) {
		return scheduler.Errorf(scheduler.Invalid, "export.bad_path", "Give the whole path of a file that ends with .%s.", format.Extension).
			With("extension", "."+format.Extension)
	}
	if _, err := os.Lstat(o.Path); err == nil && !o.Replace {
		return exists(o.Path)
	}
	return nil
}

// Discard removes what an unfinished export of this name has left.
func Discard(path string) error {
	var problems error
	for _, name := range []string{path + PartialSuffix, path + PartialSuffix + "-journal"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			problems = errors.Join(problems, unwritable(name, err))
		}
	}
	return problems
}

// export is one that is under way.
type export struct {
	w        *Writer
	source   history.Source
	options  Options
	origin   history.Origin
	span     history.Span // of the archive
	masker   *masker
	told     func(Progress)
	progress Progress
}

// step reads one part. Its place is where it goes on after a crash; it calls commit whenever it has come further.
type step struct {
	name string
	read func(ctx context.Context, place string, commit func(place string) error) error
}

// donePlace is the place of a step that is over.
const donePlace = "done"

func (e *export) once(ctx context.Context, s step, gate func(context.Context) error) error {
	place, err := e.w.place(ctx, s.name)
	if err != nil || place == donePlace {
		return err
	}
	if err := gate(ctx); err != nil {
		return err
	}
	e.progress.Part = s.name
	e.told(e.progress)
	err = s.read(ctx, place, func(place string) error {
		if err := e.commit(ctx, s.name, place); err != nil {
			return err
		}
		return gate(ctx)
	})
	if err != nil {
		return err
	}
	return e.commit(ctx, s.name, donePlace)
}

func (e *export) commit(ctx context.Context, name, place string) error {
	if err := e.w.setCounts(ctx, e.masker.counts); err != nil {
		return err
	}
	if err := e.w.Commit(ctx, name, place); err != nil {
		return err
	}
	e.told(e.progress)
	return ctx.Err()
}
