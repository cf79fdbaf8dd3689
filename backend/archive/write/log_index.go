package write

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// indexedDocuments is how many documents are indexed in one transaction. It decides what the index looks like inside, and with it
// its digest, so that it is the same whether an export was interrupted or not.
const indexedDocuments = 2_500

// logIndexing are the steps that index the logs' texts.
func (w *Writer) logIndexing(ctx context.Context) ([]finishing, error) {
	if !w.index {
		return nil, nil
	}
	blocks, err := w.next(ctx, format.Log)
	if err != nil {
		return nil, err
	}
	last := format.LogDocument(blocks - 1)
	var steps []finishing
	for first := int64(1); first <= last; first += indexedDocuments {
		steps = append(steps, finishing{fmt.Sprint("log_text.", first), func(ctx context.Context) error {
			return w.indexLogs(ctx, first, min(first+indexedDocuments-1, last))
		}})
	}
	return steps, nil
}

// indexLogs indexes the documents from first to last.
func (w *Writer) indexLogs(ctx context.Context, first, last int64) error {
	tx, err := w.begin(ctx)
	if err != nil {
		return err
	}
	unpacker, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer unpacker.Close()
	for d := first; d <= last && err == nil; d++ {
		if err = ctx.Err(); err == nil {
			err = indexDocument(ctx, tx, unpacker, d)
		}
	}
	if err != nil {
		return unwritable(w.path, err)
	}
	return nil
}

func indexDocument(ctx context.Context, tx *sql.Tx, unpacker *zstd.Decoder, d int64) error {
	low, high := (d-1)*format.LogBlocks+1, d*format.LogBlocks
	// The block before the first one is read too, for what lies across their border.
	rows, err := tx.QueryContext(ctx, "select id, run_id, attempt, text from log where id between ? and ? order by id", low-1, high)
	if err != nil {
		return err
	}
	defer rows.Close()
	var text []byte
	var before struct{ run, attempt int64 }
	for rows.Next() {
		var id, run, attempt int64
		var packed sql.RawBytes
		if err := rows.Scan(&id, &run, &attempt, &packed); err != nil {
			return err
		}
		if id == low && (run != before.run || attempt != before.attempt) {
			text = text[:0] // of another log
		}
		if text, err = unpacker.DecodeAll(packed, text); err != nil {
			return err
		}
		if id < low {
			text = text[max(0, len(text)-format.LogOverlap):]
		}
		before.run, before.attempt = run, attempt
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "insert into log_text (rowid, text) values (?, ?)", d, indexable(text))
	return err
}

// indexable makes a text of what may be any bytes. The index would end at a zero.
func indexable(text []byte) string {
	return strings.ReplaceAll(strings.ToValidUTF8(string(text), "\uFFFD"), "\x00", " ")
}
