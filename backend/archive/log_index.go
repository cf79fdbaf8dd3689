package archive

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/console"
)

// logPlan finds runs by the index of the logs' texts.
type logPlan struct {
	match     string
	low, high int64 // documents of the index
}

func (p logPlan) into(values args) {
	values["log_match"], values["low_doc"], values["high_doc"], values["blocks"] = p.match, p.low, p.high, int64(format.LogBlocks)
}

// fewDocuments is how many documents are looked into for what else a filter asks. Of more, the other conditions leave fewer runs.
const fewDocuments = 2000

// planLogs tells how a text in logs is found by the index; nil where it is not: there is no index, the text is too short for it, or
// so many logs may have it that what else is asked for finds runs sooner.
func (m moment) planLogs(ctx context.Context, f console.RunFilter, r reach) (*logPlan, error) {
	match := trigrams(f.LogText)
	if m.version < 2 || !m.facts.LogIndex || match == "" {
		return nil, nil
	}
	first, err := m.blockOf(ctx, r.low)
	if err != nil {
		return nil, err
	}
	next, err := m.blockOf(ctx, r.high+1)
	if err != nil {
		return nil, err
	}
	plan := &logPlan{match, format.LogDocument(first), format.LogDocument(next - 1)}
	other := f
	other.LogText = ""
	if onlyByTime(other) {
		return plan, nil
	}
	values := args{"page": fewDocuments + 1}
	plan.into(values)
	n, err := collect(ctx, m.Archive, "log_documents", nil, values, scanCount)
	if err != nil || n[0] > fewDocuments {
		return nil, err
	}
	return plan, nil
}

// blockOf gives the first block of logs that belongs to the run at a place or behind it, found by halving: logs stand in the order
// of the list.
func (a *Archive) blockOf(ctx context.Context, n int64) (int64, error) {
	low, high := int64(1), a.lastLog+1
	for low < high {
		middle := low + (high-low)/2
		place, err := collect(ctx, a, "log_place", nil, args{"id": middle}, scanCount)
		if err != nil {
			return 0, err
		}
		if len(place) == 0 {
			return 0, a.explain(errHole)
		}
		if place[0] < n {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, nil
}

var errEnough = errors.New("enough")

// pageByLog gives up to some runs, one document of the index after the other.
func (m moment) pageByLog(ctx context.Context, q runQuery, values args, size int) ([]placed, error) {
	var found, document []placed
	var at int64
	newestFirst := func(a, b placed) int { return cmp.Compare(b.n, a.n) }
	close := func() {
		found = append(found, document...)
		slices.SortFunc(found, newestFirst)
		found = slices.CompactFunc(found, func(a, b placed) bool { return a.n == b.n }) // a run's log may reach into the next document
		document = nil
	}
	err := m.each(ctx, "runs_by_log", q, values, func(rows *sql.Rows) error {
		var d int64
		p, err := m.scanPlaced(rows, &d)
		if err != nil {
			return err
		}
		if d != at {
			if close(); len(found) >= size {
				return errEnough
			}
		}
		at, document = d, append(document, p)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, err
	}
	close()
	if len(found) <= size {
		return found, nil
	}
	if q.Order == "asc" {
		return found[len(found)-size:], nil
	}
	return found[:size], nil
}
