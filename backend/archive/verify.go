package archive

import (
	"bytes"
	"context"
	"errors"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
)

// Verdict is what a verification found.
type Verdict struct {
	Intact     bool
	Changed    []Change // what is not as it was written
	Rows       int64    // that were looked at
	Signatures []Signature
	Chain      *console.AuditVerdict // nil where the archive has no chain
}

// Change is a part that is not as it was written.
type Change struct {
	Part string
	// FirstRow and LastRow bound where the first difference is, counted from 1; 0 where the whole part can't be read.
	FirstRow, LastRow int64
	Why               string // changed, missing, unreadable
}

// Progress is told of how many rows of how many have been looked at.
type Progress func(done, of int64)

// Verify looks whether every row is as it was written, who signed it, and whether the audit's chain fits. It reads the whole
// file; a context ends it early.
func (a *Archive) Verify(ctx context.Context, told Progress) (Verdict, error) {
	v := Verdict{Intact: true}
	var of int64
	for _, n := range a.facts.Rows {
		of += max(n, 0)
	}
	for _, part := range format.Parts(a.version) {
		change, err := a.verifyPart(ctx, part, func(rows int64) {
			v.Rows += rows
			told(v.Rows, max(of, v.Rows))
		})
		if ctx.Err() != nil {
			return v, a.explain(ctx.Err())
		}
		if err != nil {
			change = &Change{Part: part.Name, Why: "unreadable"}
		}
		if change != nil {
			v.Intact, v.Changed = false, append(v.Changed, *change)
		}
	}
	if err := a.verifyIndexes(ctx); err != nil {
		if ctx.Err() != nil {
			return v, a.explain(ctx.Err())
		}
		v.Intact, v.Changed = false, append(v.Changed, Change{Part: "indexes", Why: "changed"})
	}
	var err error
	if v.Signatures, err = a.Signatures(ctx); err != nil {
		return v, err
	}
	if a.facts.Rows["chain"] > 0 {
		chain, err := a.VerifyChain(ctx)
		if err != nil {
			return v, err
		}
		v.Chain = &chain
	}
	return v, nil
}

// verifyPart compares a part's rows with its digests, and gives the first stretch that differs.
func (a *Archive) verifyPart(ctx context.Context, part format.Part, read func(rows int64)) (*Change, error) {
	want, err := format.Segments(ctx, a.db, part)
	if err != nil {
		return nil, err
	}
	var rowsWanted int64
	var digestWanted []byte
	if err := a.db.QueryRowContext(ctx, "select rows, digest from part where name = ?", part.Name).Scan(&rowsWanted, &digestWanted); err != nil {
		return nil, err
	}
	digester := format.NewDigester()
	var change *Change
	compare := func(s *format.Segment) {
		if s == nil || change != nil {
			return
		}
		if s.Number >= len(want) || want[s.Number].Rows != s.Rows || !bytes.Equal(want[s.Number].Digest, s.Digest) {
			first := int64(s.Number)*format.SegmentRows + 1
			change = &Change{Part: part.Name, FirstRow: first, LastRow: first + int64(s.Rows) - 1, Why: "changed"}
		}
	}
	rows, err := a.db.QueryContext(ctx, part.SelectSQL())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	reader := format.NewRowReader(part)
	fresh := int64(0)
	for rows.Next() {
		values, err := reader.Read(rows, a.words.texts)
		if err != nil {
			return nil, err
		}
		segment, err := digester.Add(values...)
		if err != nil {
			return nil, err
		}
		if fresh++; segment != nil {
			compare(segment)
			read(fresh)
			fresh = 0
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	last, total, digest := digester.Finish()
	compare(last)
	read(fresh)
	if change == nil && (total != rowsWanted || !bytes.Equal(digest, digestWanted)) {
		change = &Change{Part: part.Name, FirstRow: total + 1, LastRow: rowsWanted, Why: "missing"}
	}
	return change, nil
}

var errIndexes = errors.New("indexes and tables don't agree")

// verifyIndexes looks whether the indexes lead to the rows, all of them.
func (a *Archive) verifyIndexes(ctx context.Context) error {
	var answer string
	if err := a.db.QueryRowContext(ctx, "pragma integrity_check(1)").Scan(&answer); err != nil {
		return err
	}
	if answer != "ok" {
		return errIndexes
	}
	return nil
}
