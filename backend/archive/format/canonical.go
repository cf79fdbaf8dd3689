package format

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
)

// Digester makes the digests of a part from its rows, a segment after the other.
type Digester struct {
	hash   hash.Hash
	row    []byte
	rows   int // of the segment
	total  int64
	number int
	whole  hash.Hash // over the segments' digests
}

// Segment is the digest of up to SegmentRows rows.
type Segment struct {
	Number int
	Rows   int
	Digest []byte
}

// NewDigester begins a part.
func NewDigester() *Digester { return &Digester{hash: sha256.New(), whole: sha256.New()} }

// Continue goes on behind segments that are complete.
func Continue(segments []Segment) *Digester {
	d := NewDigester()
	for _, s := range segments {
		d.whole.Write(s.Digest)
		d.total += int64(s.Rows)
		d.number++
	}
	return d
}

// Add takes a row: numbers as int64 or float64, texts as string, blobs as []byte, null as nil. It gives a segment when the
// row completes one.
func (d *Digester) Add(values ...any) (*Segment, error) {
	row := append(d.row[:0], 'R')
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			row = append(row, 'n')
		case int64:
			row = binary.BigEndian.AppendUint64(append(row, 'i'), uint64(v)) //nolint:gosec // the bits, whatever the sign
		case float64:
			row = binary.BigEndian.AppendUint64(append(row, 'r'), math.Float64bits(v))
		case string:
			row = binary.BigEndian.AppendUint32(append(row, 't'), uint32(len(v))) //nolint:gosec // no value is longer than MaxValue
			row = append(row, v...)
		case []byte:
			row = binary.BigEndian.AppendUint32(append(row, 'b'), uint32(len(v))) //nolint:gosec // no value is longer than MaxValue
			row = append(row, v...)
		default:
			return nil, fmt.Errorf("an archive has no values of type %T", v)
		}
	}
	d.row = row
	d.hash.Write(row)
	d.rows++
	d.total++
	if d.rows < SegmentRows {
		return nil, nil
	}
	return d.close(), nil
}

func (d *Digester) close() *Segment {
	s := &Segment{Number: d.number, Rows: d.rows, Digest: d.hash.Sum(nil)}
	d.whole.Write(s.Digest)
	d.hash.Reset()
	d.rows, d.number = 0, d.number+1
	return s
}

// Finish gives the last segment, if it has rows, and the part's own digest.
func (d *Digester) Finish() (last *Segment, rows int64, digest []byte) {
	if d.rows > 0 {
		last = d.close()
	}
	return last, d.total, d.whole.Sum(nil)
}

// Rows is how many rows the part has so far.
func (d *Digester) Rows() int64 { return d.total }
