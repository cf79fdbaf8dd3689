package write

import (
	"context"
	"encoding/json"
	"errors"
)

// countsStep is where the journal keeps how many values were masked.
const countsStep = "masked"

var errNoJournal = errors.New("the file is no unfinished archive")

func (w *Writer) setCounts(ctx context.Context, counts map[string]int64) error {
	text, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	return w.exec(ctx, "insert into journal (step, place) values (?, ?) on conflict (step) do update set place = excluded.place", countsStep, string(text))
}

func (w *Writer) counts(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	text, err := w.place(ctx, countsStep)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &counts)
	}
	return counts, err
}
