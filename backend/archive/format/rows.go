package format

import (
	"database/sql"
	"fmt"
)

// RowReader reads a part's rows as they are digested: with words as texts.
type RowReader struct {
	part   Part
	values []any
	into   []any
}

// NewRowReader makes a reader of a part.
func NewRowReader(p Part) *RowReader {
	r := &RowReader{part: p, values: make([]any, len(p.Columns)), into: make([]any, len(p.Columns))}
	for i := range r.values {
		r.into[i] = &r.values[i]
	}
	return r
}

// Read gives the row that rows stands at. The values are the reader's own until the next one.
func (r *RowReader) Read(rows *sql.Rows, words map[int64]string) ([]any, error) {
	if err := rows.Scan(r.into...); err != nil {
		return nil, err
	}
	for _, i := range r.part.Words {
		id, _ := r.values[i].(int64)
		text, known := words[id]
		if !known {
			return nil, fmt.Errorf("%s names a word %v that is not there", r.part.Name, r.values[i])
		}
		r.values[i] = text
	}
	return r.values, nil
}
