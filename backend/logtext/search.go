package logtext

import (
	"bytes"
	"context"
	"math/bits"
	"sync"
	"unicode/utf8"
)

// Search finds the rows of a text that hold something, ignoring case. It goes on where it stopped when the text has grown.
type Search struct {
	text   *Text
	wanted []byte

	running sync.Mutex
	mu      sync.RWMutex
	hits    []uint64 // a bit a row
	found   int
	scanned int // rows
}

// Search prepares to look for a text, as it is read without escape sequences.
func (t *Text) Search(wanted string) *Search {
	return &Search{text: t, wanted: bytes.ToLower([]byte(wanted))}
}

// Run looks through what is there and hasn't been looked at. The last row is left out while it may still grow, unless ended.
func (s *Search) Run(ctx context.Context, ended bool) error {
	s.running.Lock()
	defer s.running.Unlock()
	end := s.text.finished(ended)
	s.mu.RLock()
	scanned := s.scanned
	s.mu.RUnlock()
	if scanned >= end || len(s.wanted) == 0 {
		return nil
	}
	var held, line []byte // a row waits for the next one, which may go on with its line
	heldRow := -1
	// The last row that was looked at is looked at again: its line may have gone on.
	err := s.text.each(max(0, scanned-1), func(m mark, number int, text []byte) bool {
		if number >= end {
			return false
		}
		line = lower(line[:0], text)
		if heldRow >= 0 {
			if m.continues {
				held = append(held, line[:min(len(line), len(s.wanted)-1)]...)
			}
			s.take(heldRow, bytes.Contains(held, s.wanted))
		}
		held, heldRow = append(held[:0], line...), number
		return number%1024 != 0 || ctx.Err() == nil
	})
	if heldRow >= 0 && ctx.Err() == nil {
		s.take(heldRow, bytes.Contains(held, s.wanted))
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

func (s *Search) take(row int, hit bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scanned = row + 1
	if !hit {
		return
	}
	for row/64 >= len(s.hits) {
		s.hits = append(s.hits, 0)
	}
	if bit := uint64(1) << (row % 64); s.hits[row/64]&bit == 0 {
		s.hits[row/64] |= bit
		s.found++
	}
}

// State tells how many rows were found, and how many were looked at.
func (s *Search) State() (found, scanned int) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.found, s.scanned
}

// Next gives the first find at or behind a row; with back, at or before it. Place is the how-manieth it is, from 1.
func (s *Search) Next(row int, back bool) (hit, place int, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if back {
		hit, ok = s.before(row)
	} else {
		hit, ok = s.after(row)
	}
	if !ok {
		return 0, 0, false
	}
	for _, word := range s.hits[:hit/64] {
		place += bits.OnesCount64(word)
	}
	return hit, place + bits.OnesCount64(s.hits[hit/64]<<(63-hit%64)), true
}

func (s *Search) after(row int) (int, bool) {
	row = max(0, row)
	for word := row / 64; word < len(s.hits); word++ {
		left := s.hits[word]
		if word == row/64 {
			left &= ^uint64(0) << (row % 64)
		}
		if left != 0 {
			return word*64 + bits.TrailingZeros64(left), true
		}
	}
	return 0, false
}

func (s *Search) before(row int) (int, bool) {
	if row < 0 {
		return 0, false
	}
	row = min(row, len(s.hits)*64-1)
	for word := row / 64; word >= 0 && row >= 0; word-- {
		left := s.hits[word]
		if word == row/64 {
			left &= ^uint64(0) >> (63 - row%64)
		}
		if left != 0 {
			return word*64 + 63 - bits.LeadingZeros64(left), true
		}
	}
	return 0, false
}

// finished is how many rows are there that can't change.
func (t *Text) finished(ended bool) int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if ended {
		return t.count()
	}
	return t.rows
}

// lower appends a row in lower case and without escape sequences to dst.
func lower(dst, row []byte) []byte {
	dst = plain(dst, row)
	for i, b := range dst {
		if b >= utf8.RuneSelf {
			return bytes.ToLower(dst)
		}
		if 'A' <= b && b <= 'Z' {
			dst[i] = b + 'a' - 'A'
		}
	}
	return dst
}
