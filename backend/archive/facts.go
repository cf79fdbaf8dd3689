package archive

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// Facts is what an archive says of itself. Who wrote it chose these texts.
type Facts struct {
	format.Description
	Rows map[string]int64 // by part
	Size int64            // of the file, in bytes
}

// maxWords is the most different texts that the columns of words may have.
const maxWords = 200_000

var (
	errTooMany = errors.New("the archive has more of something than any real one")
	errHole    = errors.New("the list of runs has a hole")
)

func (a *Archive) readFacts(ctx context.Context) (Facts, error) {
	f := Facts{Rows: map[string]int64{}}
	var text string
	if err := a.db.QueryRowContext(ctx, "select value from meta where key = ?", format.DescriptionKey).Scan(&text); err != nil {
		return f, err
	}
	if err := json.Unmarshal([]byte(text), &f.Description); err != nil {
		return f, err
	}
	if f.AsOf.IsZero() || f.AsOf.Year() > 9999 || f.AsOf.Before(time.UnixMicro(0)) {
		return f, errors.New("the archive does not say of when it is")
	}
	rows, err := a.db.QueryContext(ctx, "select name, rows from part limit 1000")
	if err != nil {
		return f, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return f, err
		}
		f.Rows[name] = n
	}
	if err := rows.Err(); err != nil {
		return f, err
	}
	return f, a.db.QueryRowContext(ctx, "select page_count * page_size from pragma_page_count, pragma_page_size").Scan(&f.Size)
}

// words are the texts that many rows have.
type words struct {
	texts map[int64]string
	ids   map[string]int64
}

// id gives the id of a text; 0, which no row has, for one that is not there.
func (w words) id(text string) int64 { return w.ids[text] }

func (a *Archive) readWords(ctx context.Context) (words, error) {
	w := words{texts: map[int64]string{}, ids: map[string]int64{}}
	rows, err := a.db.QueryContext(ctx, "select id, text from word limit ?", maxWords+1)
	if err != nil {
		return w, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return w, err
		}
		w.texts[id], w.ids[text] = text, id
	}
	if len(w.texts) > maxWords {
		return w, errTooMany
	}
	return w, rows.Err()
}
