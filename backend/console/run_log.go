package console

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LogChunk is a piece of a run's output as the node flushed it; it may end inside a line or a character.
type LogChunk struct {
	Seq    int64
	At     time.Time
	Stream string // "stdout" or "stderr"
	Data   []byte
}

// LogPage is the chunks that follow a place in a log.
type LogPage struct {
	Chunks []LogChunk
	Next   int64 // the place after these chunks
	More   bool  // more is there already: ask again at once
	Ended  bool  // the attempt is over and this was the end
}

// MaxLogBytes is the most that one page of a log holds, so that a call over the bridge stays short.
const MaxLogBytes = 512 << 10

// RunLog gives the log of one attempt of a run after place after (0 = from the start).
func (c *Console) RunLog(ctx context.Context, id scheduler.RunID, attempt int, after int64) (LogPage, error) {
	// The run is read first: a final state seen before the chunks means that no chunk can come after them.
	run, err := c.ports.Runs.Run(ctx, id)
	if err != nil {
		return LogPage{}, err
	}
	chunks, more, err := c.ports.Logs.LogChunks(ctx, id, attempt, after, MaxLogBytes)
	if err != nil {
		return LogPage{}, err
	}
	page := LogPage{Chunks: chunks, Next: after, More: more}
	if len(chunks) > 0 {
		page.Next = chunks[len(chunks)-1].Seq
	}
	page.Ended = !page.More && (run.State.Final() || attempt < run.Attempt)
	return page, nil
}
