package archive

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
)

// Rows calls each with every row of a part, in the part's order and with words as texts. The values are only lent.
func (a *Archive) Rows(ctx context.Context, part format.Part, each func(values []any) error) error {
	rows, err := a.db.QueryContext(ctx, part.SelectSQL())
	if err != nil {
		return a.explain(err)
	}
	defer rows.Close()
	reader := format.NewRowReader(part)
	for rows.Next() {
		values, err := reader.Read(rows, a.words.texts)
		if err != nil {
			return a.explain(err)
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return a.explain(rows.Err())
}

// Chunks calls each with every piece of every log.
func (a *Archive) Chunks(ctx context.Context, each func(run, attempt int64, c console.LogChunk) error) error {
	return a.Rows(ctx, format.Log, func(v []any) error {
		b := block{}
		b.size, _ = v[4].(int64)
		b.chunks, _ = v[5].(string)
		b.text, _ = v[6].([]byte)
		chunks, err := b.unpack()
		if err != nil {
			return a.explain(err)
		}
		run, _ := v[1].(int64)
		attempt, _ := v[2].(int64)
		for _, c := range chunks {
			if err := each(run, attempt, c); err != nil {
				return err
			}
		}
		return nil
	})
}
