package write

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// finishing is one step of what is done when all rows are there. Each is done in a transaction, and not again after a crash.
type finishing struct {
	name string
	do   func(context.Context) error
}

// finishings are the steps in their order; told is called before each.
func (w *Writer) finishings(ctx context.Context) ([]finishing, error) {
	indexing, err := w.logIndexing(ctx)
	if err != nil {
		return nil, err
	}
	_, later := splitSchema(format.Schema)
	var steps []finishing
	for i, text := range later {
		steps = append(steps, finishing{fmt.Sprint("index.", i), func(ctx context.Context) error { return w.exec(ctx, text) }})
	}
	for i, text := range derivations {
		steps = append(steps, finishing{fmt.Sprint("derive.", i), func(ctx context.Context) error {
			if strings.Contains(text, "@as_of") {
				return w.exec(ctx, text, sql.Named("as_of", w.asOf.UnixMicro()))
			}
			return w.exec(ctx, text)
		}})
	}
	return append(append(steps, indexing...), finishing{"digest", w.digest}), nil
}

// Finish makes indexes and what is derived, and digests it. The archive is then complete but for its signature and its name.
func (w *Writer) Finish(ctx context.Context, told func(done, of int)) error {
	if err := w.Commit(ctx, "rows", "done"); err != nil {
		return err
	}
	steps, err := w.finishings(ctx)
	if err != nil {
		return err
	}
	for i, step := range steps {
		told(i, len(steps))
		done, err := w.place(ctx, step.name)
		if err != nil {
			return err
		}
		if done != "" {
			continue
		}
		if err := step.do(ctx); err != nil {
			return err
		}
		if err := w.Commit(ctx, step.name, "done"); err != nil {
			return err
		}
	}
	told(len(steps), len(steps))
	return nil
}

// digest closes the digests of all parts. Those that were not digested as they came are read now.
func (w *Writer) digest(ctx context.Context) error {
	tx, err := w.begin(ctx)
	if err != nil {
		return err
	}
	for _, part := range format.Parts(format.Version) {
		p, err := w.writerOf(ctx, part)
		if err != nil {
			return err
		}
		if !part.Streams {
			if err := w.redigest(ctx, tx, p, 0); err != nil {
				return unwritable(w.path, err)
			}
		}
		last, rows, digest := p.digester.Finish()
		if last != nil {
			if err := w.addSegment(ctx, part, *last); err != nil {
				return err
			}
		}
		if err := w.exec(ctx, "insert into part (name, rows, digest) values (?, ?, ?)", part.Name, rows, digest); err != nil {
			return err
		}
	}
	return nil
}

// Place closes the file and puts it under its name.
func (w *Writer) Place(ctx context.Context, path string, replace bool) error {
	if _, err := w.db.ExecContext(ctx, "drop table journal"); err != nil {
		return unwritable(w.path, err)
	}
	if err := w.finished(); err != nil {
		return err
	}
	return place(w.path, path, replace)
}

// finished closes a file that is complete, and leaves nothing beside it.
func (w *Writer) finished() error {
	if err := w.Close(); err != nil {
		return unwritable(w.path, err)
	}
	if err := os.Remove(w.path + "-journal"); err != nil && !errors.Is(err, fs.ErrNotExist) { // it is empty
		return unwritable(w.path, err)
	}
	return nil
}

// place moves a finished file to its name. A hard link fails where the name is taken meanwhile, which a rename would not.
func place(from, to string, replace bool) error {
	if !replace {
		switch err := os.Link(from, to); {
		case err == nil:
			return os.Remove(from)
		case errors.Is(err, fs.ErrExist):
			return exists(to)
		}
		if _, err := os.Lstat(to); err == nil { // not every file system has links
			return exists(to)
		}
	}
	if err := os.Rename(from, to); err != nil {
		return unwritable(to, err)
	}
	return nil
}

func exists(path string) error {
	return scheduler.Errorf(scheduler.Conflict, "export.exists", "%s exists already. Choose another name.", path).With("path", path)
}
