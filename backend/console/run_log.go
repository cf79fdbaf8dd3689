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

// LogPart is the chunks that follow a place in a log, and what their run was at the same moment.
type LogPart struct {
	Chunks     []LogChunk
	More       bool // more may be there already
	State      scheduler.RunState
	RunAttempt int
	RunVersion int
}

// LogPage is the chunks that follow a place in a log. Whoever follows a run needs no other question: the run has changed
// when its version has.
type LogPage struct {
	Chunks  []LogChunk
	Next    int64 // the place after these chunks
	More    bool  // more is there already: ask again at once
	Ended   bool  // the attempt is over and this was the end
	Size    int64 // of the whole log, where its place tells it now; 0 = it doesn't
	Anew    bool  // these chunks begin the log again: it is another than what was read before
	Version int   // of the run
}

// MaxLogBytes is the most that one page of a log holds, so that a call over the bridge stays short.
const MaxLogBytes = 512 << 10

// RunLog gives the log of one attempt of a run after place after (0 = from the start).
func (c *Console) RunLog(ctx context.Context, id scheduler.RunID, attempt int, after int64) (LogPage, error) {
	part, err := c.ports.Logs.LogPart(ctx, id, attempt, after, MaxLogBytes)
	if err != nil {
		return LogPage{}, err
	}
	page := LogPage{Chunks: part.Chunks, Next: after, More: part.More, Version: part.RunVersion}
	if n := len(part.Chunks); n > 0 {
		page.Next = part.Chunks[n-1].Seq
	}
	page.Ended = !part.More && (part.State.Final() || attempt < part.RunAttempt)
	return page, nil
}
