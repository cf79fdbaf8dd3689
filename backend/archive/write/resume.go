package write

import (
	"context"
	"database/sql"
	"strings"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// writerOf gives what adds rows to a part: behind the rows that are there already, if the archive was begun earlier.
func (w *Writer) writerOf(ctx context.Context, part format.Part) (*partWriter, error) {
	if p, known := w.parts[part.Name]; known {
		return p, nil
	}
	tx, err := w.begin(ctx)
	if err != nil {
		return nil, err
	}
	if len(w.words) == 0 {
		if w.words, err = wordIDs(ctx, tx); err != nil {
			return nil, unwritable(w.path, err)
		}
	}
	p := &partWriter{part: part, digester: format.NewDigester()}
	if part.Streams {
		segments, err := format.Segments(ctx, tx, part)
		if err != nil {
			return nil, unwritable(w.path, err)
		}
		p.digester = format.Continue(segments)
		if err := w.redigest(ctx, tx, p, len(segments)*format.SegmentRows); err != nil {
			return nil, unwritable(w.path, err)
		}
	}
	w.parts[part.Name] = p
	return p, nil
}

func wordIDs(ctx context.Context, tx *sql.Tx) (map[string]int64, error) {
	words := map[string]int64{}
	rows, err := tx.QueryContext(ctx, "select id, text from word")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		words[text] = id
	}
	return words, rows.Err()
}

// redigest adds the rows to the digest that are there already, from the one after some on.
func (w *Writer) redigest(ctx context.Context, tx *sql.Tx, p *partWriter, after int) error {
	texts := make(map[int64]string, len(w.words))
	for text, id := range w.words {
		texts[id] = text
	}
	rows, err := tx.QueryContext(ctx, p.part.SelectSQL()+" limit -1 offset ?", after)
	if err != nil {
		return err
	}
	defer rows.Close()
	reader := format.NewRowReader(p.part)
	var complete []format.Segment // only of parts that don't stream
	for rows.Next() {
		values, err := reader.Read(rows, texts)
		if err != nil {
			return err
		}
		segment, err := p.digester.Add(values...)
		if err != nil {
			return err
		}
		if segment != nil {
			complete = append(complete, *segment)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, s := range complete {
		if err := w.addSegment(ctx, p.part, s); err != nil {
			return err
		}
	}
	return nil
}

// place gives how far a step has come; "" before its first commit.
func (w *Writer) place(ctx context.Context, step string) (string, error) {
	tx, err := w.begin(ctx)
	if err != nil {
		return "", err
	}
	var place string
	err = tx.QueryRowContext(ctx, "select coalesce(max(place), '') from journal where step = ?", step).Scan(&place)
	if err != nil && strings.Contains(err.Error(), "no such table") {
		return "", errNoJournal
	}
	if err != nil {
		return "", unwritable(w.path, err)
	}
	return place, nil
}
