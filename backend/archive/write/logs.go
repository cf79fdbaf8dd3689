package write

import (
	"context"
	"encoding/json"

	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/history"
)

// blockSize is how much of a log is compressed together. A chunk that is larger is a block by itself.
const blockSize = 256 << 10

// logBlock gathers the chunks of one attempt's log.
type logBlock struct {
	run, attempt, last int64
	marks              []any
	text               []byte
	encoder            *zstd.Encoder
}

// addLogs adds whole logs, chunks by run and attempt.
func (w *Writer) addLogs(ctx context.Context, chunks []history.LogChunk) error {
	var b logBlock
	for _, c := range chunks {
		if err := w.addChunk(ctx, &b, c); err != nil {
			return err
		}
	}
	return w.addBlock(ctx, &b)
}

func (w *Writer) addChunk(ctx context.Context, b *logBlock, c history.LogChunk) error {
	other := b.run != int64(c.Run) || b.attempt != int64(c.Attempt)
	if len(b.marks) > 0 && (other || len(b.text)+len(c.Data) > blockSize) {
		if err := w.addBlock(ctx, b); err != nil {
			return err
		}
	}
	b.run, b.attempt, b.last = int64(c.Run), int64(c.Attempt), c.Seq
	b.marks = append(b.marks, []any{c.Seq, c.At.UnixMicro(), c.Stream, len(c.Data)})
	b.text = append(b.text, c.Data...)
	return nil
}

// addBlock adds what was gathered.
func (w *Writer) addBlock(ctx context.Context, b *logBlock) error {
	if len(b.marks) == 0 {
		return nil
	}
	if b.encoder == nil {
		encoder, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		b.encoder = encoder
	}
	marks, err := json.Marshal(b.marks)
	if err != nil {
		return err
	}
	id, err := w.next(ctx, format.Log)
	if err != nil {
		return err
	}
	packed := b.encoder.EncodeAll(b.text, nil)
	err = w.Add(ctx, format.Log, id, b.run, b.attempt, b.last, int64(len(b.text)), string(marks), packed)
	b.marks, b.text = nil, b.text[:0]
	return err
}
