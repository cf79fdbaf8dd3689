package worker

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	flushEvery = 500 * time.Millisecond
	flushBytes = 64 << 10 // also the largest chunk
	// maxPending bounds what waits for PostgreSQL; beyond it the command waits, as before a slow terminal.
	maxPending = 1 << 20
	// tailBytes is what is kept for the summary.
	tailBytes = 8 << 10
)

// output keeps a run's stdout and stderr in the database, in the order in which they came.
type output struct {
	store   *store.Store
	attempt store.Attempt

	full  chan struct{} // holds a token when there is enough for a flush
	ended chan struct{} // closed when the command has written its last
	done  chan error

	mu      sync.Mutex
	room    *sync.Cond
	pending []store.LogPiece
	size    int
	seq     int64
	last    []byte
	lost    bool // nothing is kept any more: writing failed for good
	limit   int64
	kept    int64
	dropped int64 // what came after the limit, but for the tail
}

// newOutput starts the goroutine that flushes. close ends it; the end of ctx ends its patience with PostgreSQL.
func newOutput(ctx context.Context, s *store.Store, attempt store.Attempt, limit int64) *output {
	o := &output{
		store: s, attempt: attempt, limit: limit,
		full: make(chan struct{}, 1), ended: make(chan struct{}), done: make(chan error, 1),
	}
	o.room = sync.NewCond(&o.mu)
	go o.keepFlushing(ctx)
	return o
}

// close flushes the rest and waits for it. Nothing may be written any more.
func (o *output) close() error {
	o.tellDropped()
	close(o.ended)
	return <-o.done
}

// tellDropped ends a log that was cut with what is known of the rest.
func (o *output) tellDropped() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.dropped == 0 || o.lost {
		return
	}
	tail := o.last[max(0, len(o.last)-int(min(o.dropped, tailBytes))):]
	o.dropped -= int64(len(tail))
	o.push("stderr", fmt.Appendf(nil, "\n[%d bytes of output are not kept: a run may log %d bytes. The last %d bytes follow.]\n%s",
		o.dropped, o.limit, len(tail), tail))
}

// tail is the end of what was written.
func (o *output) tail() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.last)
}

// stream is the writer of one of the two streams.
func (o *output) stream(name string) io.Writer { return streamWriter{o, name} }

type streamWriter struct {
	output *output
	name   string
}

func (w streamWriter) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), flushBytes)
		w.output.add(w.name, rest[:n])
		rest = rest[n:]
	}
	return len(p), nil
}

// add waits while too much is pending. Output of one stream that comes in small pieces makes one chunk.
func (o *output) add(stream string, p []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = append(o.last, p...)
	o.last = o.last[max(0, len(o.last)-tailBytes):]
	if room := o.limit - o.kept; int64(len(p)) > room { // and so the command is never held up for what nobody will read
		o.dropped += int64(len(p)) - room
		p = p[:room]
	}
	o.kept += int64(len(p))
	for o.size >= maxPending && !o.lost {
		o.room.Wait()
	}
	if o.lost || len(p) == 0 {
		return
	}
	o.push(stream, p)
}

// push appends to what waits for the next flush.
func (o *output) push(stream string, p []byte) {
	if n := len(o.pending); n > 0 && o.pending[n-1].Stream == stream && len(o.pending[n-1].Chunk)+len(p) <= flushBytes {
		o.pending[n-1].Chunk = append(o.pending[n-1].Chunk, p...)
	} else {
		o.seq++
		o.pending = append(o.pending, store.LogPiece{Seq: o.seq, At: time.Now(), Stream: stream, Chunk: slices.Clone(p)})
	}
	o.size += len(p)
	if o.size >= flushBytes {
		select {
		case o.full <- struct{}{}:
		default:
		}
	}
}

func (o *output) keepFlushing(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	var failed error
	for {
		select {
		case <-tick.C:
		case <-o.full:
		case <-o.ended:
			if failed == nil {
				failed = o.flush(ctx)
			}
			o.done <- failed
			return
		}
		if failed == nil {
			failed = o.flush(ctx)
		}
	}
}

func (o *output) flush(ctx context.Context) error {
	o.mu.Lock()
	pieces, size := o.pending, 0
	o.pending = nil
	o.mu.Unlock()
	if len(pieces) == 0 {
		return nil
	}
	for _, piece := range pieces {
		size += len(piece.Chunk)
	}
	err := persist(ctx, func(ctx context.Context) error { return o.store.AppendLog(ctx, o.attempt, pieces) })
	o.mu.Lock()
	defer o.mu.Unlock()
	o.size -= size
	o.lost = err != nil
	o.room.Broadcast()
	return err
}
