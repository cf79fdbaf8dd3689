package desktop

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/logtext"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxOpenLogs is how many logs may be open at once; the one that was opened first is closed for another.
const maxOpenLogs = 8

// openLogs are the logs that the page looks at.
type openLogs struct {
	limit int64 // of the bytes that are kept of one; 0 = logtext's own

	mu  sync.Mutex
	all []*openLog
}

// openLog is a log that is read into a copy.
type openLog struct {
	token  string
	reader *console.LogReader
	text   *logtext.Text
	owner  *opened
	life   context.Context
	end    context.CancelFunc
	uses   sync.WaitGroup // reading, searching and bound calls; the copy is deleted after them

	mu       sync.Mutex
	reading  bool
	ended    bool
	full     bool
	version  int // of the run, when its log was last read
	at       int64
	turn     int
	expected int64
	failure  error
	search   *logSearch // nil = nothing is looked for
}

// open begins to read. The log's life ends with the environment's or with close.
func (x *openLogs) open(ctx context.Context, o *opened, run scheduler.RunID, attempt int) (*openLog, error) {
	life, end := context.WithCancel(o.life)
	stop := context.AfterFunc(ctx, end) // until it is open, it may take no longer than the call
	reader, err := o.Console.OpenLog(life, run, attempt)
	if stopped := stop(); err != nil || !stopped {
		end()
		return nil, errors.Join(err, ctx.Err())
	}
	text, err := logtext.New(x.limit)
	if err != nil {
		end()
		return nil, errors.Join(err, reader.Close())
	}
	log := &openLog{token: rand.Text(), reader: reader, text: text, owner: o, life: life, end: end, turn: 1, expected: reader.Size}
	log.readOn(false)
	x.mu.Lock()
	x.all = append(x.all, log)
	var oldest *openLog
	if len(x.all) > maxOpenLogs {
		oldest, x.all = x.all[0], x.all[1:]
	}
	x.mu.Unlock()
	return log, oldest.close()
}

// borrow gives a log, which isn't closed before uses.Done; nil = it isn't open.
func (x *openLogs) borrow(token string) *openLog {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, log := range x.all {
		if log.token == token {
			log.uses.Add(1)
			return log
		}
	}
	return nil
}

func (x *openLogs) close(token string) error {
	return x.closeWhere(func(log *openLog) bool { return log.token == token })
}

// closeOf closes the logs of an environment that is about to close.
func (x *openLogs) closeOf(o *opened) error {
	return x.closeWhere(func(log *openLog) bool { return log.owner.key == o.key })
}

func (x *openLogs) closeWhere(which func(*openLog) bool) error {
	x.mu.Lock()
	var gone, kept []*openLog
	for _, log := range x.all {
		if which(log) {
			gone = append(gone, log)
		} else {
			kept = append(kept, log)
		}
	}
	x.all = kept
	x.mu.Unlock()
	var all []error
	for _, log := range gone {
		all = append(all, log.close())
	}
	return errors.Join(all...)
}

// close ends what goes on with the log, waits for it, and deletes the copy.
func (l *openLog) close() error {
	if l == nil {
		return nil
	}
	l.end()
	l.uses.Wait()
	return errors.Join(l.reader.Close(), l.text.Close())
}

// readOn reads what is there, unless that is under way or nothing more can come. What failed in the database is tried again,
// because it answers again some time; elsewhere the operator decides.
func (l *openLog) readOn(again bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if again {
		l.failure = nil
	}
	may := l.failure == nil || l.reader.Place.Kind == console.LogInDatabase
	if l.reading || l.ended || l.full || !may || l.life.Err() != nil {
		return
	}
	l.reading = true
	l.uses.Add(1)
	l.owner.uses.Go(func() {
		defer l.uses.Done()
		l.note(l.read())
	})
}

func (l *openLog) read() (ended bool, err error) {
	for {
		page, err := l.reader.Next(l.life) // what came before a failure is worth showing
		if err := l.saw(page); err != nil {
			return false, err
		}
		pieces := make([]logtext.Piece, len(page.Chunks))
		for i, c := range page.Chunks {
			pieces[i] = logtext.Piece{At: c.At, Stream: c.Stream, Data: c.Data}
		}
		if err := errors.Join(err, l.text.Append(pieces...)); err != nil {
			return false, err
		}
		if page.Ended {
			return true, l.text.End()
		}
		if !page.More {
			return false, nil
		}
	}
}

// saw takes from a page what it says of the log and its run. Of a log that is begun anew nothing stays of what was there, and no search.
func (l *openLog) saw(page console.LogPage) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version, l.at = max(l.version, page.Version), max(l.at, page.Next)
	if page.Size > 0 {
		l.expected = page.Size
	}
	if !page.Anew {
		return nil
	}
	l.at, l.turn = page.Next, l.turn+1
	if l.search != nil {
		l.search.end()
		l.search = nil
	}
	return l.text.Drop()
}

func (l *openLog) note(ended bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading, l.ended, l.failure = false, ended, err
	if errors.Is(err, logtext.ErrFull) {
		l.full, l.failure = true, nil
	}
}

func (l *openLog) state() LogState {
	l.mu.Lock()
	defer l.mu.Unlock()
	rows, lines, size := l.text.Size()
	place := l.reader.Place
	return LogState{
		Token: l.token, Source: string(place.Kind), Ref: place.Ref, Rows: float64(rows), Lines: float64(lines), Bytes: float64(size),
		Expected: float64(l.expected), Reading: l.reading, Ended: l.ended, Full: l.full, At: float64(l.at), Turn: l.turn,
		Version: l.version, Error: wireOptional(l.failure),
	}
}
