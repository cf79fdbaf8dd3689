// Package write makes archives: rows go in by part, in transactions that each leave a place to go on from, and a file
// appears under its name only when it is complete.
package write

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// Writer adds rows to an archive that is being made. It is used by one goroutine.
type Writer struct {
	path  string
	db    *sql.DB
	tx    *sql.Tx
	asOf  time.Time // the moment that the archive is of
	index bool      // of the logs' texts
	words map[string]int64
	parts map[string]*partWriter
}

// partWriter gathers a part's rows until a statement is full.
type partWriter struct {
	part     format.Part
	digester *format.Digester
	values   []any
	rows     int
	full     *sql.Stmt // adds a full statement's rows, within the present transaction
}

// statementRows is how many rows go into one statement: enough that its own cost does not count.
const statementRows = 40

// PartialSuffix is behind the name of an archive that is not complete.
const PartialSuffix = ".partial"

// journal is the table that tells how far an unfinished archive is. It is dropped when the archive is finished.
const journal = `create table journal (step text primary key, place text not null) without rowid`

// create begins an archive in a new file.
func create(ctx context.Context, path string) (*Writer, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, unwritable(path, err)
	}
	if err := file.Close(); err != nil {
		return nil, unwritable(path, err)
	}
	w, err := open(path)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{
		fmt.Sprintf("pragma application_id = %d", format.ApplicationID), fmt.Sprintf("pragma user_version = %d", format.Version),
		withoutIndexes(format.Schema), journal,
	} {
		if _, err := w.db.ExecContext(ctx, text); err != nil {
			return nil, errors.Join(unwritable(path, err), w.Close())
		}
	}
	return w, nil
}

// open goes on with a file that create began.
func open(path string) (*Writer, error) {
	db, err := format.OpenWritable(path)
	if err != nil {
		return nil, unwritable(path, err)
	}
	return &Writer{path: path, db: db, words: map[string]int64{}, parts: map[string]*partWriter{}}, nil
}

// Indexes are made when all rows are there, which takes a fraction of the time.
func withoutIndexes(schema string) string { tables, _ := splitSchema(schema); return tables }

// splitSchema parts what has to be there before rows come from the indexes and the view.
func splitSchema(schema string) (tables string, later []string) {
	for text := range strings.SplitSeq(schema, ";\n") {
		statement := strings.TrimSpace(text)
		for strings.HasPrefix(statement, "--") { // what is said about it
			_, statement, _ = strings.Cut(statement, "\n")
		}
		switch {
		case strings.HasPrefix(statement, "create unique index"), strings.HasPrefix(statement, "create index"), strings.HasPrefix(statement, "create view"):
			later = append(later, strings.TrimSuffix(statement, ";"))
		case statement != "":
			tables += text + ";\n"
		}
	}
	return tables, later
}

// Add adds a row of a part. Words are given as texts.
func (w *Writer) Add(ctx context.Context, part format.Part, values ...any) error {
	p, err := w.writerOf(ctx, part)
	if err != nil {
		return err
	}
	if len(values) != len(part.Columns) {
		return fmt.Errorf("a row of %s has %d values, not %d", part.Name, len(part.Columns), len(values))
	}
	var segment *format.Segment
	if part.Streams {
		if segment, err = p.digester.Add(values...); err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
	}
	start := len(p.values)
	p.values = append(p.values, values...)
	for _, i := range part.Words {
		if p.values[start+i], err = w.word(ctx, values[i]); err != nil {
			return err
		}
	}
	if p.rows++; p.rows == statementRows {
		if err := w.flush(ctx, p); err != nil {
			return err
		}
	}
	if segment != nil {
		return w.addSegment(ctx, part, *segment)
	}
	return nil
}

// begin gives the transaction that rows are added in.
func (w *Writer) begin(ctx context.Context) (*sql.Tx, error) {
	if w.tx == nil {
		tx, err := w.db.BeginTx(context.WithoutCancel(ctx), nil) // canceling a step must not take back the ones before it
		if err != nil {
			return nil, unwritable(w.path, err)
		}
		w.tx = tx
	}
	return w.tx, nil
}

func (w *Writer) exec(ctx context.Context, text string, args ...any) error {
	tx, err := w.begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, text, args...); err != nil {
		return unwritable(w.path, err)
	}
	return nil
}

func (w *Writer) flush(ctx context.Context, p *partWriter) error {
	if p.rows == 0 {
		return nil
	}
	err := w.insert(ctx, p)
	p.values, p.rows = p.values[:0], 0
	return err
}

func (w *Writer) insert(ctx context.Context, p *partWriter) error {
	if p.rows < statementRows {
		return w.exec(ctx, p.part.InsertSQL(p.rows), p.values...)
	}
	tx, err := w.begin(ctx)
	if err != nil {
		return err
	}
	if p.full == nil { // parsing it costs as much as a third of running it
		if p.full, err = tx.PrepareContext(ctx, p.part.InsertSQL(statementRows)); err != nil {
			return unwritable(w.path, err)
		}
	}
	if _, err := p.full.ExecContext(ctx, p.values...); err != nil {
		return unwritable(w.path, err)
	}
	return nil
}

func (w *Writer) addSegment(ctx context.Context, part format.Part, s format.Segment) error {
	return w.exec(ctx, "insert into segment (part, number, rows, digest) values (?, ?, ?, ?)", part.Name, s.Number, s.Rows, s.Digest)
}

// word gives the id of a text that many rows have.
func (w *Writer) word(ctx context.Context, value any) (int64, error) {
	text, ok := value.(string)
	if !ok {
		return 0, fmt.Errorf("a word is a text and not %T", value)
	}
	id, known := w.words[text]
	if !known {
		id = int64(len(w.words)) + 1
		if err := w.exec(ctx, "insert into word (id, text) values (?, ?)", id, text); err != nil {
			return 0, err
		}
		w.words[text] = id
	}
	return id, nil
}

// Commit makes everything that was added permanent, together with the place that a step has come to.
func (w *Writer) Commit(ctx context.Context, step, place string) error {
	for _, p := range w.parts {
		if err := w.flush(ctx, p); err != nil {
			return err
		}
	}
	if err := w.exec(ctx, "insert into journal (step, place) values (?, ?) on conflict (step) do update set place = excluded.place", step, place); err != nil {
		return err
	}
	return w.commit()
}

// commit ends the transaction, and with it what was prepared in it.
func (w *Writer) commit() error {
	for _, p := range w.parts {
		p.full = nil
	}
	err := w.tx.Commit()
	w.tx = nil
	if err != nil {
		return unwritable(w.path, err)
	}
	return nil
}

// Close ends writing. What was not committed is gone.
func (w *Writer) Close() error {
	var rolledBack error
	if w.tx != nil {
		rolledBack = w.tx.Rollback()
		w.tx = nil
	}
	return errors.Join(rolledBack, w.db.Close())
}
