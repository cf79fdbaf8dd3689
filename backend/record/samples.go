package record

import (
	"context"
	"errors"

	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/sample"
)

// Samples gives an export what a file holds. A file that isn't there holds nothing.
type Samples struct{ Path string }

// EachRecording gives the recordings that reach into a span, oldest first.
func (s Samples) EachRecording(ctx context.Context, span history.Span, each func(sample.Recording) error) error {
	return s.read(func(db Reading) error {
		all, err := sample.Recordings(ctx, db)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.Since.Before(span.Before) && !r.Until.Before(span.From) {
				if err := each(r); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// EachSample gives the frames that tell of a span.
func (s Samples) EachSample(ctx context.Context, span history.Span, each func(sample.Row) error) error {
	return s.read(func(db Reading) error { return sample.EachRow(ctx, db, span.From, span.Before, each) })
}

func (s Samples) read(do func(Reading) error) error {
	if s.Path == "" {
		return nil
	}
	db, err := Read(s.Path)
	if isNone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(do(db), db.Close())
}
