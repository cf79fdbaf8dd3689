package archive

import (
	"bytes"
	"context"
	"math"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// checksAtOnce is how many stretches are checked at a time. One connection is left to the screens.
var checksAtOnce = min(runtime.GOMAXPROCS(0), format.Connections-1)

// stretchSegments is how many segments are read by one statement where a part is read in stretches.
const stretchSegments = 10

// checking is a verification that is under way.
type checking struct {
	*Archive
	told Progress
	of   int64

	mu   sync.Mutex
	done int64
}

func (c *checking) read(rows int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += rows
	c.told(c.done, max(c.of, c.done))
}

// part compares a part's rows with its digests, and gives the first stretch that differs.
func (c *checking) part(ctx context.Context, part format.Part) (*Change, error) {
	want, err := format.Segments(ctx, c.db, part)
	if err != nil {
		return nil, err
	}
	var rowsWanted int64
	var digestWanted []byte
	if err := c.db.QueryRowContext(ctx, "select rows, digest from part where name = ?", part.Name).Scan(&rowsWanted, &digestWanted); err != nil {
		return nil, err
	}
	got, err := c.segments(ctx, part, len(want))
	if err != nil {
		return nil, err
	}
	for i, s := range got {
		if i >= len(want) || want[i].Number != i || want[i].Rows != s.Rows || !bytes.Equal(want[i].Digest, s.Digest) {
			first := int64(i)*format.SegmentRows + 1
			return &Change{Part: part.Name, FirstRow: first, LastRow: first + int64(s.Rows) - 1, Why: "changed"}, nil
		}
	}
	_, total, digest := format.Continue(got).Finish()
	if total != rowsWanted || !bytes.Equal(digest, digestWanted) {
		return &Change{Part: part.Name, FirstRow: total + 1, LastRow: rowsWanted, Why: "missing"}, nil
	}
	return nil, nil
}

// segments digests a part's rows: those of a long and numbered one in stretches at the same time. A row that is not where its number
// says makes its segment another one.
func (c *checking) segments(ctx context.Context, part format.Part, expected int) ([]format.Segment, error) {
	if !part.Numbered || expected <= stretchSegments {
		return c.digest(ctx, part, part.SelectSQL())
	}
	n := (expected + stretchSegments - 1) / stretchSegments
	stretches := make([][]format.Segment, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(checksAtOnce)
	for i := range n {
		low, high := int64(i)*stretchSegments*format.SegmentRows, int64(i+1)*stretchSegments*format.SegmentRows
		if i == 0 {
			low = math.MinInt64
		}
		if i == n-1 {
			high = math.MaxInt64
		}
		group.Go(func() (err error) {
			stretches[i], err = c.digest(ctx, part, part.SelectRangeSQL(), low, high)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var all []format.Segment
	for _, s := range stretches {
		all = append(all, s...)
	}
	return all, nil
}

// digest digests the rows of a statement.
func (c *checking) digest(ctx context.Context, part format.Part, text string, args ...any) (segments []format.Segment, err error) {
	rows, err := c.db.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	digester, reader := format.NewDigester(), format.NewRowReader(part)
	told := int64(0)
	add := func(s *format.Segment) {
		if s != nil {
			segments = append(segments, *s)
			c.read(digester.Rows() - told)
			told = digester.Rows()
		}
	}
	for rows.Next() {
		values, err := reader.Read(rows, c.words.texts)
		if err != nil {
			return nil, err
		}
		segment, err := digester.Add(values...)
		if err != nil {
			return nil, err
		}
		add(segment)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	last, _, _ := digester.Finish()
	add(last)
	return segments, nil
}
