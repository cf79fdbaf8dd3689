package logtext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync"
	"time"
)

const (
	// stride is how many rows share an entry of the index.
	stride = 256
	// DefaultLimit is the most that is kept of a log.
	DefaultLimit = 512 << 20
	// maxSpans bounds what is remembered of when and by which stream a piece was written.
	maxSpans = 200_000
)

// ErrFull tells that a log is longer than what is kept of it.
var ErrFull = errors.New("the log is longer than what is kept of it")

// Piece is a part of a log as it was read.
type Piece struct {
	At     time.Time // zero = not known
	Stream string    // "stdout", "stderr" or "" = not known
	Data   []byte
}

// Row is a line of a log, or a part of a long one.
type Row struct {
	Number    int
	Line      int
	Continues bool   // it goes on with the line of the row above
	Style     string // the parameters of the SGR sequence that is in force where the row begins
	Text      []byte // with its escape sequences
	At        time.Time
	Stream    string
}

// mark is where a row begins, and what has to be known to go on from there.
type mark struct {
	offset    int64
	line      int
	continues bool
	style     string
}

// span is the begin of what was written by one stream at one time.
type span struct {
	offset int64
	at     time.Time
	stream string
}

// Text is a log that may still grow. One goroutine may append while others read.
type Text struct {
	file  *os.File
	limit int64

	mu    sync.RWMutex
	size  int64
	marks []mark // of every stride-th row
	next  mark   // of the last row, which may still grow
	tail  []byte // the last row's bytes
	rows  int    // without the last
	spans []span
	chars characters
}

// New makes an empty text that keeps at most limit bytes; 0 = DefaultLimit. Its copy lies in a file that only this account may
// read, and that is gone when the text is closed.
func New(limit int64) (*Text, error) {
	if limit <= 0 {
		limit = DefaultLimit
	}
	file, err := os.CreateTemp("", "opsdeck-log-") // for its owner alone
	if err != nil {
		return nil, fmt.Errorf("making room for a log: %w", err)
	}
	// Where an open file may be removed it goes at once, and a crash leaves nothing behind.
	_ = os.Remove(file.Name())
	return &Text{file: file, limit: limit, next: mark{line: 1}}, nil
}

// Close gives up the copy.
func (t *Text) Close() error {
	err := t.file.Close()
	if removed := os.Remove(t.file.Name()); removed != nil && !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return err
}

// Append adds pieces where the log ends. What doesn't fit is left out, and told as ErrFull.
func (t *Text) Append(pieces ...Piece) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []byte
	for _, p := range pieces {
		t.note(span{t.size + int64(len(all)), p.At, p.Stream})
		all = append(all, t.chars.push(p.Stream, p.Data)...)
	}
	return t.add(all)
}

// End tells that nothing more comes: a character that was cut off is shown as what is there of it.
func (t *Text) End() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.add(t.chars.end())
}

// Drop forgets everything, as when a log has to be read anew.
func (t *Text) Drop() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.size, t.marks, t.next, t.tail, t.rows, t.spans, t.chars = 0, nil, mark{line: 1}, nil, 0, nil, characters{}
	return t.file.Truncate(0)
}

func (t *Text) note(s span) {
	if last := len(t.spans) - 1; last >= 0 {
		before := t.spans[last]
		if before.stream == s.stream && s.at.Sub(before.at) < time.Second || len(t.spans) >= maxSpans {
			return
		}
	}
	t.spans = append(t.spans, s)
}

func (t *Text) add(data []byte) error {
	full := int64(len(data)) > t.limit-t.size
	if full {
		data = data[:t.limit-t.size]
	}
	if len(data) > 0 {
		if _, err := t.file.WriteAt(data, t.size); err != nil {
			return fmt.Errorf("keeping a log: %w", err)
		}
		t.size += int64(len(data))
		t.index(data)
	}
	if full {
		return ErrFull
	}
	return nil
}

func (t *Text) index(data []byte) {
	rest := append(t.tail, data...)
	for {
		length, next, endsLine, done := cutRow(rest)
		if !done {
			break
		}
		if t.rows%stride == 0 {
			t.marks = append(t.marks, t.next)
		}
		t.rows++
		t.next = t.next.after(rest[:length], next, endsLine)
		rest = rest[next:]
	}
	t.tail = bytes.Clone(rest)
}

// after is the mark of the row that follows one.
func (m mark) after(row []byte, next int, endsLine bool) mark {
	m.offset += int64(next)
	m.continues = !endsLine
	m.style = styleAfter(m.style, row)
	if endsLine {
		m.line++
	}
	return m
}

// Size tells how much of the log is there.
func (t *Text) Size() (rows, lines int, size int64) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.count(), t.lines(), t.size
}

func (t *Text) count() int {
	if len(t.tail) > 0 {
		return t.rows + 1
	}
	return t.rows
}

func (t *Text) lines() int {
	if len(t.tail) > 0 || t.next.continues {
		return t.next.line
	}
	return t.next.line - 1
}

// Rows gives up to n rows from row from on.
func (t *Text) Rows(from, n int) ([]Row, error) {
	var rows []Row
	err := t.each(from, func(m mark, number int, text []byte) bool {
		if len(rows) >= n {
			return false
		}
		at, stream := t.writtenAt(m.offset)
		rows = append(rows, Row{
			Number: number, Line: m.line, Continues: m.continues, Style: m.style, Text: bytes.Clone(text), At: at, Stream: stream,
		})
		return len(rows) < n
	})
	return rows, err
}

// RowOfLine gives the row in which a line begins; the last row for lines beyond the end.
func (t *Text) RowOfLine(line int) (int, error) {
	t.mu.RLock()
	at := sort.Search(len(t.marks), func(i int) bool {
		m := t.marks[i]
		return m.line > line || m.line == line && !m.continues
	})
	t.mu.RUnlock()
	found := 0
	err := t.each(max(0, at-1)*stride, func(m mark, number int, _ []byte) bool {
		if m.line > line {
			return false
		}
		if !m.continues || number == 0 {
			found = number
		}
		return m.line < line
	})
	return found, err
}

func (t *Text) writtenAt(offset int64) (time.Time, string) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	after := sort.Search(len(t.spans), func(i int) bool { return t.spans[i].offset > offset })
	if after == 0 {
		return time.Time{}, ""
	}
	return t.spans[after-1].at, t.spans[after-1].stream
}

// Reader reads everything that is there now.
func (t *Text) Reader() io.Reader {
	_, _, size := t.Size()
	return io.NewSectionReader(t.file, 0, size)
}
