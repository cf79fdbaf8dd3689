package archive

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

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
// file, several stretches at a time; a context ends it early.
func (a *Archive) Verify(ctx context.Context, told Progress) (Verdict, error) {
	v := Verdict{Intact: true}
	check := checking{Archive: a, told: told}
	for _, n := range a.facts.Rows {
		check.of += max(n, 0)
	}
	parts := format.Parts(a.version)
	changes := make([]*Change, len(parts)+1)
	group := errgroup.Group{}
	group.SetLimit(checksAtOnce)
	group.Go(func() error {
		if err := a.verifyIndexes(ctx); err != nil {
			changes[len(parts)] = &Change{Part: "indexes", Why: "changed"}
		}
		return nil
	})
	for i, part := range slices.Backward(parts) { // the longest come last
		group.Go(func() error {
			var err error
			if changes[i], err = check.part(ctx, part); err != nil {
				changes[i] = &Change{Part: part.Name, Why: "unreadable"}
			}
			return nil
		})
	}
	_ = group.Wait() // none gives an error
	if ctx.Err() != nil {
		return v, a.explain(ctx.Err())
	}
	v.Rows = check.done
	for _, change := range changes {
		if change != nil {
			v.Intact, v.Changed = false, append(v.Changed, *change)
		}
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
