package archive

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// MaxBlock is the most bytes that one block of a log may have when it is unpacked.
const MaxBlock = 4 << 20

// block is a stretch of a log as it is stored.
type block struct {
	id, last int64
	size     int64
	chunks   string
	text     []byte
}

// LogPart gives the next part of a log that the archive holds.
func (m moment) LogPart(ctx context.Context, run scheduler.RunID, attempt int, after int64, maxBytes int) (console.LogPart, error) {
	of, err := m.Run(ctx, run)
	if err != nil {
		return console.LogPart{}, err
	}
	part := console.LogPart{State: of.State, RunAttempt: of.Attempt, RunVersion: of.Version}
	part.Chunks, part.More, err = m.chunks(ctx, run, attempt, after, maxBytes)
	return part, err
}

func (m moment) chunks(ctx context.Context, run scheduler.RunID, attempt int, after int64, maxBytes int) ([]console.LogChunk, bool, error) {
	values := args{"run": int64(run), "attempt": attempt, "after": after}
	blocks, err := collect(ctx, m.Archive, "log_blocks", nil, values, func(rows *sql.Rows) (b block, err error) {
		err = rows.Scan(&b.id, &b.last, &b.size, &b.chunks, &b.text)
		return b, err
	})
	if err != nil || len(blocks) == 0 {
		return nil, false, err
	}
	all, err := blocks[0].unpack()
	if err != nil {
		return nil, false, m.explain(err)
	}
	var chunks []console.LogChunk
	total := 0
	for _, c := range all {
		if c.Seq <= after {
			continue
		}
		if m.past && c.At.After(m.at) {
			return chunks, false, nil
		}
		if total += len(c.Data); total > maxBytes && len(chunks) > 0 {
			return chunks, true, nil
		}
		chunks = append(chunks, c)
	}
	return chunks, len(blocks) > 1, nil
}

var errBlock = errors.New("a log does not have the size that it should")

// unpacker is shared: it keeps nothing of what it unpacks.
var unpacker = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(MaxBlock+1))
})

// unpacked gives a block's text. A block that says it is small and unpacks to much is a bomb.
func (b block) unpacked() ([]byte, error) {
	if b.size < 0 || b.size > MaxBlock {
		return nil, errBlock
	}
	decoder, err := unpacker()
	if err != nil {
		return nil, err
	}
	text, err := decoder.DecodeAll(b.text, make([]byte, 0, b.size))
	if err == nil && int64(len(text)) != b.size {
		err = errBlock
	}
	return text, err
}

// unpack gives a block's chunks.
func (b block) unpack() ([]console.LogChunk, error) {
	text, err := b.unpacked()
	if err != nil {
		return nil, err
	}
	return b.split(text)
}

// until gives what of a block's text had been written by a moment.
func (b block) until(text []byte, at time.Time) ([]byte, error) {
	chunks, err := b.split(text)
	n := 0
	for _, c := range chunks {
		if c.At.After(at) {
			break
		}
		n += len(c.Data)
	}
	return text[:n], err
}

// split cuts a block's text into its chunks.
func (b block) split(text []byte) ([]console.LogChunk, error) {
	var marks [][4]json.RawMessage
	if err := json.Unmarshal([]byte(b.chunks), &marks); err != nil {
		return nil, err
	}
	chunks := make([]console.LogChunk, len(marks))
	for i, mark := range marks {
		var at, length int64
		c := &chunks[i]
		err := errors.Join(json.Unmarshal(mark[0], &c.Seq), json.Unmarshal(mark[1], &at), json.Unmarshal(mark[2], &c.Stream), json.Unmarshal(mark[3], &length))
		if err != nil {
			return nil, err
		}
		if length < 0 || length > int64(len(text)) {
			return nil, errBlock
		}
		c.At, c.Data, text = timeOf(at), text[:length:length], text[length:]
	}
	if len(text) > 0 {
		return nil, errBlock
	}
	return chunks, nil
}
