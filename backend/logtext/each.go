package logtext

import (
	"errors"
	"fmt"
	"io"
)

// readBytes is what is read of the file at once.
const readBytes = 256 << 10

// each calls do with the rows from row from on, until it returns false or the rows that are there now are over. The text is only
// do's for the call.
func (t *Text) each(from int, do func(m mark, number int, text []byte) bool) error {
	t.mu.RLock()
	size, number, m := t.size, t.rows, t.next
	if from < t.rows {
		number = from / stride * stride
		m = t.marks[from/stride]
	}
	t.mu.RUnlock()

	buffer := make([]byte, 0, readBytes+RowBytes)
	read := m.offset
	for {
		rest, err := t.fill(buffer, read, size)
		if err != nil {
			return err
		}
		if len(rest) == len(buffer) && read < size {
			return nil // dropped meanwhile
		}
		read += int64(len(rest) - len(buffer))
		for {
			length, next, endsLine, done := cutRow(rest)
			if last := !done && read == size; !done && !last || len(rest) == 0 {
				break
			}
			if number >= from && !do(m, number, rest[:length]) {
				return nil
			}
			m = m.after(rest[:length], next, endsLine)
			number++
			rest = rest[next:]
		}
		if read == size {
			return nil
		}
		buffer = buffer[:copy(buffer[:cap(buffer)], rest)]
	}
}

// fill reads on behind what the buffer holds.
func (t *Text) fill(buffer []byte, at, size int64) ([]byte, error) {
	room := buffer[len(buffer):cap(buffer)]
	n, err := t.file.ReadAt(room[:min(int64(len(room)), size-at)], at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading a kept log: %w", err)
	}
	return buffer[:len(buffer)+n], nil
}

// Plain gives n rows from row from on as they are read, without escape sequences, and whether it stopped at a number of bytes.
func (t *Text) Plain(from, n, most int) (text []byte, cut bool, err error) {
	first := true
	err = t.each(from, func(m mark, number int, row []byte) bool {
		if number-from >= n {
			return false
		}
		if !first && !m.continues {
			text = append(text, '\n')
		}
		first = false
		text = plain(text, row)
		cut = len(text) > most
		return !cut
	})
	return text[:min(len(text), most)], cut, err
}
