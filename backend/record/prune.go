package record

import (
	"context"
	"database/sql"
	"time"
)

// pruneBatch is how many frames are dropped between two looks at the file's size.
const pruneBatch = 16

// Prune drops the oldest frames until the file is within its limits. The frame that is being written stays.
func (r *Recorder) Prune(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	oldest := r.options.Now().Add(-r.options.MaxAge)
	for {
		dropped, err := r.dropFrames(ctx, oldest)
		if err != nil {
			return r.failed(err)
		}
		if dropped == 0 {
			return nil
		}
	}
}

// dropFrames drops some frames that are too old, or the oldest of all while the file is too big, and tells how many.
func (r *Recorder) dropFrames(ctx context.Context, oldest time.Time) (int, error) {
	dropped := 0
	err := r.transact(ctx, func(tx *sql.Tx) error {
		var pages, free, size int64
		for question, answer := range map[string]*int64{`pragma page_count`: &pages, `pragma freelist_count`: &free, `pragma page_size`: &size} {
			if err := tx.QueryRowContext(ctx, question).Scan(answer); err != nil {
				return err
			}
		}
		tooBig := (pages-free)*size > r.options.MaxBytes
		frames, err := oldFrames(ctx, tx, oldest, tooBig)
		if err != nil {
			return err
		}
		dropped = len(frames)
		for _, f := range frames {
			if _, err := tx.ExecContext(ctx, `delete from sample where kind = ? and recording = ? and frame = ?`, f.kind, f.recording, f.began); err != nil {
				return err
			}
		}
		if dropped == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, `
			delete from recording where not exists (select 1 from sample where recording = recording.id);
			update recording set since = (select max(first) from (select min(frame) as first from sample where recording = recording.id group by kind))`)
		return err
	})
	if err != nil || dropped == 0 {
		return 0, err
	}
	_, err = r.db.ExecContext(ctx, `pragma incremental_vacuum`)
	return dropped, err
}

type frameKey struct {
	kind      string
	recording int64
	began     int64
}

// oldFrames gives frames that may be dropped, the oldest first: those that another one of their kind follows and that end
// before the oldest moment to be kept, or just the oldest.
func oldFrames(ctx context.Context, tx *sql.Tx, oldest time.Time, anyAge bool) ([]frameKey, error) {
	rows, err := tx.QueryContext(ctx, `
		with frames as (
		  select kind, recording, frame, lead(frame) over (partition by kind order by frame) as next
		  from sample where key = '')
		select kind, recording, frame from frames where next is not null and (? or next < ?) order by frame limit ?`,
		anyAge, oldest.UnixMicro(), pruneBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var frames []frameKey
	for rows.Next() {
		var f frameKey
		if err := rows.Scan(&f.kind, &f.recording, &f.began); err != nil {
			return nil, err
		}
		frames = append(frames, f)
	}
	return frames, rows.Err()
}
